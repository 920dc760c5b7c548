// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// A real Slurm of this machine on loopback, for the length of a suite.
struct SlurmServer: SuiteTrait, TestScoping {
  /// The configuration that Slurm's programs read, where a server runs.
  @TaskLocal static var configuration = ""

  let isRecursive = false

  /// What every program that is to reach the server is started by.
  static var wrapper: [String] { ["env", "SLURM_CONF=\(configuration)"] }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("rallybook-slurm-\(UUID().uuidString)")
    let place = folder.appendingPathComponent("s").path
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
      _ = try? Self.script("slurm-down.sh", place)
      try? FileManager.default.removeItem(at: folder)
    }
    let up = try Self.script("slurm-up.sh", place)
    try #require(up.status == 0, "slurm-up.sh: \(up.error)")
    try await Self.$configuration.withValue("\(place)/slurm.conf") { try await function() }
  }

  private static func script(_ name: String, _ folder: String) throws -> Program.Result {
    let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../slurm").standardizedFileURL
    return try command([
      "env", "WATCHPID=\(getpid())", "bash", scripts.appendingPathComponent(name).path, folder,
    ])
  }

  /// Runs one of Slurm's programs.
  @discardableResult
  static func slurm(_ words: String...) throws -> Program.Result {
    try command(wrapper + words)
  }

  /// When the controller last saved its jobs.
  static var lastSaved: Date {
    let file = URL(fileURLWithPath: configuration).deletingLastPathComponent()
      .appendingPathComponent("state/job_state")
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return attributes?[.modificationDate] as? Date ?? .distantPast
  }

  /// Ends the controller as a power cut would.
  static func killController() throws {
    let file = URL(fileURLWithPath: configuration).deletingLastPathComponent()
      .appendingPathComponent("run/slurmctld.pid")
    let pid = try String(contentsOf: file, encoding: .utf8).prefix(while: \.isNumber)
    kill(try #require(pid_t(pid)), SIGKILL)
  }

  /// Starts the controller with what the last one saved, and waits until it knows its node.
  static func startController() throws {
    let start = try command(
      wrapper + ["bash", "-c", "/usr/sbin/slurmctld </dev/null >/dev/null 2>&1"])
    #expect(start.status == 0, "\(start.error)")
    for _ in 0..<600 {
      let state = try slurm("sinfo", "-h", "-o", "%T").output.filter { !$0.isNewline }
      if ["idle", "mixed", "allocated"].contains(state) { return }
      usleep(50_000)
    }
    Issue.record("the node did not come back")
  }

  private static func command(_ words: [String]) throws -> Program.Result {
    let program = try Program()
    defer { program.remove() }
    return try program.start([], executable: nil, wrapper: words).wait()
  }
}
