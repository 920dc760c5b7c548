// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import TestSupport
import Testing

@Suite("Glimpses, from the command line") struct GlimpseRunTests {
  private static func experiment(_ more: String = "") -> String {
    """
    {"title":"x","base":{"environment":{"maxFrames":6000,"actions":["RIGHT","LEFT","FIRE"]},\
    "observation":{"kind":"glimpse","size":32}\(more),"policy":{"hidden":[5]},\
    "algorithm":{"kind":"reinforce","episodesPerUpdate":4},\
    "training":{"episodes":24,"checkpointEvery":8},"evaluation":{"episodes":2}},\
    "sweep":{"grid":{"observation.gaze":["learned","random","fixed"]}},\
    "seeds":1,"score":{"metric":"evaluationReturn","goal":"maximize"}}
    """
  }

  /// Every file of the trials that is the same whenever they are trained.
  private func files(_ program: Program) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for trial in try program.trialFolders("gaze") {
      let names =
        ["episodes.csv", "updates.csv", "evaluations.csv"]
        + ["checkpoints", "replays"].flatMap { folder in
          ((try? FileManager.default.contentsOfDirectory(atPath: "\(trial.path)/\(folder)")) ?? [])
            .map { "\(folder)/\($0)" }
        }
      for name in names {
        found["\(trial.lastPathComponent)/\(name)"] =
          try Data(contentsOf: trial.appendingPathComponent(name))
      }
    }
    return found
  }

  @Test("Any number of jobs and threads, and a stop on the way, give the same files")
  func sameBits() throws {
    let programs = try (0..<3).map { _ in try Program() }
    defer { for program in programs { program.remove() } }
    for program in programs { try program.write("gaze", Self.experiment()) }
    let run = ["run", "experiments/gaze.json", "--no-report"]
    #expect(try programs[0].start(run + ["--jobs", "1"]).wait().status == 0)
    #expect(
      try programs[1].start(run + ["--jobs", "1", "--threads", "3"]).wait().status == 0)
    let stopped = try programs[2].start(run + ["--jobs", "2", "--stop-after", "1s"]).wait()
    #expect([0, 5].contains(stopped.status), "\(stopped.error)")
    #expect(try programs[2].start(run + ["--jobs", "2"]).wait().status == 0)
    let whole = try files(programs[0])
    #expect(whole.count > 3 * 3 + 3 * 3 * 2)
    for program in programs.dropFirst() {
      let other = try files(program)
      #expect(Set(whole.keys) == Set(other.keys))
      for (name, bytes) in whole { #expect(other[name] == bytes, "\(name)") }
    }
  }

  @Test("Games are recorded with the window; policies are exported; what cannot be is refused")
  func policies() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("gaze", Self.experiment())
    #expect(try program.run("run", "experiments/gaze.json", "--no-report").status == 0)
    var moved = 0
    for trial in try program.trialFolders("gaze") {
      let checkpoint = trial.path + "/checkpoints/000024.safetensors"
      let file = program.folder.path + "/game.replay"
      let saved = try program.run("play", checkpoint, "--save", "game.replay")
      #expect(saved.status == 0, "\(saved.error)")
      let replay = try ReplayFile(contentsOf: file)
      #expect(replay.header.window == .init(height: 64, width: 64))
      #expect(replay.header.actions == ["RIGHT", "LEFT", "FIRE"])
      let first = try #require(replay.decisions[0].gaze)
      #expect(first == .init(top: 35 + 48, left: 48), "an episode begins in the middle")
      let places = replay.decisions.compactMap(\.gaze)
      #expect(places.count == replay.decisions.count)
      moved += Set(places).count > 1 ? 1 : 0
      for (a, b) in zip(places, places.dropFirst()) {
        #expect(abs(Int(a.top) - Int(b.top)) <= 16 && abs(Int(a.left) - Int(b.left)) <= 16)
      }
      for format in ["safetensors", "onnx"] {
        let exported = try program.run(
          "export", checkpoint, "--format", format, "--to", "policy.\(format)")
        #expect(exported.status == 0, "\(exported.error)")
      }
      let returns = try [checkpoint, "policy.safetensors"].map {
        try program.run("play", $0, "--episodes", "1", "--mode", "greedy")
      }
      #expect(returns.allSatisfy { $0.status == 0 }, "\(returns.map(\.error))")
      let arena = try program.run("play", checkpoint, "--save", "arena.html")
      #expect(arena.status == 2)
      #expect(arena.error.contains(#"observation.kind is "glimpse""#), "\(arena.error)")
      let tournament = try program.run("tournament", checkpoint, checkpoint)
      #expect(tournament.status == 2)
      #expect(tournament.error.contains("a window of its own"), "\(tournament.error)")
    }
    #expect(moved == 2, "the fixed gaze stays")
  }

  @Test("The real game, seen by the same gaze, gives the embedded game's training")
  func real() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "gaze",
      """
      {"title":"x","base":{"observation":{"kind":"glimpse","size":40},"policy":{"hidden":[5]},\
      "environment":{"frameSkip":4,"stickyActions":0.25,"maxFrames":1000},\
      "algorithm":{"kind":"reinforce","episodesPerUpdate":2},"returns":{"resetAtPoint":true},\
      "training":{"episodes":4},"evaluation":{"episodes":1}},\
      "sweep":{"grid":{"environment.id":["pong","gymnasium:ALE/Pong-v5"]}},\
      "seeds":1,"score":{"metric":"return","goal":"maximize"}}
      """)
    let run = try program.run("run", "experiments/gaze.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    let trials = try program.trialFolders("gaze")
    #expect(trials.count == 2)
    func cells(_ name: String) throws -> [[Substring]] {
      try trials.map {
        try String(contentsOf: $0.appendingPathComponent(name), encoding: .utf8)
          .split { ",\n".contains($0) }
      }
    }
    let games = try cells("episodes.csv")
    #expect(games[0] == games[1])
    // Pixels are written in another order, and summed in it.
    let updates = try cells("updates.csv")
    #expect(updates[0].count == updates[1].count && updates[0].count > 20)
    for (a, b) in zip(updates[0], updates[1]) where a != b {
      let (x, y) = (try #require(Double(a)), try #require(Double(b)))
      #expect(abs(x - y) < 1e-4 * max(1e-3, abs(x)), "\(a) \(b)")
    }
  }

  private static let module = """
    import gymnasium
    import numpy
    from gymnasium import spaces


    class Field(gymnasium.Env):
        observation_space = spaces.Box(0, 255, (48, 48, 3), numpy.uint8)
        action_space = spaces.MultiDiscrete([3, 2])

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.count = 0
            return self.see(), {}

        def see(self):
            return self.np_random.integers(0, 2, (48, 48, 3), numpy.uint8) * 200

        def step(self, action):
            assert self.action_space.contains(action), action
            self.count += 1
            return self.see(), float(action[0]), False, self.count == 20, {}


    class Wheel(Field):
        action_space = spaces.Box(-1, 1, (2,), numpy.float32)

        def step(self, action):
            self.count += 1
            return self.see(), float(action[0]), False, self.count == 20, {}


    gymnasium.register("Field-v0", entry_point=Field)
    gymnasium.register("Wheel-v0", entry_point=Wheel)
    """

  @Test("A gaze joins several choices of an environment's own, and is refused beside numbers")
  func spaces() throws {
    let program = try Program()
    defer { program.remove() }
    try Data(Self.module.utf8).write(to: program.folder.appendingPathComponent("fields.py"))
    func run(_ id: String, _ gaze: String) throws -> Program.Result {
      try program.write(
        "gaze",
        """
        {"title":"x","base":{"environment":{"id":"gymnasium:fields:\(id)"},"observation":{"kind":\
        "glimpse","gaze":"\(gaze)","height":48,"width":48},"policy":{"hidden":[5]},"training":\
        {"episodes":20},"evaluation":{"episodes":1}},"seeds":1,"score":{"goal":"maximize"}}
        """)
      return try program.run("run", "experiments/gaze.json", "--no-report", "--fresh")
    }
    let choices = try run("Field-v0", "learned")
    #expect(choices.status == 0, "\(choices.error)")
    let numbers = try run("Wheel-v0", "learned")
    #expect(numbers.status == 2, "\(numbers.status)")
    #expect(
      numbers.error.contains("a gaze is chosen together with other choices"), "\(numbers.error)")
    let fixed = try run("Wheel-v0", "fixed")
    #expect(fixed.status == 0, "\(fixed.error)")
  }

  @Test("Self-play has a gaze for each side, and is judged against the computer by one")
  func selfPlay() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "gaze",
      """
      {"title":"x","base":{"environment":{"id":"pong-two-player","maxFrames":4000},\
      "observation":{"kind":"glimpse"},"policy":{"hidden":[5]},\
      "algorithm":{"kind":"reinforce","episodesPerUpdate":2},\
      "training":{"episodes":4},"evaluation":{"episodes":1}},"seeds":1,"score":{"goal":"maximize"}}
      """)
    let run = try program.run("run", "experiments/gaze.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    #expect(try files(program).keys.contains { $0.hasSuffix("replays/000004.replay") })
  }
}
