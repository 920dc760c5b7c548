// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import Foundation
import ParameterSchema
import Testing

@Suite("Files that start from others")
struct ExtendsTests {
  /// Writes files and loads the first.
  private func load(
    _ files: [(name: String, text: String)], _ check: (String, LoadedExperiment) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(
      atPath: folder + "/sub", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    try check(folder, loadExperiment(path: "\(folder)/\(files[0].name)", catalogue: testCatalogue))
  }

  @Test("Each key replaces the earlier file's, and each key within base")
  func layers() throws {
    try load([
      (
        "a.json",
        #"{ "extends": "sub/b.json", "seeds": 3, "base": { "returns": { "discount": 0.5 } } }"#
      ),
      (
        "sub/b.json",
        """
        { "extends": "../c.json", "title": "B", "notes": "b",
          "base": { "returns": { "discount": 0.9 }, "training": { "episodes": 7 } } }
        """
      ),
      (
        "c.json",
        """
        { "title": "C", "tags": ["c"], "seeds": 9, "base": { "policy": { "bias": true } },
          "sweep": { "grid": { "optimizer.learningRate": [0.1, 0.2] } } }
        """
      ),
    ]) { folder, loaded in
      let plan = try #require(loaded.plan, "\(loaded.renderedFindings())")
      #expect(loaded.findings.isEmpty)
      #expect(plan.name == "a" && plan.title == "B" && plan.notes == "b")
      #expect(plan.about?.tags == ["c"])
      #expect(plan.seeds == [0, 1, 2] && plan.variants.count == 2)
      let configuration = plan.variants[0].configuration
      #expect(configuration[path: "returns.discount"] == 0.5)
      #expect(configuration[path: "training.episodes"] == 7)
      #expect(configuration[path: "policy.bias"] == true)
      // The same as one file that says it all: the same trials.
      let whole = loadExperiment(
        source: SourceText(
          name: "a.json",
          text: """
            { "seeds": 3, "base": { "returns": { "discount": 0.5 }, "training": { "episodes": 7 },
              "policy": { "bias": true } },
              "sweep": { "grid": { "optimizer.learningRate": [0.1, 0.2] } } }
            """), catalogue: testCatalogue)
      #expect(whole.plan?.trials == plan.trials)
    }
  }

  @Test("Errors name the file that they are in")
  func places() throws {
    try load([
      ("a.json", #"{ "extends": "b.json", "seeds": "x" }"#),
      ("b.json", "{\n  \"base\": { \"returns\": { \"discout\": 1 } } }"),
    ]) { folder, loaded in
      let text = loaded.renderedFindings()
      #expect(text.contains("\(folder)/a.json:1:33: error[wrong-kind]: seeds"), "\(text)")
      #expect(text.contains("\(folder)/b.json:2:26: error[unknown-key]"), "\(text)")
      #expect(text.contains("2 |   \"base\": { \"returns\": { \"discout\": 1 } } }"), "\(text)")
    }
  }

  @Test("Circles, files that are not there and schemas are refused at the place that names them")
  func refused() throws {
    try load([("a.json", #"{ "extends": "b.json" }"#), ("b.json", #"{ "extends": "./a.json" }"#)]) {
      folder, loaded in
      #expect(loaded.plan == nil && loaded.findings.map(\.code) == ["circular-extends"])
      #expect(loaded.findings[0].file == "\(folder)/b.json")
    }
    try load([("a.json", #"{ "extends": "a.json" }"#)]) { _, loaded in
      #expect(loaded.findings.map(\.code) == ["circular-extends"])
    }
    try load([("a.json", #"{ "extends": "bb.json" }"#), ("b.json", "{}")]) { folder, loaded in
      #expect(loaded.findings.map(\.code) == ["missing-file"])
      #expect(loaded.findings[0].nearest == "\(folder)/b.json")
      #expect(loaded.findings[0].range?.start == SourcePosition(line: 1, column: 14))
    }
    for text in [#"{ "extends": 1 }"#, #"{ "extends": "" }"#, #"{ "extends": "sub" }"#] {
      try load([("a.json", text)]) { _, loaded in
        #expect(loaded.plan == nil, "\(text)")
        #expect(loaded.findings.allSatisfy { $0.range != nil }, "\(loaded.renderedFindings())")
      }
    }
  }
}
