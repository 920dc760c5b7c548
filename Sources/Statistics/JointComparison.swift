// SPDX-License-Identifier: MIT

/// The probability of improvement of many pairs of variants over drawn resamples in one pass: each
/// variant is drawn once a replicate, whatever it is compared with.
package struct JointComparison {
  private var variants: [DrawnRuns]
  /// By variant: each score's place among its task's sorted scores, plus the task's start.
  private let ranks: [[Int]]
  /// By variant: how many drawn scores of the task stand before each place; a task of n scores has
  /// n + 1 places.
  private var before: [[Int32]]

  /// - Parameter keys: a variant's own, which keeps the sides of a pair apart.
  package init(_ matrices: [ScoreMatrix], keys: [ResamplingKey]) {
    variants = zip(matrices, keys).map { DrawnRuns($0, key: $1) }
    ranks = matrices.map { matrix in
      var start = 0
      return matrix.tasks.flatMap { task in
        let order = task.indices.sorted { (task[$0], $0) < (task[$1], $1) }
        var places = Array(repeating: 0, count: task.count)
        for (rank, index) in order.enumerated() { places[index] = start + rank }
        start += task.count + 1
        return places
      }
    }
    before = matrices.map { matrix in
      Array(repeating: 0, count: matrix.scores.count + matrix.tasks.count)
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
  package mutating func improvements(
    of pairs: [(Int, Int)], progressed: (Double) -> Void
  ) -> [BootstrapDistribution] {
    let layouts = pairs.map { Layout(variants[$0.0].matrix, over: variants[$0.1].matrix) }
    let used = Set(pairs.flatMap { [$0.0, $0.1] }).sorted()
    let replicates = Resampler.defaultReplicates
    var values = pairs.map { _ in [Double]() }
    for place in values.indices { values[place].reserveCapacity(replicates) }
    for replicate in 0..<replicates {
      for variant in used { draw(variant, replicate) }
      for (place, pair) in pairs.enumerated() {
        values[place].append(
          layouts[place].value(variants[pair.0].places, over: before[pair.1]))
      }
      if replicate % 500 == 499 { progressed(Double(replicate + 1) / Double(replicates)) }
    }
    return zip(pairs, values).map { pair, values in
      let estimate = variants[pair.0].matrix.value(
        of: .probabilityOfImprovement, over: variants[pair.1].matrix)
      return BootstrapDistribution(estimate: estimate ?? .nan, values: values, isExact: false)
    }
  }

  private mutating func draw(_ variant: Int, _ replicate: Int) {
    variants[variant].draw(replicate)
    let places = variants[variant].places
    let ranks = ranks[variant]
    let tasks = variants[variant].matrix.tasks
    for place in before[variant].indices { before[variant][place] = 0 }
    for place in places { before[variant][ranks[place] + 1] += 1 }
    var start = 0
    for task in tasks {
      for place in start..<(start + task.count) {
        before[variant][place + 1] += before[variant][place]
      }
      start += task.count + 1
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
