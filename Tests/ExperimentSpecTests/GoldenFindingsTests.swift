// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import Foundation
import Testing

/// Each `Fixtures/NAME.json` with the exact text of its findings in `Fixtures/NAME.txt`.
@Suite("What people read about bad files")
struct GoldenFindingsTests {
  static let names: [String] = {
    let folder = Bundle.module.resourceURL?.appending(path: "Fixtures")
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder?.path ?? "")
    return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test("There are fixtures") func present() { #expect(Self.names.count >= 12) }

  @Test("The text is the recorded one", arguments: names)
  func golden(name: String) throws {
    let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures")
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "\(name).json")))
    let loaded = loadExperiment(
      source: SourceText(name: "\(name).json", bytes: bytes), catalogue: testCatalogue)
    let found = loaded.renderedFindings()
    let expected =
      (try? String(contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8)) ?? ""
    if found != expected, ProcessInfo.processInfo.environment["RALLYBOOK_RECORD"] != nil {
      let here = URL(filePath: #filePath).deletingLastPathComponent()
      let file = here.appending(path: "Fixtures/\(name).txt")
      try found.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(found == expected)
  }
}
