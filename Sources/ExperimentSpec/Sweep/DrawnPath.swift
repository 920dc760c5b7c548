// SPDX-License-Identifier: MIT
import Digest
import Glibc
package import ParameterSchema
import Randomness

/// One path of a random sweep with what is drawn there, also as a model of good values sees it: a few
/// levels, or the unit interval on which draws are uniform.
package struct DrawnPath: Sendable {
  /// What a random sweep draws from at one path.
  enum Source: Sendable {
    /// One of these, each as likely.
    case choice([ConfigValue])
    case range(DrawRange)
  }

  let slot: CatalogueIndex.Slot
  /// Of the path.
  let place: Place
  let source: Source

  package var path: String { slot.path }

  /// How many values are listed, in no order; nil for places between 0 and 1.
  package var levelCount: Int? {
    if case .choice(let values) = source { values.count } else { nil }
  }

  private var listed: [ConfigValue] { if case .choice(let values) = source { values } else { [] } }
  private var range: DrawRange? { if case .range(let range) = source { range } else { nil } }

  /// The listed value of that number.
  package func value(ofLevel level: Int) -> ConfigValue { listed[level] }

  /// The number of a listed value; 0 for one that is not listed.
  package func level(of value: ConfigValue) -> Int { listed.firstIndex(of: value) ?? 0 }

  /// The value at a place, rounded as a draw is.
  package func value(at place: Double) -> ConfigValue { range?.value(at: place) ?? .null }

  /// The places that are all this value: for a whole number an interval, for a real one a point.
  package func cell(of value: ConfigValue) -> ClosedRange<Double> {
    range?.cell(of: value) ?? 0...0
  }

  /// The value of the generator's next draw.
  func draw(using random: inout Xoshiro256) -> ConfigValue {
    switch source {
    case .choice(let values):
      values[Int(random.next().multipliedFullWidth(by: UInt64(values.count)).high)]
    case .range(let range): range.draw(using: &random)
    }
  }
}

/// Numbers between two ends, both included.
struct DrawRange: Sendable, Hashable {
  let min: Double
  let max: Double
  /// Uniform in the logarithm: each decade as likely as the next. Needs `min > 0`.
  let isLogarithmic: Bool
  let isInteger: Bool
  /// Whether a number stands for a list of that one number, as in `policy.hidden`.
  let isList: Bool

  /// The value at `random`'s next draw, in `min...max`.
  ///
  /// Real numbers have six to seven digits over the range: short enough to be read and written
  /// down, enough for a million different draws, and so few that the last bit of some machine's
  /// logarithm does not make it another trial.
  func draw(using random: inout Xoshiro256) -> ConfigValue {
    guard isInteger && !isLogarithmic else { return value(at: random.nextUnit()) }
    let count = UInt64(Swift.min(max - min, 0x1p53)) + 1
    return value(min + Double(random.next().multipliedFullWidth(by: count).high))
  }

  /// The value at a place between 0 and 1: uniform places are distributed as draws are.
  func value(at place: Double) -> ConfigValue {
    let place = place.clamped(to: 0...1)
    return value(isInteger ? wholeNumber(at: place) : realNumber(at: place))
  }

  private func value(_ number: Double) -> ConfigValue {
    isList ? .array([.number(number)]) : .number(number)
  }

  private func wholeNumber(at place: Double) -> Double {
    // The share of k is that of [k, k + 1), among the numbers or their logarithms.
    let x =
      isLogarithmic
      ? exp(log(min) + place * (log(end) - log(min))) : min + place * (end - min)
    return x.rounded(.down).clamped(to: min...max)
  }

  private func realNumber(at place: Double) -> Double {
    if isLogarithmic {
      let x = exp(log(min) + place * (log(max) - log(min)))
      // Six digits where the ends are decades apart, more where they are close.
      let width = Swift.min(log(max) - log(min), 1)
      return Self.rounded(x, toMultipleOf: x * width).clamped(to: min...max)
    }
    let x = min + place * (max - min)
    return Self.rounded(x, toMultipleOf: max - min).clamped(to: min...max)
  }

  /// The nearest number with a millionth of the width, or a little less, as its last digit.
  private static func rounded(_ x: Double, toMultipleOf width: Double) -> Double {
    guard width > 0, width.isFinite else { return x }
    return roundedDecimal(x, lastPlace: Int(log10(width).rounded(.down)) - 6)
  }

  // MARK: Places

  /// The places of a value of this range.
  func cell(of value: ConfigValue) -> ClosedRange<Double> {
    guard min < max else { return 0...1 }
    let low = place(of: value.number)
    return isInteger ? low...Swift.max(low, place(of: value.number + 1)) : low...low
  }

