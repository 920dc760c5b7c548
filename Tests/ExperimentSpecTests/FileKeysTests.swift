// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import Statistics
import Testing

/// The keys that say something about the file and its score, each with all it may have.
let aboutExample = """
  {
    "title": "About", "author": "A. Author", "tags": ["pong", "ablation"], "description": "Short.",
    "seeds": [1, 2],
    "score": { "metric": "episodesToThreshold", "window": 20, "goal": "minimize", "threshold": 15,
               "range": [-21, 21] },
    "hypotheses": [ { "claim": "c", "better": { "returns.discount": 0.99 },
                      "than": { "returns.discount": null }, "atLeast": 0.5 } ],
    "sweep": { "grid": { "returns.discount": [null, 0.99] } }
  }
  """

@Suite("What a file says of itself and of its score")
struct FileKeysTests {
  private func codes(_ text: String) -> [String] { load(text).findings.map(\.code) }

  @Test("Author, tags and description are kept and name no other trials")
  func about() throws {
    let plan = try #require(load(aboutExample).plan)
    #expect(
      plan.about
        == Plan.About(author: "A. Author", tags: ["pong", "ablation"], description: "Short."))
    let bare = aboutExample.replacing(/"author".*Short."/, with: "\"notes\": \"\"")
    let plain = try #require(load(bare).plan)
    #expect(plain.about == nil)
    #expect(plain.trials == plan.trials)
    #expect(try Plan(decoding: plan.encoded()) == plan)
    // A plan without them is written as it was before there were any.
    let text = String(decoding: plain.encoded(), as: UTF8.self)
    #expect(!text.contains("\"about\""))
    #expect(try Plan(decoding: plain.encoded()) == plain)
  }

  @Test(
    "What tags may not be is refused with its place",
    arguments: [
      (#"{ "tags": "pong" }"#, "wrong-kind"), (#"{ "tags": ["a", 1] }"#, "wrong-kind"),
      (#"{ "tags": ["a", ""] }"#, "wrong-kind"), (#"{ "tags": ["a", "a"] }"#, "duplicate-value"),
      (#"{ "author": 1 }"#, "wrong-kind"), (#"{ "description": [] }"#, "wrong-kind"),
    ])
  func badAbout(text: String, code: String) {
    let loaded = load(text)
    #expect(loaded.plan == nil && loaded.findings.map(\.code) == [code])
    #expect(loaded.findings.allSatisfy { $0.range != nil })
  }

  @Test("Without a score the last hundred returns count, as great as possible")
  func defaultScore() throws {
    #expect(try #require(load("{}").plan).score == Plan.Score(range: [-21, 21]))
    let plan = try #require(load(#"{ "score": { "window": 7 } }"#).plan)
    #expect(plan.score == Plan.Score(window: 7, goal: .maximize, range: [-21, 21]))
  }

  @Test(
    "What cannot change a score is said, and so is a goal that wants the worse",
    arguments: [
      (#"{ "metric": "evaluationReturn", "window": 5 }"#, ["unused-key"]),
      (#"{ "metric": "return", "reduction": "last", "window": 5 }"#, ["unused-key"]),
      (#"{ "metric": "evaluationReturn", "reduction": "best" }"#, ["unused-key"]),
      (
        #"{ "metric": "episodesToThreshold", "threshold": 1, "reduction": "iqm", "goal": "minimize" }"#,
        ["unused-key"]
      ),
      (#"{ "metric": "episodesToThreshold", "threshold": 1 }"#, ["odd-goal"]),
      (
        #"{ "metric": "episodesToThreshold", "threshold": 1, "window": 3, "goal": "minimize" }"#, []
      ),
      (#"{ "metric": "return", "reduction": "best", "window": 3 }"#, []),
    ])
  func idleKeys(score: String, expected: [String]) {
    let loaded = load("{ \"score\": \(score) }")
    #expect(loaded.findings.map(\.code) == expected)
    #expect(loaded.plan != nil && loaded.findings.allSatisfy { $0.severity == .warning })
  }

  @Test(
    "Ranges that no number could be scaled by are refused",
    arguments: [
      "[-1.7e308, 1.7e308]", "[0, 1e101]", "[-1e300, 0]", "[1, 1]", "[2, 1]", "[0]", "[0, 1, 2]",
    ])
  func ranges(range: String) {
    #expect(load("{ \"score\": { \"range\": \(range) } }").plan == nil)
    #expect(load(#"{ "score": { "range": [-1e100, 1e100] } }"#).plan != nil)
  }

  @Test(
    "Thresholds and margins beyond what can be squared are refused", arguments: ["1e308", "-1e101"])
  func margins(number: String) {
    #expect(load("{ \"score\": { \"threshold\": \(number) } }").plan == nil)
    #expect(
      codes(aboutExample.replacing("\"atLeast\": 0.5", with: "\"atLeast\": \(number)"))
        .contains("out-of-range"))
  }

  @Test("Names have capitals and underscores", arguments: ["My_Exp", "A", "0_a-B", "x__"])
  func names(name: String) {
    let source = SourceText(name: "experiments/\(name).json", text: "{ \"name\": \"\(name)\" }")
    let loaded = loadExperiment(source: source, catalogue: testCatalogue)
    #expect(loaded.plan?.name == name, "\(loaded.renderedFindings())")
  }

  @Test(
    "Other names are refused",
    arguments: ["_a", "-a", "a b", "a.b", "ä", "", "a/b", String(repeating: "a", count: 65)])
  func badNames(name: String) { #expect(!isExperimentName(name)) }

  @Test("Comments stand between values of a file, and nowhere else")
  func comments() throws {
    let text = """
      // Why.
      { /* one */ "title": /* two
         lines */ "T", // "title": "U",
        "seeds": [1, /* , */ 2] // end
      } // tail
      /**/
      """
    let loaded = load(text)
    #expect(loaded.findings.isEmpty, "\(loaded.renderedFindings())")
    #expect(loaded.plan?.title == "T" && loaded.plan?.seeds == [1, 2])
    #expect(codes("{} /* open").contains("truncated"))
    #expect(codes("{ # no\n }") == ["comment"])
    #expect(load("{}", set: ["training.episodes=/* a */ 5"]).plan == nil)
    #expect(
      JSONReader.read(SourceText(name: "a", text: "{} // x")).findings.map(\.code) == ["comment"])
    let title = "{ \"title\": \"a // b /* c */\" }"
    #expect(load(title).plan?.title == "a // b /* c */")
  }

  @Test("A JSON Schema is no experiment, and is told from a broken one")
  func schema() {
    let loaded = load(jsonSchema(for: testCatalogue))
    #expect(loaded.isSchema && loaded.plan == nil)
    #expect(loaded.findings.map(\.code) == ["not-an-experiment"])
    #expect(!load(#"{ "$schema": "../docs/reference/experiment.schema.json" }"#).isSchema)
  }

  @Test(
    "Seeds that cannot decide the claims are told, and how many could",
    arguments: [
      (5, 1, 6), (6, 1, nil), (6, 2, 7), (7, 2, nil), (7, 3, 7), (8, 4, 8), (3, 1, 6),
    ] as [(Int, Int, Int?)])
  func fewSeeds(seeds: Int, claims: Int, needed: Int?) {
    let claim =
      #"{ "claim": "c", "better": { "returns.discount": 0.99 }, "than": { "returns.discount": null } }"#
    let text = """
      { "seeds": \(seeds), "sweep": { "grid": { "returns.discount": [null, 0.99] } },
        "hypotheses": [\(Array(repeating: claim, count: claims).joined(separator: ","))] }
      """
    let loaded = load(text)
    let isEnough = seeds >= 6 && Double(claims) * 2 / Double(1 << seeds) < 0.05
    #expect(loaded.findings.isEmpty == isEnough)
    if let needed, !isEnough {
      #expect(loaded.findings.map(\.code) == ["too-few-seeds"])
      #expect(loaded.findings[0].sentence.contains("at least \(needed) can"))
      #expect(load(text, seeds: "\(needed)").findings.isEmpty)
    }
  }
}
