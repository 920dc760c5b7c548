// SPDX-License-Identifier: MIT

import Digest
import Environments
import GymnasiumBridge
import Kernels
import ParameterSchema
import Randomness
import Testing

@Suite(
  "Real Pong through the bridge")
struct RealPongTests {
  /// Both games from the same generators, several of the real one in one worker, until `decisions`
  /// are made in each.
  private func compare(
    _ kind: String, observation: [String: ConfigValue] = [:], games count: Int, decisions: Int
  ) throws {
    let configuration = RealPython.configuration(
      "ALE/Pong-v5", kind: kind, frameSkip: ["min": 2, "max": 4], stickyActions: 0.25,
      actions: ["RIGHT", "LEFT"], observation: observation)
    let real = try GymnasiumEnvironment.start(configuration, count: count, logPath: nil)
    let embedded = (0..<count).map { _ in PongEnvironment(Self.embedded(configuration)) }
    var draws = Xoshiro256(seed: 7)
    var episodes: UInt64 = 0
    var ends = 0
    var ongoing = Array(repeating: false, count: count)
    for _ in 0..<decisions {
      for i in 0..<count where !ongoing[i] {
        episodes += 1
        try real[i].reset(draws: Xoshiro256(seed: episodes))
        embedded[i].reset(draws: Xoshiro256(seed: episodes))
        ongoing[i] = true
        var form = embedded[i].form
        form.patterns = []
        try #require(real[i].form == form)
        try same(real[i], embedded[i], kind)
      }
      let actions = (0..<count).map { _ in Int(draws.next() & 1) }
      for i in 0..<count { real[i].submit(.number(actions[i])) }
      for i in 0..<count {
        let transition = try real[i].collect()
        let expected = embedded[i].step(.number(actions[i]))
        try #require(transition == expected)
        ongoing[i] = !transition.isEnd
        if transition.isEnd { ends += 1 }
        try same(real[i], embedded[i], kind)
      }
    }
    #expect(ends > 0 || decisions < 1000)
  }

  private func same(
    _ real: GymnasiumEnvironment, _ embedded: any Environment, _ kind: String
  ) throws {
    if kind == "raw" {
      try #require(real.numbers() == embedded.numbers())
    } else {
      let seen = real.signs()
      try #require(seen.map { Set($0) } == embedded.signs().map { Set($0) })
    }
  }

  private static func embedded(_ configuration: ConfigValue) -> ConfigValue {
    guard case .object(var all) = configuration,
      case .object(var environment)? = all["environment"]
    else { return configuration }
    environment["maxFrames"] = 108_000
    environment["game"] = 1
    all["environment"] = .object(environment)
    return .object(all)
  }

  @Test("Whole games: the same draws give the embedded game's rewards, frames and pixels")
  func differences() throws { try compare("difference", games: 2, decisions: 1600) }

  @Test("Every other view is the embedded game's as well", arguments: ["frame", "stack", "raw"])
  func views(kind: String) throws { try compare(kind, games: 1, decisions: 150) }

  @Test("A part of the screen at a size of one's own")
  func crop() throws {
    try compare(
      "stack",
      observation: [
        "crop": ["top": 34, "left": 10, "height": 160, "width": 150], "height": 40, "width": 21,
        "background": [144],
      ], games: 1, decisions: 150)
  }

  @Test(
    "Skip and stickiness are the environment's own unless set",
    arguments: [("ALE/Pong-v5", 4...4), ("Pong-v0", 2...4), ("PongNoFrameskip-v4", 1...1)])
  func own(id: String, skip: ClosedRange<Int>) throws {
    let pong = try #require(
      try GymnasiumEnvironment.start(
        RealPython.configuration(id), count: 1, logPath: nil
      ).first)
    #expect(pong.worker.facts.maxFrames == 108_000)
    #expect(pong.worker.facts.stickyActions == (id == "PongNoFrameskip-v4" ? 0 : 0.25))
    #expect(
      pong.actions == ["NOOP", "FIRE", "RIGHT", "LEFT", "RIGHTFIRE", "LEFTFIRE"])
    try pong.reset(draws: Xoshiro256(seed: 1))
    var lengths: Set<Int> = []
    for i in 0..<60 { lengths.insert(try pong.step(.number(i % 6)).frames) }
    #expect(lengths == Set(skip))
  }

  @Test("Another mode, or the console's memory, is not the embedded game")
  func otherGame() throws {
    for (kwargs, kind, isPong, width) in [
      ([:], "difference", true, 80), (["difficulty": 1], "difference", false, 80),
      (["obs_type": "ram"], "raw", false, 128),
    ] as [(ConfigValue, String, Bool, Int)] {
      let pong = try #require(
        try GymnasiumEnvironment.start(
          RealPython.configuration("ALE/Pong-v5", kind: kind, kwargs: kwargs), count: 1,
          logPath: nil
        ).first)
      #expect(pong.isPong == isPong && pong.form.width == width, "\(kwargs)")
    }
  }

  @Test("The frame limit truncates, and never plays a frame more")
  func frameLimit() throws {
    let pong = try #require(
      try GymnasiumEnvironment.start(
        RealPython.configuration("ALE/Pong-v5", maxFrames: 101), count: 1, logPath: nil
      ).first)
    try pong.reset(draws: Xoshiro256(seed: 1))
    var frames = 0
    var last = Transition(reward: 0, frames: 0, ending: .none)
    while !last.isEnd {
      last = try pong.step(0)
      frames += last.frames
    }
    #expect(frames == 101 && last.ending == .truncated)
  }

  @Test("Breakout offers FIRE, which starts it")
  func breakout() throws {
    let breakout = try #require(
      try GymnasiumEnvironment.start(
        RealPython.configuration("ALE/Breakout-v5", kind: "frame", stickyActions: 0), count: 1,
        logPath: nil
      ).first)
    #expect(breakout.actions == ["NOOP", "FIRE", "RIGHT", "LEFT"])
    try breakout.reset(draws: Xoshiro256(seed: 1))
    for _ in 0..<20 { _ = try breakout.step(0) }
    let still = breakout.signs()
    _ = try breakout.step(0)
    #expect(breakout.signs() == still)
    _ = try breakout.step(1)
    for _ in 0..<5 { _ = try breakout.step(0) }
    #expect(breakout.signs() != still)
    #expect(breakout.signs()[0].count > 100 && breakout.signs()[0].count < 6400)
  }
}
