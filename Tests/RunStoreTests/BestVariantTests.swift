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

  private static func facts(
    _ scores: [Double?], state: (Int) -> TrialState = { _ in .finished }
  ) -> [TrialFacts] {
    scores.enumerated().map { index, score in
      var measures = TrialMeasures()
      measures.score = score
      return TrialFacts(
        experiment: "sample", id: "t\(index)", number: index + 1, label: nil, seed: nil,
        state: state(index), status: nil, targetEpisodes: 1, measures: measures, problem: nil,
        configuration: [:])
    }
  }

  @Test("The best is the variant with the best mean, not that of the luckiest trial")
  func mean() throws {
    let scores: [Double?] = [5, 6, 20, -20, 5, 6]
    let best = try #require(BestVariant(Self.plan(), Self.facts(scores)))
    #expect(best.label == "steady" && best.mean == 5.5 && best.coverage == "2")
    let least = try #require(BestVariant(Self.plan(goal: .minimize), Self.facts(scores)))
    #expect(least.label == "lucky" && least.mean == 0)
  }

  @Test("Seeds without a score, and trials that are not finished, do not count")
  func coverage() throws {
    let scores: [Double?] = [nil, nil, 1, .nan, 9, 0]
    let best = try #require(
      BestVariant(Self.plan(), Self.facts(scores) { $0 == 4 ? .failed : .finished }))
    #expect(best.label == "lucky" && best.mean == 1 && best.coverage == "1 of 2")
    #expect(BestVariant(Self.plan(), Self.facts([nil, nil, nil, nil, nil, nil])) == nil)
    #expect(BestVariant(Self.plan(), []) == nil)
  }

  @Test("A threshold that a seed never reached makes the mean infinite")
  func censored() throws {
    let scores: [Double?] = [100, .infinity, 300, 400, nil, nil]
    let best = try #require(BestVariant(Self.plan(goal: .minimize), Self.facts(scores)))
    #expect(best.label == "lucky" && best.mean == 350)
  }
}
