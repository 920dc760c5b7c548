// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Statistics
import Testing

@Suite("Seeds from and to, scores along the training, claims of no difference")
struct SeedRangeTests {
  private func file(_ seeds: String, _ more: String = "", claims: String = Self.claim) -> String {
    """
    { "sweep": { "grid": { "optimizer.learningRate": [0.001, 0.01] } }, "seeds": \(seeds),
      "hypotheses": [\(claims)]\(more) }
    """
  }

  private static let claim = Self.claim("")
  private static func claim(_ more: String) -> String {
    #"{ "claim": "c", "better": { "optimizer.learningRate": 0.01 }, "than": { "optimizer.learningRate": 0.001 }\#(more) }"#
  }

  @Test("The range makes looks, and the plan says the least and the most")
  func range() throws {
    let loaded = load(file(#"{ "from": 10, "to": 100 }"#))
    let space = try #require(loaded.sequence)
    #expect(space.looks.pairs == [10, 13, 17, 22, 28, 35, 44, 55, 69, 87, 100])
    #expect(space.header.trials.isEmpty)
    let plan = try #require(loaded.plan)
    #expect(plan.seedRange == Plan.SeedRange(from: 10, to: 100))
    #expect(plan.arithmetic.hasSuffix("2 variants × 10 to 100 seeds = 20 to 200 trials"))
    #expect(try Plan(decoding: plan.encoded()) == plan)
    let fixed = load(file("10"))
    #expect(fixed.sequence == nil && fixed.plan?.seedRange == nil)
    #expect(fixed.plan?.seeds == Array(0..<10))
  }

  @Test("A claim whose own score is warned about is still a claim")
  func warnedScore() throws {
    let threshold = Self.claim(#", "score": { "metric": "episodesToThreshold", "threshold": 1 }"#)
    let idle = Self.claim(#", "score": { "metric": "evaluationReturn", "window": 3 }"#)
    let loaded = load(file("10", claims: "\(threshold), \(idle)"))
    #expect(loaded.findings.map(\.code) == ["odd-goal", "unused-key"])
    let scores = try #require(loaded.plan).hypotheses.map { $0.score?.metric }
    #expect(scores == [.episodesToThreshold, .evaluationReturn])
  }

  @Test("A score that no trial can have is told before anything is trained")
  func unreachable() {
    let base = #", "base": { "training": { "episodes": 60 }, "evaluation": { "episodes": 0 } }"#
    for (score, path) in [
      (#"{ "at": { "episodes": 61 } }"#, "at"), (#"{ "metric": "evaluationReturn" }"#, "metric"),
    ] {
      let own = load(file("10", base + ", \"score\": \(score)"))
      #expect(own.findings.map(\.code) == ["no-score"] && own.plan != nil, "\(own.findings)")
      #expect(own.findings.first?.path == "score.\(path)")
      let claimed = load(file("10", base, claims: Self.claim(", \"score\": \(score)")))
      #expect(claimed.findings.map(\.path) == ["hypotheses[0].score.\(path)"])
    }
    #expect(load(file("10", base + #", "score": { "at": { "episodes": 60 } }"#)).findings.isEmpty)
  }

  @Test(
    "What cannot be decided or read is an error with its place",
    arguments: [
      (#"{ "from": 20, "to": 10 }"#, "out-of-range", "seeds.from"),
      (#"{ "from": 3, "to": 5 }"#, "too-few-seeds", "seeds"),
      (#"{ "from": 3 }"#, "missing-key", "seeds.to"),
      (#"{ "from": 3, "to": 50, "form": 1 }"#, "unknown-key", "seeds.form"),
      (#"{ "from": 0, "to": 50 }"#, "out-of-range", "seeds.from"),
    ])
  func refused(seeds: String, code: String, path: String) {
    let findings = load(file(seeds)).findings
    #expect(findings.contains { $0.code == code && $0.path == path }, "\(findings)")
  }

  @Test("Without a hypothesis there is nothing to decide")
  func none() {
    let findings = load(file(#"{ "from": 10, "to": 20 }"#, claims: "")).findings
    #expect(findings.map(\.code) == ["no-hypothesis"])
  }

  @Test("A hypothesis has a margin to reach or one to stay within, and a score of its own")
  func hypothesis() throws {
    let own = Self.claim(#", "within": 2, "score": { "at": { "passes": 1e6 }, "window": 50 }"#)
    let plan = try #require(load(file("10", claims: own)).plan)
    let hypothesis = plan.hypotheses[0]
    #expect(hypothesis.within == 2 && hypothesis.score?.at?.passes == 1e6)
    #expect(hypothesis.score?.window == 50 && plan.score.at == nil)
    for (more, code) in [
      (#", "within": 2, "atLeast": 1"#, "contradicting-keys"),
      (#", "within": 0.1, "measure": "probabilityOfImprovement""#, "contradicting-keys"),
      (#", "within": 0"#, "out-of-range"),
      (#", "score": { "at": { } }"#, "wrong-count"),
      (#", "score": { "at": { "passes": 1, "episodes": 1 } }"#, "wrong-count"),
      (#", "score": { "metric": "evaluationReturn", "at": { "episodes": 5 } }"#, "unused-key"),
    ] {
      let findings = load(file("10", claims: Self.claim(more))).findings
      #expect(findings.contains { $0.code == code && $0.isError }, "\(more): \(findings)")
    }
  }
}
