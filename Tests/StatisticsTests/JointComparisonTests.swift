// SPDX-License-Identifier: MIT

import Statistics
import Testing

@Suite("Many variants drawn at once")
struct JointComparisonTests {
  private func key(_ name: String) -> ResamplingKey {
    ResamplingKey(experiment: "joint", statistic: name)
  }

  /// Three variants of two tasks, all scores 0 or 1.
  private func wins(seed: Int) -> [ScoreMatrix] {
    var source = Source(seed: seed)
    return (0..<3).map { _ in
      ScoreMatrix(tasks: [source.ties(7, below: 2), source.ties(9, below: 2)])
    }
  }

  @Test("Each replicate is of the draws that the variants' means are of", arguments: 0..<4)
  func sameDraws(seed: Int) throws {
    let matrices = wins(seed: seed)
    let keys = ["a", "b", "c"].map(key)
    let joint = JointComparison(matrices, keys: keys)
    let pairs = [(0, 1), (2, 1), (1, 0)]
    let found = joint.improvements(of: pairs) { _ in }
    let means = try zip(matrices, keys).map { matrix, key in
      try #require(matrix.bootstraps([.mean], key: key)[0]).values
    }
    for (pair, distribution) in zip(pairs, found) {
      #expect(
        distribution.estimate
          == matrices[pair.0].value(of: .probabilityOfImprovement, over: matrices[pair.1]))
      #expect(distribution.values.count == 50_000 && !distribution.isExact)
      // Of scores 0 and 1, P(x > y) + P(x = y) / 2 is half of 1 + x̄ − ȳ.
      for replicate in stride(from: 0, to: 50_000, by: 997) {
        let expected = (1 + means[pair.0][replicate] - means[pair.1][replicate]) / 2
        #expect(isClose(distribution.values[replicate], expected))
      }
    }
    #expect(zip(found[0].values, found[2].values).allSatisfy { isClose($0 + $1, 1) })
    let alone = joint.improvements(of: [(2, 1)]) { _ in }
    #expect(alone[0].values == found[1].values)
  }

  @Test("Drawn at once or one by one, distributions are alike")
  func alike() throws {
    var source = Source(seed: 5)
    let x = ScoreMatrix(tasks: [source.scores(8, centre: 0.4), source.scores(7)])
    let y = ScoreMatrix(tasks: [source.scores(8), source.scores(9)])
    let joint = JointComparison([x, y], keys: [key("x"), key("y")])
    #expect(JointComparison.isDrawn(x, over: y))
    let many = joint.improvements(of: [(0, 1)]) { _ in }[0]
    let one = try #require(x.bootstrap(.probabilityOfImprovement, over: y, key: key("pair")))
    #expect(abs(many.mean - one.mean) < 0.003)
    #expect(abs(many.interval().lower - one.interval().lower) < 0.01)
    #expect(abs(many.interval().upper - one.interval().upper) < 0.01)
    let statistics: [ScoreStatistic] = [
      .mean, .median, .interquartileMean, .optimalityGap(target: 0.5), .profile(threshold: 0),
    ]
    for (statistic, shared) in zip(statistics, x.bootstraps(statistics, key: key("x"))) {
      let shared = try #require(shared)
      let own = try #require(x.bootstrap(statistic, key: key("x")))
      #expect(shared.estimate == own.estimate)
      #expect(abs(shared.interval().lower - own.interval().lower) < 0.02, "\(statistic)")
      #expect(abs(shared.interval().upper - own.interval().upper) < 0.02, "\(statistic)")
    }
  }

  @Test("What can be enumerated is, and what has one run a task is not drawn")
  func enumerated() throws {
    let small = ScoreMatrix(scores: [0, 1, 4])
    #expect(!JointComparison.isDrawn(small, over: small))
    #expect(!JointComparison.isDrawn(ScoreMatrix(scores: [1]), over: small))
    let found = try #require(small.bootstraps([.mean], key: key("small"))[0])
    #expect(found.isExact && found.interval().lower == 0 && found.interval().upper == 4)
  }
}