  /// Whole numbers reach from each to the next, so their interval ends one above the greatest.
  private var end: Double { isInteger ? max + 1 : max }

  private func place(of x: Double) -> Double {
    let share =
      isLogarithmic
      ? (log(x) - log(min)) / (log(end) - log(min)) : (x - min) / (end - min)
    return share.clamped(to: 0...1)
  }
}

extension SweepNode.RandomDraws {
  /// The draws at one path, the first `trials` of an endless row that depends on root seed, seed
  /// and path alone: more trials keep the earlier draws, and other paths change nothing.
  func values(of drawn: DrawnPath, rootSeed: Int) -> [ConfigValue] {
    if let given, let axis = self.drawn.firstIndex(where: { $0.path == drawn.path }) {
      return given.map { $0[axis] }
    }
    let path = SHA256.hex(Array(drawn.path.utf8)).prefix(16)
    let streams = RandomStreams(
      root: UInt64(bitPattern: Int64(rootSeed)),
      seed: SplitMix64.mix(UInt64(bitPattern: Int64(seed))) ^ (UInt64(path, radix: 16) ?? 0))
    return (0..<trials).map { trial in
      var random = streams.generator(.sweepDraws, index: UInt64(trial))
      return drawn.draw(using: &random)
    }
  }
}

/// The draws at one path as an axis: each different value once, numbers in order of size.
struct DrawnAxis {
  /// For each draw the index of its value on the axis.
  let levels: [Int]
  /// The values, as short as keeps them apart.
  let short: [String]
  let draw: Plan.Axis.Draw

  /// - Parameter values: the draws, at least one.
  init(_ drawn: DrawnPath, values: [ConfigValue]) {
    switch drawn.source {
    case .choice(let choices):
      let seen = Set(values)
      let distinct = choices.filter(seen.contains)
      let places = Dictionary(
        distinct.enumerated().map { ($0.element, $0.offset) },
        uniquingKeysWith: { first, _ in first })
      levels = values.map { places[$0] ?? 0 }
      short = distinct.map(shownValue)
      draw = .choice
    case .range(let range):
      let numbers = values.map(\.number)
      var distinct: [Double] = []
      var levels = [Int](repeating: 0, count: values.count)
      for place in numbers.indices.sorted(by: { numbers[$0] < numbers[$1] }) {
        if distinct.last != numbers[place] { distinct.append(numbers[place]) }
        levels[place] = distinct.count - 1
      }
      self.levels = levels
      let texts = Self.shortTexts(distinct)
      short = range.isList ? texts.map { "[\($0)]" } : texts
      draw = range.isLogarithmic ? .logarithmic : .linear
    }
  }

  /// Each number with three digits, or as many as no two share.
  private static func shortTexts(_ numbers: [Double]) -> [String] {
    // With fewer digits than their count has, no two can all be different.
    for digits in max(3, min(6, String(numbers.count).count))...6 {
      let texts = numbers.map { shortNumber($0, digits: digits) }
      if zip(texts, texts.dropFirst()).allSatisfy({ $0 != $1 }) { return texts }
    }
    return numbers.map(canonicalNumber)
  }

  /// The number to so many significant digits; whole numbers as they are.
  private static func shortNumber(_ number: Double, digits: Int) -> String {
    guard number != number.rounded() else { return canonicalNumber(number) }
    let power = Int(log10(abs(number)).rounded(.down)) - digits + 1
    return canonicalNumber(roundedDecimal(number, lastPlace: power))
  }
}

/// The double nearest to `x` as a decimal number whose last digit stands for 10 to the `power`.
func roundedDecimal(_ x: Double, lastPlace power: Int) -> Double {
  guard let whole = Int(exactly: (x / pow(10, Double(power))).rounded()) else { return x }
  // Of two exact numbers the quotient and the product are rounded once.
  if exactTens.indices.contains(abs(power)), abs(whole) < 1 << 53 {
    let ten = exactTens[abs(power)]
    return power < 0 ? Double(whole) / ten : Double(whole) * ten
  }
  return Double("\(whole)e\(power)") ?? x
}

/// The powers of ten, from 1 on, that a double holds exactly.
private let exactTens = (0..<22).reduce(into: [1.0]) { tens, _ in
  tens.append(10 * tens[tens.count - 1])
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

extension ConfigValue {
  /// The number of a draw, which may stand for a list of one.
  fileprivate var number: Double {
    switch self {
    case .number(let number): number
    case .array(let elements): elements.first?.number ?? 0
    default: 0
    }
  }
}
