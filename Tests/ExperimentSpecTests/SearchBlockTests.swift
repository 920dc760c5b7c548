// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

@Suite("The search block")
struct SearchBlockTests {
  private let sweep =
    #""sweep": { "random": { "trials": 9, "set": { "optimizer.learningRate": { "min": 0.001, "max": 0.1, "scale": "log" } } } }"#

  private func file(_ search: String, _ more: String = #""seeds": 12"#) -> String {
    "{ \(sweep), \(more), \"score\": { \"goal\": \"maximize\" }, \"search\": \(search) }"
  }

  @Test("It is read, and what is left out has its default")
  func read() throws {
    let halving = try #require(load(file(#"{ "kind": "halving", "rungs": [500, 1500] }"#)).search)
    #expect(halving.settings.method == .halving(rungs: [500, 1500], eta: 3))
    #expect(halving.settings.confirm == 10 && halving.settings.reference == nil)
    #expect(halving.lengthPath == "training.episodes" && halving.fullLength == 8000)
    let tpe = try #require(load(file(#"{ "kind": "tpe", "gamma": 0.15, "confirm": 0 }"#)).search)
    #expect(tpe.settings.method == .tpe(startup: 10, perRound: 2, gamma: 0.15))
    #expect(tpe.settings.confirm == 0)
    #expect(tpe.draws.count == 9 && tpe.axes.map(\.path) == ["optimizer.learningRate"])
    let racing = try #require(
      load(
        file(
          #"{ "kind": "racing", "reference": { "optimizer.learningRate": 0.02 } }"#,
          #""seeds": 20"#)
      ).search)
    #expect(racing.settings.method == .racing(perRound: 2, alpha: 0.05))
    #expect(racing.settings.reference == ["optimizer.learningRate": 0.02])
    #expect(
      racing.settings.record == [
        "kind": "racing", "perRound": 2, "alpha": 0.05, "confirm": 10,
        "reference": ["optimizer.learningRate": 0.02],
      ])
    #expect(racing.referenceVariant()?.variants.first?.label == "reference")
    #expect(load("{ \(sweep), \"score\": { \"goal\": \"maximize\" } }").search == nil)
  }

  @Test("It changes no variant: those that a halving trains to the end are the sweep's")
  func identity() throws {
    let loaded = load(file(#"{ "kind": "halving", "rungs": [500] }"#))
    let space = try #require(loaded.search)
    let plan = try #require(loaded.plan)
    let variants = try #require(space.variants())
    #expect(variants.variants.map(\.configuration) == plan.variants.map(\.configuration))
    #expect(plan.trials.map(\.id).prefix(12) == (0..<12).map { variants.trial(0, seed: $0) }[...])
    let short = try #require(space.variants(length: 500, isEvaluated: false))
    #expect(short.variants[0].configuration[path: "training.episodes"] == 500)
    #expect(short.variants[0].configuration[path: "evaluation.episodes"] == 0)
    #expect(short.trial(0, seed: 0) != variants.trial(0, seed: 0))
  }

  @Test(
    "Places and values of a drawn axis belong to each other", arguments: [0, 0.2, 0.5, 0.999, 1])
  func places(place: Double) throws {
    let text = """
      { "sweep": { "random": { "trials": 2, "set": {
          "optimizer.learningRate": { "min": 0.001, "max": 0.1, "scale": "log" },
          "environment.maxFrames": { "min": 10, "max": 19 },
          "policy.hidden": { "min": 16, "max": 256, "scale": "log" },
          "returns.normalize": ["none", "episode"] } } },
        "score": { "goal": "maximize" }, "search": { "kind": "tpe" } }
      """
    let loaded = load(text)
    let axes = try #require(loaded.search, "\(loaded.renderedFindings())").axes
    let real = axes[0].cell(of: axes[0].value(at: place))
    #expect(abs(real.lowerBound - place) < 1e-5 && real.lowerBound == real.upperBound)
    for axis in axes[1...2] {
      let cell = axis.cell(of: axis.value(at: place))
      #expect(cell.lowerBound <= place + 1e-12 && place <= cell.upperBound + 1e-12)
      #expect(cell.upperBound > cell.lowerBound)
    }
    #expect(axes[1].value(at: place) == .number((10 + 10 * min(place, 0.95)).rounded(.down)))
    #expect(axes[3].value(ofLevel: 1) == "episode" && axes[3].level(of: "episode") == 1)
  }

  @Test(
    "What cannot be is an error with its place",
    arguments: [
      (#"{ "rungs": [5] }"#, "missing-key", "search.kind"),
      (#"{ "kind": "grid" }"#, "not-a-choice", "search.kind"),
      (#"{ "kind": "halving" }"#, "missing-key", "search.rungs"),
      (#"{ "kind": "halving", "rungs": [] }"#, "wrong-count", "search.rungs"),
      (#"{ "kind": "halving", "rungs": [500, 500] }"#, "out-of-range", "search.rungs"),
      (#"{ "kind": "halving", "rungs": [8000] }"#, "out-of-range", "search.rungs"),
      (#"{ "kind": "halving", "rungs": [500], "eta": 1 }"#, "out-of-range", "search.eta"),
      (#"{ "kind": "tpe", "eta": 3 }"#, "unknown-key", "search.eta"),
      (#"{ "kind": "tpe", "gamma": 1 }"#, "out-of-range", "search.gamma"),
      (#"{ "kind": "racing", "confirms": 1 }"#, "unknown-key", "search.confirms"),
      (#"{ "kind": "racing", "alpha": 0 }"#, "out-of-range", "search.alpha"),
      (
        #"{ "kind": "racing", "reference": { "policy.size": 1 } }"#, "unknown-key",
        #"search.reference["policy.size"]"#
      ),
      (
        #"{ "kind": "halving", "rungs": [500], "reference": { "algorithm.maxKL": 0.1 } }"#,
        "unused-key", "algorithm.maxKL"
      ),
    ])
  func errors(block: String, code: String, path: String) throws {
    let loaded = load(file(block))
    #expect(loaded.plan == nil && loaded.search == nil)
    let finding = try #require(loaded.findings.first)
    #expect(finding.path == path, "\(loaded.renderedFindings())")
    #expect(finding.code == code || code == "not-a-choice", "\(loaded.renderedFindings())")
    #expect(finding.range != nil)
  }

  @Test("What only the whole shows is an error too")
  func wholes() {
    func codes(_ text: String) -> [String] { load(text).findings.filter(\.isError).map(\.code) }
    let halving = #"{ "kind": "halving", "rungs": [500] }"#
    let score = #""score": { "goal": "maximize" }"#
    #expect(codes("{ \(score), \"search\": \(halving) }") == ["search-sweep"])
    #expect(
      codes(
        "{ \"sweep\": { \"grid\": { \"training.episodes\": [1000, 2000] } }, \(score), \"search\": \(halving) }"
      )
        == ["search-sweep"])
    #expect(
      codes(
        "{ \"sweep\": { \"grid\": { \"policy.bias\": [true, false] } }, \(score), \"search\": { \"kind\": \"tpe\" } }"
      )
        == ["search-sweep"])
    #expect(codes(file(#"{ "kind": "racing" }"#, #""seeds": 6"#)) == ["search-seeds"])
    let sides = #""sweep": { "grid": { "optimizer.kind": ["sgd", "rmsprop"] } }"#
    let claim =
      #""hypotheses": [ { "claim": "a", "better": { "optimizer.kind": "sgd" }, "than": { "optimizer.kind": "rmsprop" } } ]"#
    #expect(
      codes("{ \(sides), \(claim), \(score), \"search\": \(halving) }") == ["search-hypotheses"])
    #expect(
      codes(
        "{ \(sweep), \"score\": { \"goal\": \"minimize\", \"metric\": \"episodesToThreshold\", \"threshold\": 5 }, \"search\": \(halving) }"
      )
        == ["search-score"])
    let extended = loadExperiment(
      source: SourceText(name: "experiments/a.json", text: file(halving)), catalogue: testCatalogue,
      extension: "training.episodes=9000")
    #expect(extended.findings.map(\.code).contains("not-extendable"))
    #expect(
      load(file(halving), set: ["training.episodes=400"]).findings.map(\.code) == ["out-of-range"])
  }
}
