// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

@Suite("Trial identity")
struct IdentityTests {
  private func planned(_ base: String, head: String = "") -> Plan? {
    load(#"{ \#(head) "base": \#(base), "score": { "goal": "maximize" } }"#).plan
  }

  private func id(_ base: String, head: String = "") -> String? {
    planned(base, head: head)?.trials[0].id
  }

  @Test("The identity is canonical JSON, and the id its SHA-256, for good")
  func known() throws {
    let plan = try #require(planned("{}"))
    let (json, id) = trialIdentity(
      configuration: plan.variants[0].configuration, seed: 0, rootSeed: 0, catalogue: testCatalogue)
    #expect(
      json
        == #"{"algorithm":{"episodesPerUpdate":10,"kind":"reinforce"},"#
        + #""environment":{"actions":["RIGHT","LEFT"],"frameSkip":4,"id":"pong","maxFrames":108000,"#
        + #""stickyActions":0},"observation":{"kind":"difference"},"#
        + #""optimizer":{"decay":0.99,"epsilon":0.00001,"kind":"rmsprop","learningRate":0.001},"#
        + #""policy":{"bias":false,"hidden":[200],"kind":"mlp"},"#
        + #""returns":{"discount":0.99,"normalize":"episode","resetAtPoint":true},"seed":0,"#
        + #""training":{"episodes":8000}}"#)
    #expect(id == "840b19706a77")
    #expect(plan.trials[0].id == id)
  }

  @Test("What a person calls it, how it is judged and kept does not enter")
  func outside() {
    let plain = id("{}")
    #expect(plain == id(#"{ "evaluation": { "episodes": 3, "mode": "greedy" } }"#))
    #expect(plain == id(#"{ "training": { "checkpointEvery": 7 } }"#))
    #expect(plain == id("{}", head: #""title": "x", "question": "y", "notes": "z","#))
    #expect(plain == id("{}", head: #""rootSeed": 0, "seeds": 9,"#))
  }

  @Test("What was said and what holds anyway are the same")
  func defaults() {
    #expect(id("{}") == id(#"{ "returns": { "discount": 0.990 }, "policy": { "hidden": [2e2] } }"#))
    #expect(
      id(#"{ "environment": { "frameSkip": 3 } }"#)
        == id(#"{ "environment": { "frameSkip": { "max": 3, "min": 3 } } }"#))
  }

  @Test("A later addition enters only where it is used")
  func silent() {
    #expect(id("{}") == id(#"{ "training": { "antithetic": false } }"#))
    #expect(id("{}") != id(#"{ "training": { "antithetic": true } }"#))
  }

  @Test("Seed and root seed enter")
  func seeds() throws {
    let two = try #require(planned("{}", head: #""seeds": [0, 5],"#))
    #expect(two.trials[0].id == id("{}"))
    #expect(two.trials[1].id != two.trials[0].id)
    #expect(id("{}", head: #""rootSeed": 1,"#) != id("{}"))
    let json = trialIdentity(
      configuration: two.variants[0].configuration, seed: 5, rootSeed: 7, catalogue: testCatalogue
    ).json
    #expect(json.contains(#""rootSeed":7,"seed":5,"#))
  }

  @Test("Each trial of a sweep bears the name that its configuration and seed alone give")
  func sweeps() throws {
    let plan = try #require(
      planned(
        #"{ "returns": { "normalize": "batch" } }"#,
        head: #"""
          "seeds": [7, 0, 3], "rootSeed": 5,
          "sweep": { "product": [
            { "grid": { "policy.bias": [false, true], "algorithm.kind": ["reinforce", "kl-line-search"] } },
            { "random": { "trials": 9, "set": {
              "optimizer.learningRate": { "min": 1e-4, "max": 1, "scale": "log" },
              "returns.discount": [0.5, 0.99, null] } } } ] },
          """#))
    #expect(plan.trials.count == 4 * 9 * 3)
    for trial in plan.trials {
      let alone = trialIdentity(
        configuration: plan.configuration(of: trial), seed: trial.seed, rootSeed: 5,
        catalogue: testCatalogue)
      #expect(trial.id == alone.id)
    }
  }
}
