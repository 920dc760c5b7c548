// SPDX-License-Identifier: MIT

import Glibc

/// How an axis spaces its values and writes them.
package enum AxisKind: String, Sendable {
  case linear
  /// Equal ratios take equal lengths; values that are not positive have no place.
  case logarithmic
  /// Seconds, written as seconds, minutes, hours or days.
  case duration
}

/// A mapping from values to places in points along one direction.
struct Scale: Equatable, Sendable {
  /// How values are spaced.
  let kind: AxisKind
  /// Lowest and highest value; different, and positive on a logarithmic scale.
  let domain: ClosedRange<Double>
  /// Where the lowest value lies, in points.
  let start: Double
  /// Where the highest value lies, in points.
  let end: Double

  /// A scale; a domain that has no length is widened, so that its value lies in the middle.
  init(
    _ kind: AxisKind = .linear, domain: ClosedRange<Double>, from start: Double, to end: Double
  ) {
    self.kind = kind
    self.domain = widened(domain, kind: kind)
    self.start = start
    self.end = end
  }

  /// The place of a value in points; NaN where it has none. What lies further away than a drawing
  /// reaches is held a thousand lengths beyond the end.
  func position(_ value: Double) -> Double {
    guard value.isFinite, kind != .logarithmic || value > 0 else { return .nan }
    let (low, high) = (domain.lowerBound, domain.upperBound)
    let t =
      kind == .logarithmic
      ? fraction(log10(value), from: log10(low), to: log10(high))
      : fraction(value, from: low, to: high)
    return start + (end - start) * min(max(t, -1_000), 1_000)
  }

  /// Round values within the domain, at most `maximumCount`.
  func ticks(maximumCount: Int) -> [Tick] {
    let (low, high) = (domain.lowerBound, domain.upperBound)
    return switch kind {
    case .linear: linearTicks(from: low, to: high, maximumCount: maximumCount)
    case .logarithmic: logarithmicTicks(from: low, to: high, maximumCount: maximumCount)
    case .duration: durationTicks(from: low, to: high, maximumCount: maximumCount)
    }
  }
}

/// The least range that holds every finite value (positive ones only when logarithmic), with
/// `padding` of its length added at both ends; 0…1 (1…10) where there is none.
func extent(
  of values: some Sequence<Double>, kind: AxisKind = .linear, padding: Double = 0
) -> ClosedRange<Double> {
  let isLogarithmic = kind == .logarithmic
  var low = Double.infinity
  var high = -Double.infinity
  for value in values where value.isFinite && (!isLogarithmic || value > 0) {
    low = min(low, value)
    high = max(high, value)
  }
  if low > high { return isLogarithmic ? 1...10 : 0...1 }
  if isLogarithmic {
    let ratio = pow(10, (log10(high) - log10(low)) * padding)
    return max(low / ratio, .leastNormalMagnitude)...max(held(high * ratio), .leastNormalMagnitude)
  }
  let more = held(high - low) * padding
  return held(low - more)...held(high + more)
}

/// Where `value` lies on the way from `low` (0) to `high` (1), also where they are so far apart that
/// their distance is no number.
package func fraction(_ value: Double, from low: Double, to high: Double) -> Double {
  let span = high - low
  return span.isFinite ? (value - low) / span : (value / 2 - low / 2) / (high / 2 - low / 2)
}

/// The number, or the greatest that there is of its sign.
private func held(_ value: Double) -> Double {
  min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
}

/// The range with zero as its lower end where zero is near, as axes are read from there.
func fromZero(_ range: ClosedRange<Double>, kind: AxisKind) -> ClosedRange<Double> {
  let isNear = range.lowerBound > 0 && range.lowerBound < range.upperBound * 0.3
  return kind != .logarithmic && isNear ? 0...range.upperBound : range
}

private func widened(_ domain: ClosedRange<Double>, kind: AxisKind) -> ClosedRange<Double> {
  var (low, high) = (domain.lowerBound, domain.upperBound)
  if kind == .logarithmic {
    if !(low > 0) { low = high > 0 ? high / 1000 : 1 }
    if high > low * 1.000_000_1 { return low...high }
    return (low / 2)...held(max(high, low) * 2)
  }
  let size = max(abs(low), abs(high))
  if high - low > size * 1e-12 { return low...high }
  let room = size == 0 ? 1 : size * 0.1
  return held(low - room)...held(high + room)
}
