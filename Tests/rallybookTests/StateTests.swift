// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// Failed, could not start, interrupted and damaged: every verb says the same of a trial.
@Suite("States that all verbs tell alike", .serialized, .timeLimit(.minutes(5)))
struct StateTests {
  private static let verbs = [
    ["status", "x"], ["list", "x"], ["query", "episodes >= 0", "x"],
  ]

  private func told(_ program: Program, _ words: String, reason: String) throws {
    for verb in Self.verbs {
      let answer = try program.start(verb).wait()
      #expect(answer.output.contains(words), "\(verb): \(answer.output)\(answer.error)")
    }
    let folder = try #require(try program.trialFolders("x").first)
    let show = try program.run("show", folder.lastPathComponent)
    #expect(show.output.contains(words), "\(show.output)")
    #expect((show.output + show.error).contains(reason), "\(show.output)\(show.error)")
    let report = try program.run("report", "x")
    #expect(report.status == 0, "\(report.error)")
    let page = try String(
      contentsOf: program.folder.appendingPathComponent("reports/x/index.html"), encoding: .utf8)
    #expect(page.contains(words) && page.contains(reason))
  }

  /// An environment that can be made once, as `run` does before it starts, and then no more; or
  /// never.
  private func writeBroken(_ program: Program, environment: String = "Once") throws {
    try """
    import os
    import gymnasium as gym
    import numpy as np

    class Once(gym.Env):
        def __init__(self, render_mode=None):
            mark = os.path.join(os.path.dirname(os.path.abspath(__file__)), "made")
            # Before anything starts it is made twice: to be described, and to be played again.
            if os.path.exists(mark) and os.path.getsize(mark) == 2:
                raise RuntimeError("its licence has run out")
            with open(mark, "a") as made: made.write("x")
            self.observation_space = gym.spaces.Box(-1, 1, (4,), np.float32)
            self.action_space = gym.spaces.Discrete(2)
        def reset(self, *, seed=None, options=None): return np.zeros(4, np.float32), {}
        def step(self, action): return np.zeros(4, np.float32), 0.0, True, False, {}

    class Never(Once):
        def __init__(self, render_mode=None): raise RuntimeError("it was never there")

    gym.register(id="Once-v0", entry_point=Once)
    gym.register(id="Never-v0", entry_point=Never)
    """.write(
      to: program.folder.appendingPathComponent("once_environments.py"), atomically: true,
      encoding: .utf8)
    try program.write(
      "x",
      """
      {
        "question": "?",
        "base": {
          "preset": "tuned",
          "environment": { "id": "gymnasium:once_environments:\(environment)-v0" },
          "policy": { "hidden": [4] },
          "training": { "episodes": 10 }, "evaluation": { "episodes": 0 }
        },
        "seeds": 1,
        "score": { "goal": "maximize" }
      }
      """)
  }

  @Test("An environment that is not to be had: could not start, with the reason, said once")
  func couldNotStart() throws {
    let program = try Program()
    defer { program.remove() }
    try writeBroken(program)
    let run = try program.run("run", "experiments/x.json")
    #expect(run.status == 1, "\(run.error)")
    #expect(run.error.components(separatedBy: "could not start").count == 2, "\(run.error)")
    let log = "trials/\(try program.trialFolders("x")[0].lastPathComponent)/log.txt"
    #expect(run.error.components(separatedBy: log).count <= 2, "\(run.error)")
    #expect(program.status("x")["state"] as? String == "couldNotStart")
    try told(program, "could not start", reason: "its licence has run out")
    let chosen = try program.run("query", "state = \"couldNotStart\"", "x", "--ids")
    #expect(chosen.output.split(separator: "\n").count == 1, "\(chosen.output)\(chosen.error)")
    let made = program.folder.appendingPathComponent("made")
    try FileManager.default.removeItem(at: made)
    let again = try program.run("run", "experiments/x.json", "--no-report")
    #expect(again.error.contains("1 could not start earlier, tried again"), "\(again.error)")
  }

  @Test("What is refused before anything starts is kept in the folder all the same")
  func refused() throws {
    let program = try Program()
    defer { program.remove() }
    try writeBroken(program, environment: "Never")
    for _ in 0..<2 {
      let run = try program.run("run", "experiments/x.json")
      #expect(run.status == 2 && run.error.contains("nothing was started"), "\(run.error)")
      #expect(run.error.components(separatedBy: "it was never there").count == 2, "\(run.error)")
      try told(program, "could not start", reason: "it was never there")
    }
  }

  @Test("A status that is no status: damaged everywhere, and the next run goes on")
  func damaged() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("x", episodes: 20, seeds: 1)
    try program.run("run", "experiments/x.json", "--no-report")
    let status = try program.trialFolders("x")[0].appendingPathComponent("status.json")
    try Data("{\"state\":".utf8).write(to: status)
    try told(program, "damaged", reason: "status.json")
    let run = try program.run("run", "experiments/x.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("1 damaged, continued"), "\(run.error)")
    #expect(try program.run("status", "x").output.contains("2 finished"))
  }

  @Test("A trial whose process is killed again and again has failed, for run and for status")
  func crashes() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("x", episodes: 100_000, seeds: 1)
    let child = try program.start(
      ["run", "experiments/x.json", "--no-report", "--jobs", "1", "--limit", "1"])
    var killed: Set<pid_t> = []
    while processState(child.pid) != "Z" {
      for trial in Torture.trials(of: program, "x") where killed.insert(trial).inserted {
        kill(trial, SIGKILL)
      }
      usleep(10_000)
    }
    let run = child.wait()
    #expect(killed.count == 3 && run.status == 1, "\(run.error)")
    let told = try program.run("status", "x")
    #expect(told.output.contains("1 failed"), "\(told.output)")
    #expect(told.output.contains("signal 9"), "\(told.output)")
    let plan = try program.run("plan", "experiments/x.json")
    #expect(plan.output.contains("1 failed"), "\(plan.output)")
  }

  @Test("--set and --seeds add to the plan that a run has; they take nothing out of it")
  func added() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("x", episodes: 20, seeds: 2)
    try program.run("run", "experiments/x.json", "--no-report")
    let longer = try program.run(
      "run", "experiments/x.json", "--set", "training.episodes=30", "--seeds", "1")
    #expect(longer.status == 0, "\(longer.error)")
    #expect(longer.error.contains("adds 2 trials to the plan of runs/x, which has 4 trials"))
    #expect(try program.run("status", "x").output.contains("6 finished"))
    let page = try String(
      contentsOf: program.folder.appendingPathComponent("reports/x/index.html"), encoding: .utf8)
    #expect(page.contains("episodes 30"))
    let part = try program.run("run", "experiments/x.json", "--seeds", "1", "--no-report")
    #expect(part.error.contains("runs a part of the plan of runs/x"), "\(part.error)")
    #expect(try program.run("status", "x").output.contains("6 finished"))
    let whole = try program.run("run", "experiments/x.json", "--no-report")
    #expect(whole.error.contains("2 stored trials of the earlier plan"), "\(whole.error)")
  }

  @Test("With too little address space for its threads, run says so and starts nothing")
  func addressSpace() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("x", seeds: 1)
    let run = try program.start(
      ["run", "experiments/x.json"], wrapper: ["sh", "-c", "ulimit -v 400000; exec \"$0\" \"$@\""]
    ).wait()
    #expect(run.status == 4 && run.error.contains("ulimit -v"), "\(run.error)")
  }
}
