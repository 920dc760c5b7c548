// SPDX-License-Identifier: MIT

import Randomness

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

extension ScoreMatrix {
  /// Several statistics over the bootstrap's resamples: as `bootstrap(_:key:)`, but where resamples
  /// are drawn all statistics are of the same ones, drawn once.
  package func bootstraps(
    _ statistics: [ScoreStatistic], key: ResamplingKey
  ) -> [BootstrapDistribution?] {
    let canShare =
      hasSpreadInEveryTask && workingScale(scores) == 1
      && Resampler.number(sizes: tasks.map(\.count), upTo: Resampler.enumerationLimit) == nil
    guard canShare else { return statistics.map { bootstrap($0, key: key) } }
    var runs = DrawnRuns(self, key: key)
    var computed = statistics.map { resampled($0) }
    var values = statistics.map { _ in [Double]() }
    for place in values.indices { values[place].reserveCapacity(Resampler.defaultReplicates) }
    for replicate in 0..<Resampler.defaultReplicates {
      runs.draw(replicate)
      for place in computed.indices {
        values[place].append(computed[place].value(runs.places))
      }
    }
    return statistics.indices.map { place in
      guard let estimate = value(of: statistics[place]), !estimate.isNaN else { return nil }
      return BootstrapDistribution(estimate: estimate, values: values[place], isExact: false)
    }
  }

  private func resampled(_ statistic: ScoreStatistic) -> any ResampledStatistic {
    switch statistic {
    case .mean: ResampledTaskMeans(tasks, combine: .mean)
    case .median: ResampledTaskMeans(tasks, combine: .median)
    case .interquartileMean: ResampledInterquartileMean(scores)
    case .optimalityGap(let target): ResampledGap(tasks, target: target)
    case .profile(let threshold): ResampledMean(scores.map { $0 > threshold ? 1 : 0 })
    }
  }
}
