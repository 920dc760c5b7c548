// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import Foundation
import Testing

@Suite("Files on disk")
struct ExperimentFileTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func shown(_ path: String) -> String {
    loadExperiment(path: path, catalogue: testCatalogue).renderedFindings()
  }

  @Test("A file is read, and its hash is that of its bytes")
  func reads() throws {
    try withFolder { folder in
      let path = "\(folder)/my-question.json"
      try starterExperiment(name: "my-question").write(
        toFile: path, atomically: true, encoding: .utf8)
      let loaded = loadExperiment(path: path, catalogue: testCatalogue)
      let plan = try #require(loaded.plan)
      #expect(loaded.findings.isEmpty)
      #expect(plan.name == "my-question" && plan.title == "My question")
      #expect(plan.experimentFile == path && plan.experimentHash.count == 64)
      #expect(plan.question.contains("Edit this file"))
      #expect(plan.hypotheses[0].pairs == [[1, 0]])
    }
  }

  @Test("A file that is not there has a nearest name")
  func missing() throws {
    try withFolder { folder in
      try "{}".write(toFile: "\(folder)/kl-line-search.json", atomically: true, encoding: .utf8)
      #expect(
        shown("\(folder)/kl-linesearch.json")
          == "\(folder)/kl-linesearch.json: error[missing-file]: there is no such file; "
          + "did you mean \"\(folder)/kl-line-search.json\"?\n")
      #expect(
        shown("\(folder)/kl-line-search").contains(
          "did you mean \"\(folder)/kl-line-search.json\"?"))
      #expect(
        shown("\(folder)/zzz.json")
          == "\(folder)/zzz.json: error[missing-file]: there is no such file; "
          + "rallybook init NAME writes one to start from\n")
    }
  }

  @Test("A directory is no experiment")
  func directory() throws {
    try withFolder { folder in
      #expect(
        shown(folder)
          == "\(folder): error[not-a-file]: it is a directory; name a file in it, such as \(folder)/NAME.json\n"
      )
    }
  }

  @Test(
    "A file without permission is named, not skipped",
    .enabled(if: getuid() != 0, "root may read all"))
  func unreadable() throws {
    try withFolder { folder in
      let path = "\(folder)/secret.json"
      try "{}".write(toFile: path, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      #expect(
        shown(path)
          == "\(path): error[unreadable-file]: there is no permission to read it; see ls -l\n")
    }
  }

  @Test("A device is no experiment")
  func device() {
    #expect(shown("/dev/zero").hasPrefix("/dev/zero: error[not-a-file]: it is not a regular file"))
  }

  @Test("A file beyond reason is not read")
  func large() throws {
    try withFolder { folder in
      let path = "\(folder)/large.json"
      _ = FileManager.default.createFile(atPath: path, contents: nil)
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: 17 << 20)
      try handle.close()
      #expect(
        shown(path)
          == "\(path): error[too-large]: it has 17,825,792 bytes; allowed are at most 16,777,216\n"
      )
    }
  }
}
