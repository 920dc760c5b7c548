// SPDX-License-Identifier: MIT

import Commands
import Diagnostics
import ExperimentSpec
import Foundation
import ParameterSchema
import Testing

@Suite("The catalogue and what ships with it")
struct CatalogueTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test("Every preset is a valid experiment")
  func presets() throws {
    for preset in Catalogue.standard.presets {
      let path = NSTemporaryDirectory() + "preset-\(UUID().uuidString.lowercased()).json"
      defer { try? FileManager.default.removeItem(atPath: path) }
      try #"{"title":"x","base":{"preset":"\#(preset.id)"},"score":{"goal":"maximize"}}"#
        .write(toFile: path, atomically: true, encoding: .utf8)
      let loaded = loadExperiment(path: path, catalogue: .standard)
      #expect(loaded.plan != nil, "\(loaded.renderedFindings(usesColor: false))")
    }
  }

  @Test("The post's program needs eight files of weights, two of RMSProp's averages, 1 MB besides")
  func disk() throws {
    let preset = try #require(Catalogue.standard.presets.first { $0.id == "karpathy-2016" })
    let bytes = DiskNeed(of: Catalogue.standard.completing(preset.values)).bytes
    #expect((52_000_000...53_000_000).contains(bytes), "\(bytes)")
  }

  @Test(
    "Every shipped experiment is valid, and warned of nothing but a critic left out, and so of limits"
  )
  func experiments() throws {
    let folder = Self.root.appendingPathComponent("experiments")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }
    #expect(files.count >= 2)
    for file in files {
      let loaded = loadExperiment(
        path: folder.appendingPathComponent(file).path, catalogue: .standard)
      #expect(
        loaded.plan != nil
          && loaded.findings.allSatisfy { ["no-value-baseline", "time-limit"].contains($0.code) },
        "\(loaded.renderedFindings(usesColor: false))")
    }
  }

  @Test("The schema in the documentation is the program's")
  func schema() throws {
    let file = Self.root.appendingPathComponent("docs/reference/experiment.schema.json")
    #expect(try String(contentsOf: file, encoding: .utf8) == jsonSchema(for: .standard))
  }

  @Test("The parameter tables in the documentation are the program's")
  func parameters() throws {
    let file = Self.root.appendingPathComponent("docs/reference/experiment.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.hasSuffix(parameterReference(for: .standard)))
  }

  @Test("The post's preset is the post's program")
  func post() throws {
    let path = NSTemporaryDirectory() + "post-\(UUID().uuidString.lowercased()).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try #"{"title":"x","base":{"preset":"karpathy-2016"},"score":{"goal":"maximize"}}"#
      .write(toFile: path, atomically: true, encoding: .utf8)
    let plan = try #require(loadExperiment(path: path, catalogue: .standard).plan)
    let configuration = plan.configuration(of: plan.trials[0])
    let expected: [(String, ConfigValue)] = [
      ("policy.hidden", [200]), ("policy.bias", false), ("returns.discount", 0.99),
      ("returns.normalize", "episode"), ("returns.resetAtPoint", true),
      ("algorithm.kind", "reinforce"), ("algorithm.episodesPerUpdate", 10),
      ("optimizer.kind", "rmsprop"), ("optimizer.learningRate", 1e-4), ("optimizer.decay", 0.99),
      ("optimizer.epsilon", 1e-5), ("optimizer.l2", 0), ("environment.stickyActions", 0.25),
      ("environment.frameSkip", ["min": 2, "max": 4]),
      ("environment.actions", ["RIGHT", "LEFT"]), ("observation.kind", "difference"),
    ]
    for (path, value) in expected { #expect(configuration[path: path] == value, "\(path)") }
  }
}
