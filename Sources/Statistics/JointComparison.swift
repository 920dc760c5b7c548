// SPDX-License-Identifier: MIT

import Randomness

/// The probability of improvement of many pairs of variants over drawn resamples in one pass: each
/// variant is drawn once a replicate, whatever it is compared with.
package struct JointComparison {
  private let sides: [Side]

  /// - Parameter keys: a variant's own, which keeps the sides of a pair apart.
  package init(_ matrices: [ScoreMatrix], keys: [ResamplingKey]) {
    sides = zip(matrices, keys).map {
      Side(runs: DrawnRuns($0, key: $1), ranks: RankCounts($0.tasks))
    }
  }

  /// Whether the pair's resamples are drawn, and not enumerated or without a value.
  package static func isDrawn(_ x: ScoreMatrix, over y: ScoreMatrix) -> Bool {
    x.hasSpreadInEveryTask && y.hasSpreadInEveryTask && x.tasks.count == y.tasks.count
      && Resampler.number(
        sizes: (x.tasks + y.tasks).map(\.count), upTo: Resampler.enumerationLimit) == nil
  }

  /// The distributions of `pairs`, the first over the second; each is drawn by `isDrawn`.
  ///
  /// - Parameter progressed: told the share of the replicates that is done, now and then.
  package func improvements(
    of pairs: [(Int, Int)], progressed: (Double) -> Void
  ) -> [BootstrapDistribution] {
    let wins = pairs.map {
      WinCounts(sides[$0.0].runs.matrix.tasks, over: sides[$0.1].runs.matrix.tasks)
    }
    let used = Set(pairs.flatMap { [$0.0, $0.1] }).sorted()
    let replicates = Resampler.defaultReplicates
    var values = pairs.map { _ in [Double]() }
    for place in values.indices { values[place].reserveCapacity(replicates) }
    let block = 2_500
    for begun in stride(from: 0, to: replicates, by: block) {
      let parts = inParts(min(block, replicates - begun)) { [sides] part in
        var sides = sides
        var shares = pairs.map { _ in [Double]() }
        for replicate in part {
          for variant in used { sides[variant].draw(begun + replicate) }
          for (place, pair) in pairs.enumerated() {
            shares[place].append(
              wins[place].share(sides[pair.0].runs.places, over: sides[pair.1].ranks))
          }
        }
        return shares
      }
      for part in parts {
        for (place, shares) in part.enumerated() { values[place] += shares }
      }
      progressed(Double(min(begun + block, replicates)) / Double(replicates))
    }
    return zip(pairs, values).map { pair, values in
      let estimate = sides[pair.0].runs.matrix.value(
        of: .probabilityOfImprovement, over: sides[pair.1].runs.matrix)
      return BootstrapDistribution(estimate: estimate ?? .nan, values: values, isExact: false)
    }
  }
}

/// A variant's drawn runs and their ranks.
private struct Side {
  private(set) var runs: DrawnRuns
  private(set) var ranks: RankCounts

  mutating func draw(_ replicate: Int) {
    runs.draw(replicate)
    ranks.count(runs.places)
  }
}

/// One variant's runs, drawn anew for each replicate: of each task's n runs n with replacement.
///
/// The draws depend on the key and the replicate alone, so that all that is computed of a variant,
/// and of all its comparisons, is of the same draws.
struct DrawnRuns {
  let matrix: ScoreMatrix
  /// The scores drawn as places among all, task after task.
  private(set) var places: [Int]
  private let sizes: [Int]
  private let key: ResamplingKey

  init(_ matrix: ScoreMatrix, key: ResamplingKey) {
    self.matrix = matrix
    self.key = key.part("runs")
    sizes = matrix.tasks.map(\.count)
    places = Array(matrix.scores.indices)
  }

  mutating func draw(_ replicate: Int) {
    var generator = key.generator(replicate: replicate)
    var position = 0
    for size in sizes {
      let (start, end) = (position, position + size)
      while position < end {
        // Two draws of 32 bits; their bias, n / 2³², is below what 50,000 replicates could show.
        let bits = generator.next()
        places[position] = start + Self.index(bits >> 32, below: size)
        position += 1
        guard position < end else { break }
        places[position] = start + Self.index(bits & 0xFFFF_FFFF, below: size)
        position += 1
      }
    }
  }

  @inline(__always)
  private static func index(_ bits: UInt64, below size: Int) -> Int {
    Int(truncatingIfNeeded: (bits &* UInt64(truncatingIfNeeded: size)) >> 32)
  }
}
