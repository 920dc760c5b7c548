// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite(
  "What was learned in the embedded Pong, on the real one",
  .enabled(
    if: ProcessInfo.processInfo.environment["RALLYBOOK_PYTHON"] != nil,
    "needs Python with ale-py: make setup-test"))
struct TransferTests {
  private func trained() throws -> (program: Program, checkpoint: String, trial: URL) {
    let program = try Program()
    try program.writeSmall("small", episodes: 10, seeds: 1)
    let run = try program.run(
      "run", "experiments/small.json", "--no-report", "--set", "evaluation.episodes=2", "--set",
      "evaluation.transferTo=\"gymnasium:Pong-v0\"")
    #expect(run.status == 0, "\(run.error)")
    let trial = try program.trialFolders("small")[0]
    return (program, trial.appendingPathComponent("checkpoints/000010.safetensors").path, trial)
  }

  @Test("The same draws give the same games there: transfers.csv is evaluations.csv")
  func transfer() throws {
    let (program, checkpoint, trial) = try trained()
    defer { program.remove() }
    let here = try Data(contentsOf: trial.appendingPathComponent("evaluations.csv"))
    let there = try Data(contentsOf: trial.appendingPathComponent("transfers.csv"))
    #expect(here == there && here.split(separator: 10).count == 3)
    let embedded = try program.run("play", checkpoint, "--episodes", "1")
    let real = try program.run(
      "play", checkpoint, "--episodes", "1", "--env", "gymnasium:Pong-v0")
    #expect(real.status == 0 && real.output == embedded.output, "\(real.error)")
    let saved = program.folder.appendingPathComponent("real.replay").path
    #expect(
      try program.run("play", checkpoint, "--env", "gymnasium:Pong-v0", "--save", saved).status
        == 0)
  }

  @Test("A policy's games, frame by frame, are the same on the real machine")
  func traces() throws {
    let (program, checkpoint, _) = try trained()
    defer { program.remove() }
    let file = program.folder.appendingPathComponent("game.pongtrace").path
    let recorded = try program.run("trace", "record", file, "--from", checkpoint)
    #expect(recorded.status == 0, "\(recorded.error)")
    for place in ["pong", "gymnasium:ALE/Pong-v5"] {
      let checked = try program.run("trace", "check", "--env", place, file)
      #expect(checked.status == 0, "\(checked.error)")
      #expect(checked.output.hasSuffix("frames, 0 differences\n"), "\(checked.output)")
    }
  }

  @Test("A trial trains on the real machine, and is refused before it where there is none")
  func training() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 2, seeds: 1)
    func run(_ id: String) throws -> Program.Result {
      try program.run(
        "run", "experiments/small.json", "--no-report", "--set",
        "environment.id=\"gymnasium:ALE/\(id)-v5\"", "--set", "evaluation.episodes=1")
    }
    let wrong = try run("NoSuchGame")
    #expect(wrong.status == 2 && wrong.error.contains("gymnasium:ALE/NoSuchGame-v5"))
    #expect(program.status("small")["state"] as? String == "couldNotStart")
    #expect(try program.trained("small").isEmpty)
    let real = try run("Pong")
    #expect(real.status == 0, "\(real.error)")
    let games = try program.trialFolders("small").compactMap {
      try? Data(contentsOf: $0.appendingPathComponent("episodes.csv"))
    }
    #expect(games.count == 2 && games.allSatisfy { $0.split(separator: 10).count == 3 })
  }
}
