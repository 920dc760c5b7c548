// SPDX-License-Identifier: MIT

import Diagnostics
import Glibc

/// One mark of an axis: where, and what is written there.
package struct Tick: Equatable, Sendable {
  /// Where the mark lies, in the axis' unit.
  package let value: Double
  /// What is written there.
  package let label: String
}

/// The multiples of 1, 2 or 5 times a power of ten within `low...high`, at most `maximumCount`.
///
/// The smallest such step that keeps the count is taken (Heckbert, "Nice Numbers for Graph
/// Labels", 1990). Labels share their places and unit.
package func linearTicks(from low: Double, to high: Double, maximumCount: Int) -> [Tick] {
  guard low.isFinite, high.isFinite, high > low, maximumCount > 0 else { return [] }
  let span = high - low
  // Beyond what powers of ten can count, the ends stand for all.
  guard (1e-280...1e300).contains(span) else {
    return (maximumCount > 1 ? [low, high] : [low]).map {
      Tick(value: $0, label: Numbers.text($0))
    }
  }
  var exponent = Int(floor(log10(span / Double(maximumCount)))) - 1
  while exponent < 300 {
    for factor in [1.0, 2, 5] {
      let numbers = multiples(factor, exponent, low: low, high: high, limit: maximumCount)
      if let numbers, numbers.count <= maximumCount {
        return labelled(numbers, exponent: exponent)
      }
    }
    exponent += 1
  }
  return []
}

/// The powers of ten within `low...high`, thinned to `maximumCount`; where there are fewer than three,
/// with as many of their multiples as fit, and where that leaves less than two, round numbers.
func logarithmicTicks(from low: Double, to high: Double, maximumCount: Int) -> [Tick] {
  guard low > 0, high.isFinite, high > low, maximumCount > 0 else { return [] }
  let first = Int((log10(low) - 1e-9).rounded(.up))
  let last = Int((log10(high) + 1e-9).rounded(.down))
  if last - first >= 2 || maximumCount < 3 && first <= last {
    let every = max(1, (last - first + maximumCount) / maximumCount)
    return stride(from: first, through: max(first, last), by: every).compactMap { power in
      let value = pow(10, Double(power))
      return value <= high * 1.000001 ? Tick(value: value, label: powerLabel(power)) : nil
    }
  }
  for factors in [[1.0, 2, 5], [1, 3], [1]] {
    let values = ((first - 1)...(last + 1)).flatMap { power in
      factors.map { $0 * pow(10, Double(power)) }
    }.filter { $0 >= low * 0.999999 && $0 <= high * 1.000001 }
    if (2...max(2, maximumCount)).contains(values.count) {
      return values.map { Tick(value: $0, label: Numbers.text($0)) }
    }
  }
  return linearTicks(from: low, to: high, maximumCount: maximumCount)
}

/// Marks at round times of day-to-day use: 1, 2, 5, 10, 15, 30 seconds, the same minutes, hours.
func durationTicks(from low: Double, to high: Double, maximumCount: Int) -> [Tick] {
  guard low.isFinite, high.isFinite, high > low, maximumCount > 0 else { return [] }
  let steps: [Double] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    172_800, 432_000, 864_000,
  ]
  if high - low < 4 {
    return linearTicks(from: low, to: high, maximumCount: maximumCount)
      .map { Tick(value: $0.value, label: $0.value == 0 ? "0" : $0.label + " s") }
  }
  func numbers(_ step: Double) -> [Double] {
    Array(stride(from: (low / step).rounded(.up) * step, through: high, by: step))
  }
  let chosen = steps.first {
    (high - low) / $0 < Double(maximumCount) + 1 && numbers($0).count <= maximumCount
  }
  guard let step = chosen else {
    return linearTicks(from: low / 86_400, to: high / 86_400, maximumCount: maximumCount)
      .map { Tick(value: $0.value * 86_400, label: $0.value == 0 ? "0" : $0.label + " d") }
  }
  let (size, name) =
    step >= 86_400
    ? (86_400.0, "d") : step >= 3600 ? (3600, "h") : step >= 60 ? (60, "min") : (1, "s")
  return numbers(step).map { value in
    Tick(value: value, label: value == 0 ? "0" : "\(Numbers.text(value / size, digits: 6)) \(name)")
  }
}

/// Whole multiples of `factor · 10^exponent`, or nil where they are clearly more than `limit`.
private func multiples(
  _ factor: Double, _ exponent: Int, low: Double, high: Double, limit: Int
) -> [(value: Double, whole: Double)]? {
  let power = pow(10, Double(abs(exponent)))
  let step = exponent < 0 ? factor / power : factor * power
  let slack = (high - low) * 1e-9
  let first = ((low - slack) / step).rounded(.up)
  let last = ((high + slack) / step).rounded(.down)
  if last - first > Double(limit) { return nil }
  return stride(from: first, through: last, by: 1).map { number in
    let whole = number * factor
    // Dividing by a power of ten rounds once, so that 3 · 0.1 prints as 0.3.
    let value = exponent < 0 ? whole / power : whole * power
    return (value == 0 ? 0 : value, whole)
  }
}

private func labelled(_ numbers: [(value: Double, whole: Double)], exponent: Int) -> [Tick] {
  let largest = numbers.map { abs($0.value) }.max() ?? 0
  func ticks(_ label: (Double) -> String) -> [Tick] {
    numbers.map { Tick(value: $0.value, label: $0.value == 0 ? "0" : label($0.value)) }
  }
  if largest >= 1e12 || (largest > 0 && largest < 0.001) {
    return ticks { Numbers.scientific($0, digits: 6) }
  }
  for (size, name) in [(1e9, " bn"), (1e6, " M")] where largest >= size {
    let decimals = max(0, Int(log10(size)) - exponent)
    if decimals > 3 { continue }
    return numbers.map { number in
      var text = Numbers.fixed(number.value / size, decimals: decimals)
      if text.contains(".") {
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
      }
      return Tick(value: number.value, label: number.value == 0 ? "0" : text + name)
    }
  }
  return ticks { value in
    Numbers.fixed(value, decimals: value == value.rounded() ? 0 : max(0, -exponent))
  }
}

private func powerLabel(_ power: Int) -> String {
  (-3...6).contains(power)
    ? Numbers.text(pow(10, Double(power))) : Numbers.scientific(pow(10, Double(power)), digits: 1)
}
