// SPDX-License-Identifier: MIT

import Foundation

/// Runs the built program the way a person does, in a folder of its own.
struct Program {
  /// The folder that stands in for a clone: `experiments`, `runs`, `reports`.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("rallybook-e2e-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("experiments"), withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// The program beside the test bundle.
  static let executable: URL = {
    final class Marker {}
    var place = Bundle(for: Marker.self).bundleURL
    while place.path != "/" {
      let candidate = place.appendingPathComponent("rallybook")
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder),
        !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: candidate.path)
      {
        return candidate
      }
      place.deleteLastPathComponent()
    }
    return URL(fileURLWithPath: "/nonexistent/rallybook")
  }()

  struct Result {
    var status: Int32
    var output: String
    var error: String
  }

  /// Starts the program; the caller waits for it.
  func start(_ arguments: [String], wrapper: [String] = []) throws -> (Process, () -> Result) {
    let process = Process()
    let words = wrapper + [Self.executable.path] + arguments
    process.executableURL = URL(fileURLWithPath: wrapper.isEmpty ? words[0] : "/usr/bin/env")
    process.arguments = wrapper.isEmpty ? Array(words.dropFirst()) : words
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["NO_COLOR": "1", "TERM": "dumb"], uniquingKeysWith: { $1 })
    let out = folder.appendingPathComponent("out-\(UUID().uuidString).txt")
    let err = folder.appendingPathComponent("err-\(UUID().uuidString).txt")
    for file in [out, err] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return (
      process,
      {
        process.waitUntilExit()
        let read = { (file: URL) in (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
        let status =
          process.terminationReason == .uncaughtSignal
          ? 128 + process.terminationStatus : process.terminationStatus
        return Result(status: status, output: read(out), error: read(err))
      }
    )
  }

  @discardableResult
  func run(_ arguments: String...) throws -> Result { try start(arguments).1() }

  /// Writes `experiments/NAME.json`.
  func write(_ name: String, _ text: String) throws {
    try text.write(
      to: folder.appendingPathComponent("experiments/\(name).json"), atomically: true,
      encoding: .utf8)
  }

  /// A small experiment of real games: 2 variants × `seeds`.
  func writeSmall(_ name: String, episodes: Int = 30, seeds: Int = 2) throws {
    try write(
      name,
      """
      {
        "title": "Small",
        "question": "Does a batch of games go through?",
        "base": {
          "preset": "tuned",
          "policy": { "hidden": [24] },
          "training": { "episodes": \(episodes), "checkpointEvery": 10 },
          "evaluation": { "episodes": 2 }
        },
        "sweep": { "grid": { "returns.discount": [null, 0.99] } },
        "seeds": \(seeds),
        "score": { "goal": "maximize" }
      }
      """)
  }

  /// Every file of a run that must not depend on time, jobs, kills or the machine: path → bytes.
  func records(_ name: String, runs: String = "runs") throws -> [String: Data] {
    let trials = folder.appendingPathComponent("\(runs)/\(name)/trials")
    var found: [String: Data] = [:]
    for trial in try FileManager.default.contentsOfDirectory(atPath: trials.path) {
      let base = trials.appendingPathComponent(trial)
      var files = ["config.json", "episodes.csv", "updates.csv", "evaluations.csv"]
      for sub in ["checkpoints", "replays"] {
        files += try FileManager.default.contentsOfDirectory(
          atPath: base.appendingPathComponent(sub).path
        ).map { "\(sub)/\($0)" }
      }
      for file in files {
        found["\(trial)/\(file)"] = try Data(contentsOf: base.appendingPathComponent(file))
      }
    }
    return found
  }

  /// The folders of a run's trials.
  func trialFolders(_ name: String) throws -> [URL] {
    let trials = folder.appendingPathComponent("runs/\(name)/trials")
    return try FileManager.default.contentsOfDirectory(atPath: trials.path).sorted()
      .map { trials.appendingPathComponent($0) }
  }
}
