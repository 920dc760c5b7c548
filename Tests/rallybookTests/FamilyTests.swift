// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// Environments of packages that nothing else here needs, in a Python of their own: `make test-long`.
@Suite(
  "Environments of many packages", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["RALLYBOOK_LONG"] != nil))
struct FamilyTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardizedFileURL
  private static let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("rallybook-families-\(ProcessInfo.processInfo.processIdentifier)")

  /// A Python with the packages that are pinned; made once, and left to the system to remove.
  private static let python = Result { () throws -> String in
    let python = folder.path + "/bin/python3"
    let pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "-r"]
    _ = try ChildProcess.output(["python3", "-m", "venv", folder.path])
    _ = try ChildProcess.output(
      [python] + pip + [root.path + "/Tests/environments/requirements.txt"])
    return python
  }

  /// Of each family one: `environment` and, where pictures are large, `observation`.
  private static let tried: [(environment: String, observation: String)] = [
    (#""id": "gymnasium:Taxi-v4""#, ""),
    (#""id": "gymnasium:Blackjack-v1""#, ""),
    (#""id": "gymnasium:Pendulum-v1""#, ""),
    (#""id": "gymnasium:BipedalWalker-v3""#, ""),
    (#""id": "gymnasium:Hopper-v5""#, ""),
    (#""id": "gymnasium:minigrid:MiniGrid-Empty-5x5-v0""#, ""),
    (
      #""id": "gymnasium:minigrid:MiniGrid-DoorKey-5x5-v0", "wrappers": ["minigrid.wrappers:FullyObsWrapper"]"#,
      #""observation": {"key": "image"}, "#
    ),
    (#""id": "gymnasium:MinAtar/Breakout-v1", "register": ["minatar.gym:register_envs"]"#, ""),
    (#""id": "gymnasium:highway_env:merge-v1", "maxFrames": 5"#, ""),
    (#""id": "gymnasium:popgym:popgym-RepeatPreviousEasy-v0""#, ""),
    (
      #""id": "gymnasium:vizdoom.gymnasium_wrapper:VizdoomBasic-v1""#,
      #""observation": {"kind": "raw", "key": "screen", "height": 30, "width": 40}, "#
    ),
  ]

  @Test("trains, and once more to the same bits", arguments: tried)
  func trains(environment: String, observation: String) throws {
    let python = try Self.python.get()
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "family",
      """
      {"base": {"environment": {\(environment)}, \(observation)
        "policy": {"kind": "mlp", "hidden": [8]},
        "algorithm": {"kind": "reinforce", "episodesPerUpdate": 2},
        "training": {"episodes": 4, "checkpointEvery": 2}, "evaluation": {"episodes": 1}}}
      """)
    let wrapper = ["/usr/bin/env", "RALLYBOOK_PYTHON=\(python)"]
    let run = try program.start(
      ["run", "experiments/family.json", "--no-report"], wrapper: wrapper
    ).wait()
    #expect(run.status == 0, "\(run.error)")
    let trial = try program.trialFolders("family")[0]
    let verified = try program.start(
      ["verify", trial.lastPathComponent, "--quiet"], wrapper: wrapper
    ).wait()
    #expect(verified.status == 0 && verified.output.contains("numbers the same"), "\(verified)")
    let provenance = try String(
      contentsOf: trial.appendingPathComponent("provenance.json"), encoding: .utf8)
    #expect(provenance.contains("1.4.0"), "Gymnasium's version")
  }

  @Test(
    "is as the page says",
    arguments: [
      "Toy text", "Classic control", "Box2D", "MuJoCo", "Atari", "minigrid", "MinAtar",
      "highway-env", "popgym", "vizdoom",
    ])
  func table(family: String) throws {
    let script = Self.root.path + "/Tests/environments/table.py"
    let page = Self.root.path + "/docs/reference/environments.md"
    let result = try ChildProcess(
      [try Self.python.get(), script, "--against", page, family], in: Self.root.path
    ).wait()
    #expect(result.status == 0, "\(result.output)\(result.error)")
  }
}
