// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import Testing

@Suite("Large sweeps and long lines")
struct LargeSweepTests {
  @Test("More trials than can be planned in seconds are refused before anything is made")
  func limit() {
    func codes(_ trials: Int, seeds: Int) -> [String] {
      load(
        """
        { "seeds": \(seeds), "sweep": { "random": { "trials": \(trials), "set": {
          "optimizer.learningRate": { "min": 0.001, "max": 1 } } } } }
        """
      ).findings.map(\.code)
    }
    #expect(codes(100_000, seeds: 2) == ["too-many-trials"])
    #expect(codes(1_000_000, seeds: 1) == ["out-of-range"])
    #expect(!codes(1_000, seeds: 2).contains("too-many-trials"))
  }

  @Test("A sweep of very many small parts is refused where the plan would grow by their square")
  func parts() {
    func text(_ count: Int) -> String {
      let parts = (0..<count).map { "{\"grid\":{\"optimizer.learningRate\":[\($0 + 1)]}}" }
      return "{ \"sweep\": { \"concat\": [\(parts.joined(separator: ","))] } }"
    }
    #expect(load(text(4_000)).findings.map(\.code) == ["too-many-trials"])
    let some = load(text(300))
    #expect(some.plan?.variants.count == 300, "\(some.renderedFindings())")
    #expect(some.plan?.arithmetic.contains("… of 297 more parts = 300 variants") == true)
  }

  @Test("Ten thousand wrong values on one line are each told at their place")
  func longLine() throws {
    let values = Array(repeating: "\"é\"", count: 9_000).joined(separator: ", ")
    let loaded = load("{ \"seeds\": [\(values)] }")
    #expect(loaded.findings.count == 9_000)
    let last = try #require(loaded.findings.last?.range)
    // Five columns a value behind the head of the line.
    #expect(last.start == SourcePosition(line: 1, column: 13 + 5 * 8_999))
    let text = loaded.renderedFindings()
    #expect(text.hasSuffix(" | " + String(repeating: " ", count: 115) + "^~~\n"))
  }

  @Test("Beyond ten thousand errors the others are counted")
  func manyErrors() {
    let values = Array(repeating: "\"x\"", count: 10_400).joined(separator: ",")
    let loaded = load("{ \"sweep\": { \"grid\": { \"optimizer.learningRate\": [\(values)] } } }")
    #expect(loaded.findings.count == 10_000)
    #expect(loaded.findings.last?.notes.last == "400 more are not shown")
  }

  @Test("Conditions and partners are found as if each were tried")
  func conditions() throws {
    let rates = (1...40).map { "0.0\($0 + 10)" }
    let excluded = rates.prefix(39).map {
      "{ \"optimizer.learningRate\": \($0), \"returns.discount\": null }"
    }
    let loaded = load(
      """
      { "sweep": { "grid": { "optimizer.learningRate": [\(rates.joined(separator: ","))],
                             "returns.discount": [null, 0.99] },
                   "exclude": [\(excluded.joined(separator: ",")), { "returns.discount": 0.5 }] },
        "seeds": 8,
        "hypotheses": [{ "claim": "c", "better": { "returns.discount": 0.99 },
                         "than": { "returns.discount": null } }] }
      """)
    let plan = try #require(loaded.plan)
    #expect(plan.variants.count == 41)
    #expect(plan.hypotheses[0].pairs.count == 1)
    #expect(loaded.findings.map(\.code) == ["exclude-matches-nothing"])
  }

  @Test("A label that an author chose is not given to another variant")
  func labels() throws {
    let loaded = load(
      """
      { "sweep": { "concat": [
          { "cases": [ { "label": "a", "set": { "optimizer.learningRate": 1 } },
                       { "label": "a (2)", "set": { "optimizer.learningRate": 2 } } ] },
          { "cases": [ { "label": "a", "set": { "optimizer.learningRate": 3 } } ] } ] } }
      """)
    let labels = try #require(loaded.plan).variants.map(\.label)
    #expect(labels == ["a", "a (2)", "a (3)"])
  }
}
