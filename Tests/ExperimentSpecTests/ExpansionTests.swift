// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Statistics
import Testing

@Suite("Sweeps")
struct ExpansionTests {
  private func planned(_ sweep: String, seeds: String = "1", base: String = "{}") -> Plan? {
    load(
      """
      { "base": \(base), "sweep": \(sweep), "seeds": \(seeds), "score": { "goal": "maximize" } }
      """
    ).plan
  }

  @Test("The contract's example makes the plan that it says")
  func example() throws {
    let loaded = load(fullExample)
    #expect(loaded.findings.isEmpty)
    let plan = try #require(loaded.plan)
    #expect(
      plan.arithmetic
        == "2 discounts × 2 normalizations × 2 cases − 2 excluded = 6 variants × 10 seeds = 60 trials"
    )
    #expect(
      plan.variants.map(\.label) == [
        "discount off · normalize episode · vanilla PG",
        "discount off · normalize episode · KL line search",
        "discount 0.99 · normalize none · vanilla PG",
        "discount 0.99 · normalize none · KL line search",
        "discount 0.99 · normalize episode · vanilla PG",
        "discount 0.99 · normalize episode · KL line search",
      ])
    #expect(plan.axes.map(\.path) == ["returns.discount", "returns.normalize", "case"])
    #expect(plan.axes[0].values == ["off", "0.99"])
    #expect(plan.variants[1].levels == [0, 1, 1])
    #expect(plan.hypotheses[0].pairs == [[1, 0], [3, 2], [5, 4]])
    #expect(plan.trials.map(\.number) == Array(1...60))
    #expect(plan.trials[13].variant == 1 && plan.trials[13].seed == 3)
    #expect(Set(plan.trials.map(\.id)).count == 60)
    #expect(plan.score.range == [-21, 21])
  }

  @Test(
    "The count is told as it comes about",
    arguments: [
      (#"{ "grid": { "returns.discount": [0.9] } }"#, "1 discount = 1 variant × 1 seed = 1 trial"),
      (
        #"{ "grid": { "optimizer.learningRate": [1, 2], "policy.bias": [true, false] } }"#,
        "2 learning rates × 2 biases = 4 variants × 1 seed = 4 trials"
      ),
      (
        #"{ "grid": { "algorithm.episodesPerUpdate": [1, 2], "algorithm.kind": ["reinforce"] } }"#,
        "2 episodesPerUpdate values × 1 algorithm = 2 variants × 1 seed = 2 trials"
      ),
      (
        #"""
        { "product": [ { "concat": [ { "grid": { "returns.discount": [0.9, 0.8] } },
          { "cases": [ { "set": { "returns.discount": null } } ] } ] },
          { "grid": { "policy.hidden": [[1], [2], [3]] } } ] }
        """#, "(2 discounts + 1 case) × 3 hidden layouts = 9 variants × 1 seed = 9 trials"
      ),
      (
        #"{ "grid": { "preset": ["tuned", "karpathy-2016"] } }"#,
        "2 presets = 2 variants × 1 seed = 2 trials"
      ),
    ])
  func arithmetic(sweep: String, expected: String) {
    #expect(planned(sweep)?.arithmetic == expected)
  }

  @Test("Without a sweep there is one variant")
  func none() throws {
    let plan = try #require(load(#"{ "seeds": 3, "score": { "goal": "minimize" } }"#).plan)
    #expect(plan.arithmetic == "1 variant × 3 seeds = 3 trials")
    #expect(plan.variants.map(\.label) == ["base"])
    #expect(plan.seeds == [0, 1, 2])
    #expect(plan.name == "a" && plan.title == "a")
  }

  @Test("Points come as the file lists them, the first axis slowest")
  func order() throws {
    let plan = try #require(
      planned(#"{ "grid": { "returns.discount": [1, 0.5], "policy.bias": [true, false] } }"#))
    #expect(
      plan.variants.map(\.label) == [
        "discount 1 · bias on", "discount 1 · bias off", "discount 0.5 · bias on",
        "discount 0.5 · bias off",
      ])
    #expect(plan.variants[1].differing.map(\.path) == ["returns.discount", "policy.bias"])
  }

  @Test("Equal last words are told apart by whole paths, selectors and intervals are short")
  func labels() throws {
    let two = try #require(
      planned(#"{ "zip": { "training.episodes": [1, 2], "evaluation.episodes": [7, 8] } }"#))
    #expect(two.variants[0].label == "training.episodes 1, evaluation.episodes 7")
    let short = try #require(
      planned(
        #"{ "grid": { "algorithm.kind": ["random"], "environment.frameSkip": [{ "min": 2, "max": 4 }] } }"#
      ))
    #expect(short.variants[0].label == "random · frameSkip 2–4")
    let derived = try #require(
      planned(
        #"{ "cases": [ { "set": { "returns.discount": null, "policy.hidden": [8, 4] } }, { "set": {} } ] }"#
      ))
    #expect(derived.variants.map(\.label) == ["discount off, hidden [8, 4]", "unchanged"])
  }

  @Test("An exclude sees what base and defaults say, too")
  func exclude() throws {
    let plan = try #require(
      planned(
        #"""
        { "grid": { "returns.discount": [null, 0.9, 0.99] },
          "exclude": [ { "returns.discount": null, "policy.bias": false, "returns.normalize": "batch" } ] }
        """#, base: #"{ "returns": { "normalize": "batch" } }"#))
    #expect(plan.arithmetic == "3 discounts − 1 excluded = 2 variants × 1 seed = 2 trials")
  }

  @Test("Defaults lie under the preset, the preset under base, base under the sweep")
  func layers() throws {
    let plan = try #require(
      planned(
        #"{ "cases": [ { "set": { "preset": "karpathy-2016" } }, { "set": { "optimizer.decay": 0.5 } } ] }"#,
        base: #"{ "preset": "tuned", "optimizer": { "learningRate": 0.02 } }"#))
    func value(_ variant: Int, _ path: String) -> ConfigValue? {
      plan.variants[variant].configuration[path: path]
    }
    #expect(value(0, "optimizer.decay") == 0.99)
    #expect(value(1, "optimizer.decay") == 0.5)
    #expect(value(0, "optimizer.learningRate") == 0.02)
    #expect(value(0, "optimizer.epsilon") == 1e-5)
    #expect(plan.variants.map(\.preset) == ["karpathy-2016", "tuned"])
  }

  @Test("Keys of base and preset that a variant does not use are dropped and named")
  func dropped() throws {
    let plan = try #require(
      planned(
        #"{ "grid": { "optimizer.kind": ["rmsprop", "sgd"] } }"#,
        base: #"{ "preset": "tuned", "optimizer": { "epsilon": 1e-6 } }"#))
    #expect(plan.variants[0].dropped.isEmpty)
    #expect(
      plan.variants[1].dropped == [
        "optimizer.decay of preset \"tuned\" is not used: optimizer.kind is \"sgd\"",
        "base.optimizer.epsilon is not used: optimizer.kind is \"sgd\"",
      ])
    #expect(
      plan.variants[1].configuration[path: "optimizer"] == ["kind": "sgd", "learningRate": 1e-3])
  }

  @Test("A hypothesis about a case takes all that the case sets as one difference")
  func casePairs() throws {
    let loaded = load(
      #"""
      { "sweep": { "product": [ { "grid": { "policy.bias": [true, false] } }, { "cases": [
          { "label": "slow", "set": { "preset": "karpathy-2016", "optimizer.epsilon": 1e-3 } },
          { "label": "fast", "set": { "preset": "tuned", "optimizer.epsilon": 1e-4 } } ] } ] },
        "score": { "goal": "maximize" },
        "hypotheses": [ { "claim": "c", "better": { "preset": "tuned" }, "than": { "preset": "karpathy-2016" } } ] }
      """#)
    let plan = try #require(loaded.plan)
    #expect(plan.hypotheses[0].pairs == [[1, 0], [3, 2]])
    #expect(plan.hypotheses[0].measure == .difference && plan.hypotheses[0].atLeast == 0)
  }

  @Test("10,000 variants each have their own label, trial and line")
  func large() throws {
    let discounts = (1...100).map { String(Double($0) / 128) }.joined(separator: ",")
    let rates = (1...100).map { String(Double($0) / 1024) }.joined(separator: ",")
    let plan = try #require(
      planned(
        "{ \"grid\": { \"returns.discount\": [\(discounts)], \"optimizer.learningRate\": [\(rates)] } }"
      ))
    #expect(plan.trials.count == 10_000)
    #expect(Set(plan.variants.map(\.label)).count == 10_000)
    #expect(Set(plan.trials.map(\.id)).count == 10_000)
    #expect(try Plan(decoding: plan.encoded()) == plan)
  }
}
