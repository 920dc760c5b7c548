// SPDX-License-Identifier: MIT
import Digest
import Glibc
import ParameterSchema
import Randomness

/// What a random sweep draws from at one path.
enum DrawSource: Sendable {
  /// One of these, each as likely.
  case choice([ConfigValue])
  case range(DrawRange)
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
    let number: Double
    if isInteger && !isLogarithmic {
      let count = UInt64(Swift.min(max - min, 0x1p53)) + 1
      number = min + Double(random.next().multipliedFullWidth(by: count).high)
    } else {
      let u = random.nextUnit()
      number = isInteger ? wholeNumber(at: u) : realNumber(at: u)
    }
    return isList ? .array([.number(number)]) : .number(number)
  }

  /// - Parameter u: in 0...1.
  func wholeNumber(at u: Double) -> Double {
    // The share of k is that of [k, k + 1), among the numbers or their logarithms.
    let x =
      isLogarithmic
      ? exp(log(min) + u * (log(max + 1) - log(min))) : min + u * (max + 1 - min)
    return x.rounded(.down).clamped(to: min...max)
  }

  /// - Parameter u: in 0...1.
  func realNumber(at u: Double) -> Double {
    if isLogarithmic {
      let x = exp(log(min) + u * (log(max) - log(min)))
      // Six digits where the ends are decades apart, more where they are close.
      let width = Swift.min(log(max) - log(min), 1)
      return Self.rounded(x, toMultipleOf: x * width).clamped(to: min...max)
    }
    let x = min + u * (max - min)
    return Self.rounded(x, toMultipleOf: max - min).clamped(to: min...max)
  }

  /// The nearest number with a millionth of the width, or a little less, as its last digit.
  private static func rounded(_ x: Double, toMultipleOf width: Double) -> Double {
    guard width > 0, width.isFinite else { return x }
    return roundedDecimal(x, lastPlace: Int(log10(width).rounded(.down)) - 6)
  }
}

extension SweepNode.RandomDraws {
  /// The draws at one path, the first `trials` of an endless row that depends on root seed, seed
  /// and path alone: more trials keep the earlier draws, and other paths change nothing.
  func values(of drawn: SweepNode.DrawnPath, rootSeed: Int) -> [ConfigValue] {
    if let given, let axis = self.drawn.firstIndex(where: { $0.slot.path == drawn.slot.path }) {
      return given.map { $0[axis] }
    }
    let path = SHA256.hex(Array(drawn.slot.path.utf8)).prefix(16)
    let streams = RandomStreams(
      root: UInt64(bitPattern: Int64(rootSeed)),
      seed: SplitMix64.mix(UInt64(bitPattern: Int64(seed))) ^ (UInt64(path, radix: 16) ?? 0))
    return (0..<trials).map { trial in
      var random = streams.generator(.sweepDraws, index: UInt64(trial))
      switch drawn.source {
      case .choice(let values):
        return values[Int(random.next().multipliedFullWidth(by: UInt64(values.count)).high)]
      case .range(let range): return range.draw(using: &random)
      }
    }
  }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
