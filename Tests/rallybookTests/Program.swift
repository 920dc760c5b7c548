// SPDX-License-Identifier: MIT

import Foundation
import TestSupport

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

  typealias Result = ChildProcess.Result
  typealias Child = ChildProcess

  /// Starts the program in the folder; the caller waits for it.
  ///
  /// - Parameters:
  ///   - executable: nil for the wrapper alone.
  ///   - wrapper: words that come before it, such as a shell with a limit.
  func start(
    _ arguments: [String], executable: URL? = Self.executable, wrapper: [String] = []
  ) throws -> Child {
    try ChildProcess(
      wrapper + (executable.map { [$0.path] } ?? []) + arguments, in: folder.path,
      environment: ["NO_COLOR": "1", "TERM": "dumb"])
  }

  @discardableResult
  func run(_ arguments: String...) throws -> Result { try start(arguments).wait() }

  /// Writes `experiments/NAME.json`.
  func write(_ name: String, _ text: String) throws {
    try text.write(
      to: folder.appendingPathComponent("experiments/\(name).json"), atomically: true,
      encoding: .utf8)
  }

  /// A file of its folder.
  func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  /// A small experiment of real games: 2 variants × `seeds`.
  ///
  /// - Parameters:
  ///   - decisions: in place of episodes, where it is given.
  ///   - cluster: the file's `cluster` block.
  func writeSmall(
    _ name: String, episodes: Int = 30, decisions: Int? = nil, seeds: Int = 2,
    cluster: String = "{}"
  ) throws {
    try write(
      name,
      """
      {
        "title": "Small",
        "question": "Does a batch of games go through?",
        "base": {
          "preset": "tuned",
          "policy": { "hidden": [24] },
          "training": { "episodes": \(episodes), "decisions": \(decisions.map(String.init) ?? "null"),
                        "checkpointEvery": 10 },
          "evaluation": { "episodes": 2 }
        },
        "sweep": { "grid": { "returns.discount": [null, 0.99] } },
        "seeds": \(seeds),
        "cluster": \(cluster),
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
