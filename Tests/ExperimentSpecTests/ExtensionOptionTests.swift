// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

@Suite("--extend")
struct ExtensionOptionTests {
  private let text = #"""
    { "base": { "training": { "episodes": 100 } }, "seeds": 2,
      "sweep": { "grid": { "returns.discount": [null, 0.99] } }, "score": { "goal": "maximize" } }
    """#

  @Test("All variants train longer, and the plan says so")
  func longer() throws {
    let loaded = load(text, extension: "training.episodes=300")
    let plan = try #require(loaded.plan)
    #expect(loaded.findings.isEmpty)
    #expect(plan.variants.allSatisfy { $0.configuration[path: "training.episodes"] == 300 })
    #expect(plan.overrides == ["--extend training.episodes=300"])
    #expect(
      plan.trials.map(\.id) == load(text, set: ["training.episodes=300"]).plan?.trials.map(\.id))
    #expect(plan.trials.allSatisfy { $0.extends == nil })
  }

  @Test("It goes on from what --set says")
  func afterSet() {
    let loaded = load(text, set: ["training.episodes=200"], extension: "training.episodes=201")
    #expect(loaded.plan?.variants[0].configuration[path: "training.episodes"] == 201)
  }

  @Test("A trial that continues another keeps that in the plan")
  func stored() throws {
    var plan = try #require(load(text, extension: "training.episodes=300").plan)
    plan.trials[1].extends = "0123456789ab"
    #expect(try Plan(decoding: plan.encoded()) == plan)
  }

  @Test(
    "What does not make trials longer is refused with its reason",
    arguments: [
      (
        "training.episodes=100",
        #"found 100; allowed: more than 100, which "discount off" trains for in any case"#
      ),
      ("training.episodes=99", "out-of-range"), ("training.episodes=1.5", "wrong-kind"),
      ("training.episodes", "such as --extend training.episodes=1000"),
      ("optimizer.decay=0.5", "it is not how long a trial trains; allowed: training.episodes=N"),
      ("training.epsodes=500", #"did you mean "training.episodes"?"#),
    ])
  func refused(option: String, says: String) {
    let loaded = load(text, extension: option)
    #expect(loaded.plan == nil)
    let shown = loaded.renderedFindings()
    #expect(shown.contains(says) && shown.hasPrefix("--extend:1:"), "\(shown)")
  }

  @Test("A sweep over the length is not extended")
  func swept() {
    let varied = text.replacing(
      "\"returns.discount\": [null, 0.99]", with: "\"training.episodes\": [5, 9]")
    let shown = load(varied, extension: "training.episodes=500").renderedFindings()
    #expect(shown.contains("not-extendable"), "\(shown)")
    #expect(shown.contains("the sweep varies it (2:24)"), "\(shown)")
  }
}
