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
