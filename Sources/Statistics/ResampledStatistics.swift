// SPDX-License-Identifier: MIT

/// The mean of all drawn values.
struct ResampledMean: ResampledStatistic {
  private let scores: [Double]

  init(_ scores: [Double]) {
    self.scores = scores
  }

  mutating func value(_ drawn: [Int]) -> Double {
    var sum = 0.0
    for index in drawn { sum += scores[index] }
    return sum / Double(drawn.count)
  }
}

/// The mean or median over tasks of the tasks' means.
struct ResampledTaskMeans: ResampledStatistic {
  enum Combination { case mean, median }

  private let scores: [Double]
  private let sizes: [Int]
  private let combination: Combination
  private var means: [Double]

  init(_ tasks: [[Double]], combine combination: Combination) {
    scores = tasks.flatMap { $0 }
    sizes = tasks.map(\.count)
    self.combination = combination
    means = Array(repeating: 0, count: tasks.count)
  }

  mutating func value(_ drawn: [Int]) -> Double {
    var position = 0
    for task in sizes.indices {
      var sum = 0.0
      for _ in 0..<sizes[task] {
        sum += scores[drawn[position]]
        position += 1
      }
      means[task] = sum / Double(sizes[task])
    }
    if combination == .median {
      means.sort()
      let half = means.count / 2
      return means.count % 2 == 1 ? means[half] : (means[half - 1] + means[half]) / 2
    }
    var sum = 0.0
    for mean in means { sum += mean }
    return sum / Double(means.count)
  }
}

/// The interquartile mean by counting over the sorted scores, which are sorted once only.
struct ResampledInterquartileMean: ResampledStatistic {
  private let sorted: [Double]
  private let rank: [Int]
  private var counts: [Int]

  init(_ scores: [Double]) {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    sorted = order.map { scores[$0] }
    var rank = Array(repeating: 0, count: scores.count)
    for (place, index) in order.enumerated() { rank[index] = place }
    self.rank = rank
    counts = Array(repeating: 0, count: scores.count)
  }

  mutating func value(_ drawn: [Int]) -> Double {
    for place in counts.indices { counts[place] = 0 }
    for index in drawn { counts[rank[index]] += 1 }
    let dropped = drawn.count / 4
    let kept = drawn.count - 2 * dropped
    var toDrop = dropped
    var toKeep = kept
    var sum = 0.0
    for place in counts.indices where counts[place] > 0 {
      let skipped = min(toDrop, counts[place])
      toDrop -= skipped
      let taken = min(toKeep, counts[place] - skipped)
      guard taken > 0 else { continue }
      toKeep -= taken
      sum += Double(taken) * sorted[place]
    }
    return sum / Double(kept)
  }
}

/// γ less the mean over tasks of the means of min(score, γ).
struct ResampledGap: ResampledStatistic {
  private let target: Double
  private var means: ResampledTaskMeans

  init(_ tasks: [[Double]], target: Double) {
    self.target = target
    means = ResampledTaskMeans(tasks.map { $0.map { min($0, target) } }, combine: .mean)
  }

  mutating func value(_ drawn: [Int]) -> Double { target - means.value(drawn) }
}
