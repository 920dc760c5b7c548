// SPDX-License-Identifier: MIT

/// How many of a variant's drawn scores stand before each place of their task's scores.
struct RankCounts {
  /// A task of n scores has n + 1 places.
  private(set) var before: [Int32]
  /// Each score's place among its task's sorted scores, and one on.
  private let behind: [Int]
  private let sizes: [Int]

  init(_ tasks: [[Double]]) {
    sizes = tasks.map(\.count)
    before = Array(repeating: 0, count: sizes.reduce(0, +) + tasks.count)
    var start = 0
    behind = tasks.flatMap { task in
      let order = task.indices.sorted { (task[$0], $0) < (task[$1], $1) }
      var places = Array(repeating: 0, count: task.count)
      for (rank, index) in order.enumerated() { places[index] = start + rank + 1 }
      start += task.count + 1
      return places
    }
  }

  /// - Parameter drawn: the scores drawn, as places among all.
  mutating func count(_ drawn: [Int]) {
    for place in before.indices { before[place] = 0 }
    for score in drawn { before[behind[score]] += 1 }
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

/// Where the scores of X stand among those of Y, task by task: wins are counted by places, in
/// O(Nx + Ny) instead of O(Nx·Ny).
struct WinCounts {
  /// By score of X: the places in Y's counts of those that are less, and of those no greater.
  private let less: [Int32]
  private let noGreater: [Int32]
  private let hasTies: Bool
  private let sizes: [(x: Int, y: Int)]

  init(_ x: [[Double]], over y: [[Double]]) {
    var (less, noGreater): ([Int32], [Int32]) = ([], [])
    var start = 0
    for (xs, ys) in zip(x, y) {
      let sorted = ys.sorted()
      less += xs.map { x in Int32(start + firstIndex(in: sorted) { $0 >= x }) }
      noGreater += xs.map { x in Int32(start + firstIndex(in: sorted) { $0 > x }) }
      start += ys.count + 1
    }
    self.less = less
    self.noGreater = noGreater
    hasTies = less != noGreater
    sizes = zip(x, y).map { ($0.count, $1.count) }
  }

  /// The mean over tasks of the share of pairs that X wins, ties counting half.
  ///
  /// - Parameter drawn: the scores of X drawn, as places among all.
  func share(_ drawn: [Int], over y: RankCounts) -> Double {
    var total = 0.0
    var position = 0
    for size in sizes {
      var halfWins = 0
      for place in drawn[position..<(position + size.x)] {
        halfWins += Int(y.before[Int(less[place])])
      }
      if hasTies {
        for place in drawn[position..<(position + size.x)] {
          halfWins += Int(y.before[Int(noGreater[place])])
        }
      } else {
        halfWins *= 2
      }
      total += Double(halfWins) / Double(2 * size.x * size.y)
      position += size.x
    }
    return total / Double(sizes.count)
  }
}

/// The first index whose value is so, where all behind it are; the count where none is.
func firstIndex(in sorted: [Double], where isSo: (Double) -> Bool) -> Int {
  var (low, high) = (0, sorted.count)
  while low < high {
    let middle = (low + high) / 2
    if isSo(sorted[middle]) { high = middle } else { low = middle + 1 }
  }
  return low
}
