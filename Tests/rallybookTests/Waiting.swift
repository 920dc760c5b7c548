// SPDX-License-Identifier: MIT

import Foundation

/// Experiments in environments that take their time, and what is asked of processes while they run.
extension Program {
  /// Writes a module of environments and an experiment in one of them, with one seed.
  ///
  /// - Parameters:
  ///   - environment: `Endless`, whose episode never ends; `Stuck`, whose step never returns;
  ///     `Slow`, whose episode takes some seconds.
  func writeWaiting(_ name: String, environment: String, training: String = "1") throws {
    try """
    import time
    import gymnasium as gym
    import numpy as np

    class Endless(gym.Env):
        length = 10**12
        def __init__(self, render_mode=None):
            self.observation_space = gym.spaces.Box(-1, 1, (4,), np.float32)
            self.action_space = gym.spaces.Discrete(2)
        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.t = 0
            return self.np_random.random(4).astype(np.float32), {}
        def wait(self): pass
        def step(self, action):
            self.wait()
            self.t += 1
            ended = self.t >= self.length
            return self.np_random.random(4).astype(np.float32), float(action), ended, False, {}

    class Stuck(Endless):
        def wait(self):
            if self.t == 20: time.sleep(100000)

    class Slow(Endless):
        length = 80
        def wait(self): time.sleep(0.1)

    for name in ["Endless", "Stuck", "Slow"]:
        gym.register(id=name + "-v0", entry_point=globals()[name])
    """.write(
      to: folder.appendingPathComponent("waiting_environments.py"), atomically: true,
      encoding: .utf8)
    try write(
      name,
      """
      {
        "question": "Does it stop?",
        "base": {
          "preset": "tuned",
          "environment": { "id": "gymnasium:waiting_environments:\(environment)-v0" },
          "policy": { "hidden": [4] },
          "algorithm": { "episodesPerUpdate": 1 },
          "returns": { "normalize": "none" },
          "training": { "episodes": \(training) },
          "evaluation": { "episodes": 0 }
        },
        "seeds": 1,
        "score": { "window": 1, "goal": "maximize" }
      }
      """)
  }

  /// What a trial's `status.json` says; of the only trial of a run.
  func status(_ name: String) -> [String: Any] {
    guard let folder = (try? trialFolders(name))?.first,
      let data = try? Data(contentsOf: folder.appendingPathComponent("status.json")),
      let record = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return [:] }
    return record
  }

  /// The folders of a run's trials that have finished an episode.
  func trained(_ name: String) throws -> [URL] {
    try trialFolders(name).filter {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("episodes.csv").path)
    }
  }

  /// Decisions of the episode under way, by the heartbeat.
  func decisionsUnderWay(_ name: String) -> Int {
    (status(name)["activity"] as? [String: Any])?["decisions"] as? Int ?? 0
  }

  /// The process that trains the only trial of a run; nil while there is none.
  func trialProcess(_ name: String) -> pid_t? { Torture.trials(of: self, name).first }
}

/// Looks until something is so, for at most some seconds; false when it never was.
func comesTrue(within seconds: Double = 60, _ isSo: () -> Bool) -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while !isSo() {
    if ContinuousClock.now > end { return false }
    usleep(20_000)
  }
  return true
}

/// The state letter of a process, such as `T` for one that is paused; nil for none.
func processState(_ pid: pid_t) -> Character? {
  guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
    let end = line.lastIndex(of: ")")
  else { return nil }
  return line[line.index(end, offsetBy: 2)...].first
}
