// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import RunStore
import Statistics
import Testing

@Suite struct BestVariantTests {
  private static func plan(goal: ScoreGoal = .maximize) -> Plan {
    Plan(
      name: "sample", experimentFile: "", experimentHash: "", seeds: [0, 1],
      score: .init(metric: .return, goal: goal), axes: [],
      variants: ["steady", "lucky", "equal"].enumerated().map {
        .init(index: $0.offset, label: $0.element, configuration: [:])
      },
      trials: (0..<6).map { .init(number: $0 + 1, id: "t\($0)", variant: $0 / 2, seed: $0 % 2) },
      arithmetic: "")
  }

  private static func scores(_ scores: [Double?]) -> [String: Double] {
    Dictionary(
      scores.enumerated().compactMap { index, score in score.map { ("t\(index)", $0) } },
      uniquingKeysWith: { $1 })
  }

  @Test("The best is the variant with the best mean, not that of the luckiest trial")
  func mean() throws {
    let scores: [Double?] = [5, 6, 20, -20, 5, 6]
    let best = try #require(BestVariant(Self.plan(), scores: Self.scores(scores)))
    #expect(best.label == "steady" && best.mean == 5.5 && best.coverage == "2")
    let least = try #require(BestVariant(Self.plan(goal: .minimize), scores: Self.scores(scores)))
    #expect(least.label == "lucky" && least.mean == 0)
  }

  @Test("Seeds without a score do not count")
  func coverage() throws {
    let scores: [Double?] = [nil, nil, 1, nil, nil, 0]
    let best = try #require(BestVariant(Self.plan(), scores: Self.scores(scores)))
    #expect(best.label == "lucky" && best.mean == 1 && best.coverage == "1 of 2")
    #expect(BestVariant(Self.plan(), scores: [:]) == nil)
  }

  @Test("Trials that are not finished, or whose records are damaged, do not count")
  func unfinished() throws {
    let sample = try SampleRun(seeds: 4)
    try sample.write(seed: 1, episodes: 20, state: .failed)
    try AtomicFile.write(Array("episode\n".utf8), to: sample.trial(2).episodesPath)
    let run = try StoredRun(sample.folder)
    #expect(run.best?.coverage == "2 of 4")
    let counted = [0, 3].map { StoredRunTests.naiveScore(seed: $0) }
    #expect(run.best?.mean == (counted[0] + counted[1]) / 2)
  }

  @Test("A threshold that a seed never reached makes the mean infinite")
  func censored() throws {
    let scores: [Double?] = [100, .infinity, 300, 400, nil, nil]
    let best = try #require(BestVariant(Self.plan(goal: .minimize), scores: Self.scores(scores)))
    #expect(best.label == "lucky" && best.mean == 350)
  }
}
