// SPDX-License-Identifier: MIT

import Randomness
import Statistics

/// The slow obvious versions, which judge the fast ones.
enum Naive {
  /// The interquartile mean by deleting the least and the greatest again and again.
  static func interquartileMean(_ values: [Double]) -> Double {
    var rest = values.sorted()
    for _ in 0..<(values.count / 4) {
      rest.removeFirst()
      rest.removeLast()
    }
    return rest.reduce(0, +) / Double(rest.count)
  }

  /// All n^n resamples of a list.
  static func resamples<Element>(_ values: [Element]) -> [[Element]] {
    values.reduce([[]]) { partial, _ in partial.flatMap { head in values.map { head + [$0] } } }
  }

  /// All stratified resamples of several lists.
  static func resamples<Element>(tasks: [[Element]]) -> [[[Element]]] {
    tasks.reduce([[]]) { partial, task in
      partial.flatMap { head in resamples(task).map { head + [$0] } }
    }
  }

  /// The quantile after a full sort.
  static func quantile(_ values: [Double], _ q: Double) -> Double {
    let sorted = values.sorted()
    let position = q * Double(sorted.count - 1)
    let below = Int(position.rounded(.down))
    let above = Int(position.rounded(.up))
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The inverted cumulative distribution by counting: the least value that at least `part` of
  /// `whole` parts do not exceed; where they are exactly so many, the mean of it and the next.
  static func inverse(_ values: [Double], _ part: Int, of whole: Int) -> Double {
    let sorted = values.sorted()
    for (index, value) in sorted.enumerated() {
      let reached = (index + 1) * whole
      if reached > part * sorted.count { return value }
      if reached == part * sorted.count { return (value + sorted[index + 1]) / 2 }
    }
    return .nan
  }

  /// The share of sign patterns, counted by recursion, with a sum at least as far from 0.
  static func signFlipP(_ values: [Double]) -> Double {
    let bound = abs(values.reduce(0, +)) - 1e-9
    func hits(_ index: Int, _ sum: Double) -> Int {
      guard index < values.count else { return abs(sum) >= bound ? 1 : 0 }
      return hits(index + 1, sum + values[index]) + hits(index + 1, sum - values[index])
    }
    return Double(hits(0, 0)) / Double(1 << values.count)
  }

  /// The mean of each window, added up anew.
  static func meanOfLast(_ values: [Double], window: Int) -> [Double] {
    values.indices.map { index in
      let part = values[max(0, index - window + 1)...index]
      return part.reduce(0, +) / Double(part.count)
    }
  }
}

extension ScoreRange {
  /// Pong's points won less points lost.
  static let pong = ScoreRange(minimum: -21, maximum: 21)
}

extension ScoreMatrix {
  /// Takes the scores run by run, as in the papers: `runs[n][m]`, all of one length.
  init(runs: [[Double]]) {
    self.init(tasks: (runs.first ?? []).indices.map { task in runs.map { $0[task] } })
  }

  /// The scores on Pong's scale, 0 to 1.
  var inPong: ScoreMatrix { ScoreRange.pong.map(normalized) ?? self }
}

/// Seeded test data.
struct Source {
  private var generator: Xoshiro256

  init(seed: Int) {
    generator = Xoshiro256(seed: UInt64(seed))
  }

  /// Sums of uniform numbers, about normal with standard deviation 1.
  mutating func scores(_ count: Int, centre: Double = 0) -> [Double] {
    (0..<count).map { _ in centre - 6 + (0..<12).reduce(0) { sum, _ in sum + generator.nextUnit() }
    }
  }

  /// Whole numbers below `bound`, so that ties abound.
  mutating func ties(_ count: Int, below bound: UInt32 = 4) -> [Double] {
    (0..<count).map { _ in Double(generator.next(below: bound)) }
  }
}

/// Whether two numbers agree to within rounding.
func isClose(_ a: Double?, _ b: Double?, within tolerance: Double = 1e-12) -> Bool {
  guard let a, let b else { return false }
  return a == b || abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}
