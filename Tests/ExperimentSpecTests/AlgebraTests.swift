// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

@Suite("The algebra of sweeps")
struct AlgebraTests {
  private func planned(_ sweep: String, seeds: String = "1", base: String = "{}") -> Plan? {
    load(
      """
      { "base": \(base), "sweep": \(sweep), "seeds": \(seeds), "score": { "goal": "maximize" } }
      """
    ).plan
  }

  private let algorithms =
    #"{ "grid": { "algorithm.kind": ["reinforce", "kl-line-search"] } }"#
  private let searches = #"""
    { "when": { "algorithm.kind": "kl-line-search" }, "grid": { "algorithm.maxKL": [0.01, 0.1] } }
    """#

  @Test("Everything at once makes the plan that its parts say")
  func everything() throws {
    let loaded = load(algebraExample)
    #expect(loaded.findings.isEmpty, "\(loaded.renderedFindings())")
    let plan = try #require(loaded.plan)
    #expect(
      plan.arithmetic
        == "(2 cases, 1 of 2 × 3 maxKL values) × (2 pairs + 3 draws) − 1 excluded"
        + " = 19 variants × 2 seeds = 38 trials")
    #expect(
      plan.axes.map(\.path)
        == [
          "case", "algorithm.maxKL", "zip", "policy.hidden", "optimizer.learningRate",
          "environment.frameSkip",
        ])
    #expect(plan.axes.map(\.draw) == [nil, nil, nil, .logarithmic, .logarithmic, .choice])
    #expect(plan.axes[2].label == "hidden, learningRate")
    #expect(plan.variants[0].label == "vanilla PG · hidden [50], learningRate 0.003")
    #expect(
      plan.variants[5].label == "KL line search · maxKL 0.003 · hidden [50], learningRate 0.003")
    #expect(try Plan(decoding: plan.encoded()) == plan)
  }

  @Test("A zip goes in step, and its paths are one difference")
  func zip() throws {
    let plan = try #require(
      planned(
        #"{ "zip": { "policy.hidden": [[50], [100], [100]], "returns.discount": [0.9, 0.9, null] } }"#
      ))
    #expect(plan.arithmetic == "3 pairs = 3 variants × 1 seed = 3 trials")
    #expect(
      plan.variants.map(\.label) == [
        "hidden [50], discount 0.9", "hidden [100], discount 0.9", "hidden [100], discount off",
      ])
    #expect(plan.axes.map(\.values) == [["[50], 0.9", "[100], 0.9", "[100], off"]])
    #expect(plan.variants.map(\.levels) == [[0], [1], [2]])
    #expect(
      planned(#"{ "zip": { "returns.discount": [0.9, 1] } }"#)?.arithmetic
        == "2 discounts = 2 variants × 1 seed = 2 trials")
    let three = #"""
      { "zip": { "returns.discount": [1], "policy.bias": [true], "policy.hidden": [[3]] } }
      """#
    #expect(planned(three)?.arithmetic == "1 triple = 1 variant × 1 seed = 1 trial")
  }

  @Test("A parameter under a condition varies only where the condition holds")
  func when() throws {
    let plan = try #require(planned("{ \"product\": [\(algorithms), \(searches)] }", seeds: "10"))
    #expect(
      plan.arithmetic
        == "2 algorithms, 1 of 2 × 2 maxKL values = 3 variants × 10 seeds = 30 trials")
    #expect(
      plan.variants.map(\.label)
        == ["reinforce", "kl-line-search · maxKL 0.01", "kl-line-search · maxKL 0.1"])
    #expect(plan.variants.map(\.levels) == [[0, nil], [1, 0], [1, 1]])
    #expect(
      plan.variants.map { $0.differing.map(\.path) } == [
        ["algorithm.kind"], ["algorithm.kind", "algorithm.maxKL"],
        ["algorithm.kind", "algorithm.maxKL"],
      ])
  }

  @Test("A condition sees what base, preset and defaults say; a list is an alternative")
  func conditionsOfBase() throws {
    let sweep = "{ \"product\": [\(searches)] }"
    let base = #"{ "algorithm": { "kind": "kl-line-search" } }"#
    #expect(planned(sweep, base: base)?.variants.count == 2)
    #expect(planned(sweep)?.variants.map(\.label) == ["base"])
    #expect(planned(searches)?.variants.map(\.label) == ["base"])
    let either = #"""
      { "product": [ { "grid": { "returns.discount": [0.9, 0.99, 1] } },
        { "when": [ { "returns.discount": 0.9 }, { "returns.discount": 1 } ],
          "grid": { "policy.bias": [true, false] } },
        { "when": { "preset": "tuned", "optimizer.decay": 0.9 },
          "grid": { "training.episodes": [1, 2] } } ] }
      """#
    #expect(
      planned(either, base: #"{ "preset": "tuned" }"#)?.arithmetic
        == "(3 discounts, 2 of 3 × 2 biases) × 2 episodes values = 10 variants × 1 seed = 10 trials"
    )
  }

  @Test(
    "In a concat, a part that does not apply adds nothing; a whole that does not changes nothing")
  func conditionsInConcat() throws {
    let sweep = #"""
      { "product": [ { "grid": { "returns.discount": [0.9, 0.99, 1] } },
        { "concat": [
          { "when": { "returns.discount": 0.9 }, "grid": { "policy.bias": [true, false] } },
          { "when": { "returns.discount": 0.99 }, "grid": { "training.episodes": [1, 2] } } ] } ] }
      """#
    let plan = try #require(planned(sweep))
    #expect(
      plan.variants.map(\.label) == [
        "discount 0.9 · bias on", "discount 0.9 · bias off", "discount 0.99 · episodes 1",
        "discount 0.99 · episodes 2", "discount 1",
      ])
    #expect(
      plan.arithmetic
        == "3 discounts, 5 with what applies to each = 5 variants × 1 seed = 5 trials")
  }

  @Test("Parts under conditions that exclude each other may set the same path")
  func exclusiveConditions() throws {
    let sweep = #"""
      { "product": [ \#(algorithms),
        { "when": { "algorithm.kind": "reinforce" }, "grid": { "training.episodes": [1, 2] } },
        { "when": { "algorithm.kind": "kl-line-search" }, "grid": { "training.episodes": [3] } } ] }
      """#
    #expect(
      planned(sweep)?.variants.map(\.label) == [
        "reinforce · episodes 1", "reinforce · episodes 2", "kl-line-search · episodes 3",
      ])
  }

  @Test("An exclude within a product sees the parts before it")
  func innerExclude() throws {
    let sweep = #"""
      { "product": [ { "grid": { "returns.discount": [0.9, 1] } },
        { "grid": { "policy.bias": [true, false] },
          "exclude": [ { "returns.discount": 1, "policy.bias": true } ] } ] }
      """#
    let plan = try #require(planned(sweep))
    #expect(
      plan.arithmetic == "2 discounts × 2 biases − 1 excluded = 3 variants × 1 seed = 3 trials")
    let same = sweep.replacing(#""returns.discount": 1, "#, with: "")
    #expect(
      planned(same)?.arithmetic
        == "2 discounts × (2 biases − 1 excluded) = 2 variants × 1 seed = 2 trials")
  }

  @Test("Labels have only what differs")
  func labels() throws {
    let sweep = #"""
      { "product": [ { "grid": { "returns.discount": [0.9, 1], "training.episodes": [50] } },
        { "cases": [ { "set": { "policy.bias": true, "policy.hidden": [4] } },
                     { "set": { "policy.bias": false, "policy.hidden": [4] } } ] } ] }
      """#
    let plan = try #require(planned(sweep))
    #expect(
      plan.variants.map(\.label) == [
        "discount 0.9 · bias on", "discount 0.9 · bias off", "discount 1 · bias on",
        "discount 1 · bias off",
      ])
    #expect(plan.variants[0].differing.map(\.path) == ["returns.discount", "policy.bias"])
  }

  @Test("Variants that are the same are kept once, with a warning that names them")
  func merging() throws {
    let loaded = load(
      #"""
      { "sweep": { "concat": [
          { "grid": { "returns.discount": [0.9, 0.99], "policy.bias": [true, false] } },
          { "grid": { "policy.bias": [false, true] } },
          { "cases": [ { "label": "as it is", "set": {} } ] } ] },
        "seeds": 2, "score": { "goal": "maximize" } }
      """#)
    let plan = try #require(loaded.plan)
    #expect(
      plan.arithmetic
        == "2 discounts × 2 biases + 2 biases + 1 case − 3 duplicates"
        + " = 4 variants × 2 seeds = 8 trials")
    #expect(Set(plan.trials.map(\.id)).count == 8)
    #expect(plan.variants.map(\.index) == [0, 1, 2, 3])
    #expect(loaded.findings.map(\.code) == ["duplicate-variant"])
    #expect(loaded.findings.allSatisfy { !$0.isError })
    #expect(loaded.findings[0].notes.count == 2)
  }

  @Test("Conditions that multiply beyond reason are refused before memory is full")
  func size() {
    let values = (1...200).map(String.init).joined(separator: ",")
    let part = { (path: String) in
      "{ \"when\": { \"policy.bias\": false }, \"grid\": { \"\(path)\": [\(values)] } }"
    }
    let paths = ["training.episodes", "environment.maxFrames", "algorithm.episodesPerUpdate"]
    let text = "{ \"product\": [\(paths.map(part).joined(separator: ","))] }"
    let shown = messages("{ \"sweep\": \(text), \"score\": { \"goal\": \"maximize\" } }")
    #expect(shown.contains("error[too-many-trials]: sweep: found more than 100,000 trials"))
  }
}
