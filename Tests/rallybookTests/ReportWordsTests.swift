// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("An edited file, and reports of whatever a run came to", .serialized)
struct ReportWordsTests {
  private func experiment(
    title: String, notes: String, question: String = "Which rate?", rates: String = "0.01, 0.02"
  ) -> String {
    """
    { "title": "\(title)", "question": "\(question)", "notes": "\(notes)",
      "base": { "environment": { "id": "cartpole" }, "policy": { "kind": "linear" },
        "training": { "episodes": 10 }, "evaluation": { "episodes": 1 } },
      "sweep": { "grid": { "optimizer.learningRate": [\(rates)] } },
      "seeds": 2, "score": { "goal": "maximize" } }
    """
  }

  private func page(_ program: Program, _ name: String) throws -> String {
    try String(
      contentsOf: program.folder.appendingPathComponent("reports/\(name)/index.html"),
      encoding: .utf8)
  }

  @Test("report shows title and notes as the file has them now; a changed question needs a run")
  func edited() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("words", experiment(title: "First", notes: "before"))
    #expect(try program.run("run", "experiments/words.json").status == 0)
    try program.write("words", experiment(title: "Second", notes: "afterwards"))
    let quiet = try program.run("report", "words")
    #expect(quiet.status == 0)
    var text = try page(program, "words")
    #expect(text.contains("<h1>Second</h1>") && text.contains("afterwards"))
    #expect(!text.contains("before</p>"))
    #expect(!quiet.error.contains("now has"), "\(quiet.error)")

    try program.write(
      "words", experiment(title: "Third", notes: "afterwards", question: "Another?"))
    let changed = try program.run("report", "words")
    #expect(changed.status == 0)
    #expect(
      changed.error.contains(
        "experiments/words.json has changed since: question. This page shows what was asked before"
          + " the run; `rallybook run experiments/words.json` takes over what the file asks now."),
      "\(changed.error)")
    text = try page(program, "words")
    #expect(text.contains("<h1>Third</h1>") && text.contains("Which rate?"))

    try program.write("words", "{ \"title\": ")
    let broken = try program.run("report", "words")
    #expect(broken.status == 0)
    #expect(broken.error.contains("experiments/words.json now has errors"), "\(broken.error)")
    #expect(try page(program, "words").contains("<h1>First</h1>"))

    try FileManager.default.removeItem(
      at: program.folder.appendingPathComponent("experiments/words.json"))
    #expect(try program.run("report", "words").status == 0)
    #expect(try page(program, "words").contains("<h1>First</h1>"))
  }

  @Test("A variant that learns nothing but NaN has a report and a comparison")
  func diverging() throws {
    let program = try Program()
    defer { program.remove() }
    for (name, rates) in [("some", "0.001, 10"), ("all", "10")] {
      try program.write(
        name,
        """
        { "base": { "environment": { "id": "cartpole" }, "policy": { "hidden": [8] },
            "algorithm": { "kind": "a2c" }, "returns": { "baseline": "value", "normalize": "none" },
            "optimizer": { "kind": "sgd" }, "training": { "episodes": 200 },
            "evaluation": { "episodes": 1 } },
          "sweep": { "grid": { "optimizer.learningRate": [\(rates)] } },
          "seeds": 2, "score": { "goal": "maximize" } }
        """)
      #expect(try program.run("run", "experiments/\(name).json").status == 1)
      #expect(try page(program, name).contains("no seed finished: "))
    }
    let compared = try program.run("compare", "some", "all")
    #expect(compared.status == 0, "\(compared.error)")
  }
}
