// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// Environments of the user's own, from the file to the verdict.
@Suite("gymnasium: environments in a run")
struct GymnasiumRunTests {
  private static let module = """
    import pathlib
    import random
    import gymnasium
    import numpy
    from gymnasium import spaces


    class Game(gymnasium.Env):
        action_space = spaces.Discrete(2)
        observation_space = spaces.Box(-1, 1, (1,), numpy.float32)

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.count = 0
            return self.see(), {}

        def see(self):
            return self.np_random.uniform(-1, 1, 1).astype(numpy.float32)

        def step(self, action):
            self.count += 1
            return self.see(), 1.0, False, self.count == 5, {}


    class Forgetful(Game):
        def see(self):
            return numpy.array([random.uniform(-1, 1)], numpy.float32)


    class Vector(Game):
        def step(self, action):
            return super().step(action)[:1] + (numpy.ones(2),) + super().step(action)[2:]


    class Unready(Game):
        def reset(self, *, seed=None, options=None):
            raise KeyError("no level 0")


    class Stuck(Game):
        def step(self, action):
            raise ValueError("no step 1")


    class Shy(Game):
        def reset(self, *, seed=None, options=None):
            mark = pathlib.Path(__file__).with_name("met")
            if not mark.exists():
                mark.touch()
                raise ValueError("only at first")
            return super().reset(seed=seed)


    for kind in (Game, Forgetful, Vector, Unready, Stuck, Shy):
        gymnasium.register(f"{kind.__name__}-v0", kind)
    """

  private func program(_ id: String, seeds: Int = 1) throws -> Program {
    let program = try Program()
    try Data(Self.module.utf8).write(to: program.folder.appendingPathComponent("homemade.py"))
    let text = """
      {"base": {"environment": {"id": "gymnasium:homemade:\(id)-v0"},
        "policy": {"kind": "mlp", "hidden": [4]},
        "training": {"episodes": 20, "checkpointEvery": 10}, "evaluation": {"episodes": 2}},
       "seeds": \(seeds)}
      """
    try Data(text.utf8).write(to: program.folder.appendingPathComponent("experiments/own.json"))
    return program
  }

  @Test(
    "What fails for every seed is said once, before anything is trained",
    arguments: [
      ("Vector", "its reward is a vector"),
      ("Unready", "Python raised KeyError: 'no level 0'; at the reset"),
      ("Stuck", "Python raised ValueError: no step 1; at decision 1"),
    ])
  func refused(id: String, reason: String) throws {
    let program = try program(id, seeds: 3)
    defer { program.remove() }
    let result = try program.run("run", "experiments/own.json", "--no-report")
    #expect(result.status == 2 && result.error.contains("nothing was started"), "\(result.error)")
    #expect(result.error.components(separatedBy: reason).count == 2, "\(result.error)")
    #expect(!result.error.contains("--retry"))
    #expect(program.status("own")["state"] as? String == "couldNotStart")
    #expect(try program.trained("own").isEmpty)
  }

  @Test("What fails once is left to the trials")
  func failedOnce() throws {
    let program = try program("Shy")
    defer { program.remove() }
    let result = try program.run("run", "experiments/own.json", "--no-report")
    #expect(result.status == 0, "\(result.error)")
  }

  @Test("A training that repeats is confirmed; where the environment does not, verify says so")
  func verified() throws {
    for (id, status, says) in [
      ("Game", Int32(0), "numbers the same"),
      ("Forgetful", 3, "does not repeat itself for a given seed"),
    ] {
      let program = try program(id)
      defer { program.remove() }
      let run = try program.run("run", "experiments/own.json", "--no-report")
      #expect(run.status == 0 && run.error.contains("gives another game") == (id != "Game"))
      let trial = try program.trialFolders("own")[0].lastPathComponent
      let result = try program.run("verify", trial, "--quiet")
      #expect(result.status == status, "\(result.error)")
      #expect(result.output.contains(says), "\(result.output)")
      #expect(!result.output.contains("damaged"), "\(result.output)")
    }
  }
}
