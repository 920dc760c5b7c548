// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("Compare", .serialized)
struct CompareTests {
  @Test("Runs are compared on a page, in text and as JSON, and the index names all reports")
  func compare() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 2)
    try program.writeSmall("other", episodes: 30, seeds: 2)
    for name in ["small", "other"] { try program.run("run", "experiments/\(name).json") }
    let done = try program.run("compare", "small", "other")
    #expect(done.status == 0, "\(done.error)")
    #expect(done.output.hasPrefix("reports/compare-small-other/index.html\n\nrun "))
    #expect(done.output.contains("discount 0.99  other over small  2 pairs"))
    let page = try program.text("reports/compare-small-other/index.html")
    #expect(page.contains("<code>training.episodes</code></th><td><code>20</code>"))
    #expect(page.contains("a difference of"))
    let index = try program.text("reports/index.html")
    for name in ["small", "other", "compare-small-other"] {
      #expect(index.contains("href=\"\(name)/index.html\""))
    }
    let id = try #require(try program.trialFolders("small").first).lastPathComponent
    for trial in ["small/\(id.prefix(6))", "runs/small/trials/\(id)"] {
      let trials = try program.run("compare", trial, "other", "runs/small", "--json")
      #expect(trials.status == 0, "\(trials.error)")
      let found = try #require(
        try JSONSerialization.jsonObject(with: Data(trials.output.utf8)) as? [String: Any])
      let rows = try #require(found["variants"] as? [[String: Any]])
      #expect(rows.count == 5)
      #expect(rows.count { $0["run"] as? String == "small/\(id)" } == 1)
    }
    let one = try program.run(
      "compare", "small", "other", "--only", "returns.discount = 0.99", "--json")
    #expect(one.output.contains("discount 0.99") && !one.output.contains("discount off"))
  }

  @Test("Everything that is no run is named at once, with what there is, and nothing is written")
  func bad() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 4, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    try FileManager.default.createDirectory(
      at: program.folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
    let bad = try program.run("compare", "smal", "small/zzz", "empty", "runs/smll")
    #expect(bad.status == 2 && bad.output.isEmpty)
    for words in [
      "error[unknown-run]: no run \"smal\" in runs; there are: small; did you mean \"small\"?",
      "error[unknown-trial]: run small has no trial whose id begins with \"zzz\"",
      "error[unknown-run]: no run in empty, which is a folder; a run's folder has plan.json",
      "error[unknown-run]: no run \"smll\" in runs; there are: small; did you mean \"small\"?",
    ] {
      #expect(bad.error.contains(words), "\(bad.error)")
    }
    let alone = try program.run("compare", "small")
    #expect(alone.status == 2 && alone.error.contains("found only small; allowed: two runs"))
    let none = try program.run("compare", "small", "small", "--only", "seed = 7")
    #expect(none.status == 2 && none.error.contains("no trial of small matches --only seed = 7"))
    let missing = try program.run("compare", "small", "small", "--handed-out", "gone.json")
    #expect(missing.status == 2 && missing.error.contains("gone.json"))
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/reports"))
  }

  @Test("A class: one file handed out, a folder of each author back, one table")
  func classTable() throws {
    let program = try Program()
    defer { program.remove() }
    func file(author: String, episodes: Int = 20, notes: String = "") -> String {
      """
      { "author": "\(author)", "notes": "\(notes)",
        "base": { "environment": { "id": "cartpole" }, "policy": { "hidden": [8] },
                  "training": { "episodes": \(episodes) }, "evaluation": { "episodes": 2 } },
        "sweep": { "grid": { "returns.discount": [0.9, 0.99] } }, "seeds": 2,
        "hypotheses": [ { "claim": "Looking further ahead pays", "better": { "returns.discount": 0.99 },
          "than": { "returns.discount": 0.9 }, "measure": "difference", "atLeast": 0 } ] }
      """
    }
    try program.write("poles", file(author: ""))
    let handedOut = try program.text("experiments/poles.json")
    for (author, text) in [
      ("Ann", file(author: "Ann", notes: "It balances.")),
      ("Bob", file(author: "Bob", episodes: 30)),
    ] {
      try program.write("poles", text)
      let run = try program.run(
        "run", "experiments/poles.json", "--runs", "class/\(author)/home/runs", "--reports",
        "class/\(author)/home/reports")
      #expect(run.status == 0, "\(run.error)")
    }
    try program.write("handed-out", handedOut)
    let done = try program.run("compare", "class", "--handed-out", "experiments/handed-out.json")
    #expect(done.status == 0, "\(done.error)")
    #expect(done.output.hasPrefix("reports/compare-poles-poles/index.html\n"))
    let lines = done.output.split(separator: "\n").map(String.init)
    let heading = try #require(lines.first { $0.hasPrefix("run ") })
    #expect(heading.hasSuffix("verdicts     file"), "\(heading)")
    let rows = lines.filter { $0.hasPrefix("Ann  ") || $0.hasPrefix("Bob  ") }
    #expect(rows.count == 4, "\(done.output)")
    for row in rows {
      #expect(row.contains("1 undecided"))
      #expect(
        row.hasSuffix(
          row.hasPrefix("Ann") ? "the same but for words" : "changed: training.episodes"), "\(row)")
    }
    #expect(try program.text("class/Ann/home/reports/index.html").contains("by Ann"))
  }
}
