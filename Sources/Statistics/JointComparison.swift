// SPDX-License-Identifier: MIT

/// The probability of improvement of many pairs of variants over drawn resamples in one pass: each
/// variant is drawn once a replicate, whatever it is compared with.
package struct JointComparison {
  private var sides: [Side]

  /// - Parameter keys: a variant's own, which keeps the sides of a pair apart.
  package init(_ matrices: [ScoreMatrix], keys: [ResamplingKey]) {
    sides = zip(matrices, keys).map { Side($0, key: $1) }
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
  package mutating func improvements(
    of pairs: [(Int, Int)], progressed: (Double) -> Void
  ) -> [BootstrapDistribution] {
    let layouts = pairs.map { Layout(sides[$0.0].matrix, over: sides[$0.1].matrix) }
    let used = Set(pairs.flatMap { [$0.0, $0.1] }).sorted()
    let replicates = Resampler.defaultReplicates
    var values = pairs.map { _ in [Double]() }
    for place in values.indices { values[place].reserveCapacity(replicates) }
    for replicate in 0..<replicates {
      for variant in used { sides[variant].draw(replicate) }
      for (place, pair) in pairs.enumerated() {
        values[place].append(
          layouts[place].value(sides[pair.0].runs.places, over: sides[pair.1].before))
      }
      if replicate % 500 == 499 { progressed(Double(replicate + 1) / Double(replicates)) }
    }
    return zip(pairs, values).map { pair, values in
      let estimate = sides[pair.0].matrix.value(
        of: .probabilityOfImprovement, over: sides[pair.1].matrix)
      return BootstrapDistribution(estimate: estimate ?? .nan, values: values, isExact: false)
    }
  }
}

/// A variant's drawn runs, and how many of them stand before each place of their task's scores.
private struct Side {
  let matrix: ScoreMatrix
  private(set) var runs: DrawnRuns
  /// A task of n scores has n + 1 places.
  private(set) var before: [Int32]
  /// Each score's place among its task's sorted scores, and one on.
  private let behind: [Int]
  private let sizes: [Int]

  init(_ matrix: ScoreMatrix, key: ResamplingKey) {
    self.matrix = matrix
    runs = DrawnRuns(matrix, key: key)
    sizes = matrix.tasks.map(\.count)
    before = Array(repeating: 0, count: matrix.scores.count + matrix.tasks.count)
    var start = 0
    behind = matrix.tasks.flatMap { task in
      let order = task.indices.sorted { (task[$0], $0) < (task[$1], $1) }
      var places = Array(repeating: 0, count: task.count)
      for (rank, index) in order.enumerated() { places[index] = start + rank + 1 }
      start += task.count + 1
      return places
    }
  }

  mutating func draw(_ replicate: Int) {
    runs.draw(replicate)
    for place in before.indices { before[place] = 0 }
    for drawn in runs.places { before[behind[drawn]] += 1 }
    var place = 0
    for size in sizes {
      var sum: Int32 = 0
      for _ in 0...size {
        sum += before[place]
        before[place] = sum
        place += 1
      }
    }
  }
}

/// Where the scores of X stand among those of Y, task by task.
private struct Layout {
  /// By score of X: the places in Y's counts of those that are less, and of those no greater.
  private let less: [Int]
  private let noGreater: [Int]
  private let sizes: [(x: Int, y: Int)]

  init(_ x: ScoreMatrix, over y: ScoreMatrix) {
    var (less, noGreater): ([Int], [Int]) = ([], [])
    var start = 0
    for (xs, ys) in zip(x.tasks, y.tasks) {
      let sorted = ys.sorted()
      less += xs.map { x in start + firstIndex(in: sorted) { $0 >= x } }
      noGreater += xs.map { x in start + firstIndex(in: sorted) { $0 > x } }
      start += ys.count + 1
    }
    self.less = less
    self.noGreater = noGreater
    sizes = zip(x.tasks, y.tasks).map { ($0.count, $1.count) }
  }

  func value(_ drawn: [Int], over before: [Int32]) -> Double {
    var total = 0.0
    var position = 0
    for size in sizes {
      var halfWins = 0
      for place in drawn[position..<(position + size.x)] {
        halfWins += Int(before[less[place]]) + Int(before[noGreater[place]])
      }
      total += Double(halfWins) / Double(2 * size.x * size.y)
      position += size.x
    }
    return total / Double(sizes.count)
  }
}
