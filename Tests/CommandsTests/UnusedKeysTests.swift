// SPDX-License-Identifier: MIT

import Commands
import Diagnostics
import ExperimentSpec
import Foundation
import ParameterSchema
import Testing

@Suite("Keys without effect") struct UnusedKeysTests {
  private func load(_ members: String, set: [String] = []) -> LoadedExperiment {
    let text = #"{"title":"x",\#(members),"score":{"goal":"maximize"}}"#
    return loadExperiment(
      source: SourceText(name: "a.json", text: text), catalogue: .standard, overrides: set)
  }

  /// Base, path, value, reason.
  private static let cases: [(String, String, String, String)] = [
    (#""algorithm":{"kind":"cem"}"#, "optimizer.learningRate", "0.5", #"algorithm.kind is "cem""#),
    (#""algorithm":{"kind":"cem"}"#, "optimizer.kind", #""adam""#, #"algorithm.kind is "cem""#),
    (#""algorithm":{"kind":"cem"}"#, "returns.discount", "0.5", #"algorithm.kind is "cem""#),
    (#""algorithm":{"kind":"random"}"#, "reward.clip", "1", #"algorithm.kind is "random""#),
    (#""algorithm":{"kind":"random"}"#, "policy.hidden", "[7]", #"algorithm.kind is "random""#),
    (
      #""algorithm":{"kind":"random"}"#, "returns.normalize", #""none""#,
      #"algorithm.kind is "random""#
    ),
    (
      #""algorithm":{"kind":"trpo"}"#, "optimizer.learningRate", "0.5",
      #"algorithm.kind is "trpo" and returns.baseline is "none""#
    ),
    (
      #""algorithm":{"kind":"reinforce"}"#, "returns.gaeLambda", "0.5",
      #"returns.baseline is "none""#
    ),
    (
      #""optimizer":{"schedule":"constant"}"#, "optimizer.scheduleEnd", "0.5",
      #"optimizer.schedule is "constant""#
    ),
    (
      #""algorithm":{"kind":"ppo","decisionsPerUpdate":16384}"#, "algorithm.episodesPerUpdate", "5",
      "algorithm.decisionsPerUpdate is 16384"
    ),
    (
      #""training":{"decisions":200000000}"#, "training.episodes", "5",
      "training.decisions is 200000000"
    ),
    (
      #""algorithm":{"kind":"reinforce"}"#, "algorithm.entropyBoostDecisions", "5",
      "algorithm.entropyBoost is 0"
    ),
    (#""preset":"champion""#, "algorithm.targetKL", "0.5", "algorithm.epochs is 1"),
    (
      #""preset":"champion""#, "algorithm.clipRange", "0.5",
      "algorithm.epochs is 1 and algorithm.minibatches is 1"
    ),
  ]

  @Test("Set by the sweep or by --set they are an error", arguments: cases)
  func swept(base: String, path: String, value: String, reason: String) {
    let sweep = #""base":{\#(base)},"sweep":{"grid":{"\#(path)":[\#(value)]}}"#
    let swept = load(sweep)
    #expect(swept.plan == nil)
    let sentence = "\(path): the sweep sets it, but \(reason);"
    #expect(
      swept.renderedFindings(usesColor: false).contains("error[unused-key]: \(sentence)"),
      "\(swept.renderedFindings(usesColor: false))")
    #expect(swept.findings.count { $0.code == "unused-key" } == 1)
    let set = load(#""base":{\#(base)}"#, set: ["\(path)=\(value)"])
    #expect(set.plan == nil)
    #expect(
      set.renderedFindings(usesColor: false)
        .contains("error[unused-key]: \(path): --set sets it, but \(reason); leave it out"),
      "\(set.renderedFindings(usesColor: false))")
  }

  @Test("In the base they are a warning and a line of the plan, and the trial keeps its name")
  func base() throws {
    let base = #"{"environment":{"id":"cartpole"},"policy":{"kind":"linear"},"#
    let loaded = load(
      #""base":\#(base)"optimizer":{"learningRate":0.5},"algorithm":{"kind":"cem"}}"#)
    let plan = try #require(loaded.plan)
    #expect(
      plan.variants[0].dropped
        == [#"base.optimizer.learningRate is not used: algorithm.kind is "cem""#])
    #expect(
      loaded.findings.map(\.sentence)
        == [#"base.optimizer.learningRate: no variant uses it; algorithm.kind is "cem""#])
    // As it was when nothing was said of it: SHA-256 of the identity with the value.
    #expect(plan.variants[0].configuration[path: "optimizer.learningRate"] == 0.5)
    let other = load(
      #""base":\#(base)"optimizer":{"learningRate":0.5}},"#
        + #""sweep":{"grid":{"algorithm.kind":["cem","reinforce"]}}"#)
    let both = try #require(other.plan, "\(other.renderedFindings(usesColor: false))")
    #expect(both.trials[0].id == plan.trials[0].id)
    #expect(both.variants.map(\.dropped.count) == [1, 0])
    #expect(!other.findings.contains { $0.code == "unused-key" })
  }

  @Test("A preset's sections that a variant does not use are one line each")
  func preset() throws {
    let loaded = load(
      #""base":{"preset":"tuned","observation":{"kind":"objects"},"policy":{"kind":"linear"},"#
        + #""algorithm":{"kind":"cem"}}"#)
    let plan = try #require(loaded.plan)
    let lines = plan.variants[0].dropped.filter {
      $0.contains("cem") && !$0.contains("algorithm.ep")
    }
    #expect(
      lines == [
        #"optimizer of preset "tuned" is not used: algorithm.kind is "cem""#,
        #"returns of preset "tuned" is not used: algorithm.kind is "cem""#,
      ])
    #expect(loaded.findings.isEmpty)
  }

  @Test("Of two ways to say one thing a preset's yields to the one that the experiment writes")
  func alternatives() throws {
    let names = [
      ("training", "episodes", "decisions"),
      ("algorithm", "episodesPerUpdate", "decisionsPerUpdate"),
    ]
    for (section, written, ofPreset) in names {
      let path = "\(section).\(written)"
      let ways = [
        load(#""base":{"preset":"champion","\#(section)":{"\#(written)":7}}"#),
        load(#""base":{"preset":"champion"},"sweep":{"grid":{"\#(path)":[7]}}"#),
        load(#""base":{"preset":"champion"}"#, set: ["\(path)=7"]),
      ]
      for loaded in ways {
        let plan = try #require(loaded.plan, "\(loaded.renderedFindings(usesColor: false))")
        let configuration = plan.variants[0].configuration
        #expect(configuration[path: path] == 7)
        #expect(configuration[path: "\(section).\(ofPreset)"] == .null)
        #expect(
          plan.variants[0].dropped.contains(
            #"\#(section).\#(ofPreset) of preset "champion" is not used: \#(path) is set"#))
        #expect(plan.trials[0].id == ways[0].plan?.trials[0].id)
      }
    }
  }

  @Test("What is used is not complained of")
  func used() {
    for (base, set) in [
      (#""algorithm":{"kind":"cem"}"#, "reward.movementPenalty=1"),
      (
        #""algorithm":{"kind":"trpo"},"returns":{"baseline":"value"}"#, "optimizer.learningRate=0.1"
      ),
      (#""returns":{"baseline":"value"}"#, "returns.gaeLambda=1"),
      (#""optimizer":{"schedule":"linear"}"#, "optimizer.scheduleEnd=0.5"),
      (#""preset":"champion""#, "training.decisions=5000"),
      (#""preset":"champion""#, "algorithm.epochs=2"),
      (#""algorithm":{"kind":"ppo"},"returns":{"baseline":"value"}"#, "algorithm.clipRange=0.3"),
    ] {
      let loaded = load(#""base":{\#(base)}"#, set: [set])
      #expect(loaded.plan != nil, "\(loaded.renderedFindings(usesColor: false))")
      #expect(!loaded.findings.contains { $0.code == "unused-key" }, "\(base) \(set)")
    }
  }

  @Test("Where a limit cuts episodes and nothing values what would have come, it is said once")
  func timeLimit() throws {
    func warnings(_ members: String) -> [String] {
      load(members).findings.filter { $0.code == "time-limit" }.map(\.sentence)
    }
    let cartPole = warnings(
      #""base":{"environment":{"id":"cartpole"}},"sweep":{"grid":{"optimizer.learningRate":[0.1,0.2]}}"#
    )
    #expect(
      cartPole == [
        "returns.baseline: episodes are cut off after 500 decisions, and without a learned value a"
          + " cut counts as the end of the game; \"value\" counts what would have come"
      ])
    for kind in ["cem", "random"] {
      #expect(
        warnings(#""base":{"environment":{"id":"cartpole"},"algorithm":{"kind":"\#(kind)"}}"#)
          .isEmpty)
    }
    #expect(
      warnings(#""base":{"environment":{"id":"cartpole"},"returns":{"baseline":"value"}}"#).isEmpty)
    #expect(warnings(#""base":{"preset":"tuned"}"#).isEmpty)
    let frames = #""base":{"preset":"tuned","environment":{"maxFrames":2000}}"#
    #expect(warnings(frames).first?.contains("after 2000 frames") == true)
    let remote = #""base":{"environment":{"id":"gymnasium:Acrobot-v1","maxFrames":300}}"#
    #expect(warnings(remote).first?.contains("after 300 frames") == true)
  }
}
