// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("Self-play and tournaments, from the command line") struct TournamentTests {
  private static func experiment(_ environment: String, seeds: Int = 2) -> String {
    """
    {"title":"x","base":{"environment":{\(environment),"maxFrames":6000},\
    "policy":{"hidden":[5]},"algorithm":{"kind":"reinforce","episodesPerUpdate":2},\
    "training":{"episodes":6,"checkpointEvery":2},"evaluation":{"episodes":1}},\
    "seeds":\(seeds),"score":{"goal":"maximize"}}
    """
  }

  private static let pool =
    #""id":"pong-two-player","opponent":"even","poolEvery":1,"poolSize":2"#

  private func checkpoints(_ program: Program, _ name: String) throws -> [String] {
    let trials = program.folder.path + "/runs/\(name)/trials"
    return try FileManager.default.contentsOfDirectory(atPath: trials).sorted().map {
      "runs/\(name)/trials/\($0)/checkpoints/000006.safetensors"
    }
  }

  @Test("Any number of jobs gives a training against a pool the same bits")
  func jobs() throws {
    let (whole, parted) = (try Program(), try Program())
    defer { whole.remove(); parted.remove() }
    for program in [whole, parted] { try program.write("pool", Self.experiment(Self.pool)) }
    #expect(try whole.run("run", "experiments/pool.json", "--no-report").status == 0)
    let paths = try checkpoints(whole, "pool")
    #expect(
      try parted.run("run", "experiments/pool.json", "--no-report", "--jobs", "1").status == 0)
    for path in paths {
      let bytes = try [whole, parted].map {
        try Data(contentsOf: $0.folder.appendingPathComponent(path))
      }
      #expect(bytes[0] == bytes[1], "\(path)")
    }
  }

  @Test("Policies play each other; the same seed gives the same results")
  func tournament() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("pool", Self.experiment(Self.pool, seeds: 3))
    #expect(try program.run("run", "experiments/pool.json", "--no-report").status == 0)
    let paths = try checkpoints(program, "pool")
    let arguments = ["tournament"] + paths + ["--games", "4", "--json"]
    let first = try program.start(arguments).wait()
    #expect(first.status == 0, "\(first.error)")
    #expect(try program.start(arguments).wait().output == first.output)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any])
    let shares = try #require(json["shares"] as? [[Any]])
    for a in 0..<3 {
      for b in 0..<3 where a != b {
        let (won, lost) = (shares[a][b] as? Double, shares[b][a] as? Double)
        #expect((won ?? 9) + (lost ?? 9) == 1)
      }
    }
    let text = try program.start(["tournament"] + paths + ["--games", "4"]).wait()
    #expect(text.output.hasPrefix("game 3, 4 games of each pair"))
  }

  @Test("A policy that cannot serve, or was trained elsewhere, is refused with status 2")
  func refused() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("own", Self.experiment(Self.pool, seeds: 1))
    try program.write("two", Self.experiment(#""id":"pong""#, seeds: 1))
    for name in ["own", "two"] {
      #expect(try program.run("run", "experiments/\(name).json", "--no-report").status == 0)
    }
    let (own, two) = (try checkpoints(program, "own")[0], try checkpoints(program, "two")[0])
    let result = try program.run("tournament", own, two)
    #expect(result.status == 2)
    #expect(
      result.error.contains(
        "\(two) fits no game for two: it cannot serve: its actions are RIGHT, LEFT"))
    #expect(try program.run("tournament", own).status == 2)
    #expect(try program.run("tournament", own, own, "--game", "1").status == 2)
    let cases = [
      (#""id":"pong-two-player","actions":["RIGHT","LEFT"]"#, "no action has FIRE"),
      (#""id":"pong-two-player","opponent":"best""#, "opponent"),
    ]
    for (environment, says) in cases {
      try program.write("bad", Self.experiment(environment))
      let bad = try program.run("check", "experiments/bad.json")
      #expect(bad.status == 2 && bad.error.contains(says), "\(bad.error)")
    }
  }

  /// Two policies of the page's reader play game 4 of PettingZoo, four frames a decision; both sides.
  private static let duel = """
    import json, os, sys
    import ale_py, numpy as np
    from pettingzoo.atari import pong_v3

    def policy(path):
        sys.argv, space = ["", path], {"__name__": "reader"}
        exec(reader, space)
        return space["logits"], [11, 12]  # RIGHTFIRE, LEFTFIRE

    reader = open(sys.argv[1]).read()
    players = [policy(path) for path in sys.argv[2:4]]
    games = os.path.join(os.path.dirname(ale_py.__file__), "roms")
    ale = pong_v3.parallel_env(auto_rom_install_path=games).unwrapped.ale

    def game(players):
        ale.reset_game()
        points, last = [0, 0], [None, None]
        while max(points) < 21:
            screen, acts = ale.getScreenRGB(), []
            for i, (logits, numbers) in enumerate(players):
                seen = screen if i == 0 else screen[:, ::-1]
                now = (~np.isin(seen[35:195:2, ::2, 0], [0, 144, 109])).astype("f4").ravel()
                z = logits(now - last[i] if last[i] is not None else 0 * now)
                last[i] = now
                acts.append(numbers[int(z[0] < 0)])
            for _ in range(4):
                if max(points) < 21:
                    rewards = ale.act(np.array(acts))
                    points = [points[i] + int(rewards[i] > 0) for i in (0, 1)]
        return points

    print(json.dumps([game(players), game(players[::-1])]))
    """

  @Test("Two exported policies have the same scores in PettingZoo's pong_v3, by the page's Python")
  func real() throws {
    let program = try Program()
    defer { program.remove() }
    let environment =
      #""id":"pong-two-player","game":4,"frameSkip":4,"stickyActions":0,"#
      + #""actions":["RIGHTFIRE","LEFTFIRE"]"#
    try program.write(
      "duel",
      """
      {"title":"x","base":{"preset":"tuned","environment":{\(environment)},"policy":{"hidden":[20]},\
      "training":{"episodes":300},"evaluation":{"episodes":1}},"seeds":2,"score":{"goal":"maximize"}}
      """)
    #expect(try program.run("run", "experiments/duel.json", "--no-report").status == 0)
    var policies: [String] = []
    for trial in try program.trialFolders("duel") {
      let checkpoint = trial.path + "/checkpoints/000300.safetensors"
      policies.append("\(policies.count).safetensors")
      let exported = try program.run(
        "export", checkpoint, "--format", "safetensors", "--to", policies[policies.count - 1])
      #expect(exported.status == 0, "\(exported.error)")
    }
    let arguments = ["tournament"] + policies + ["--games", "2", "--mode", "greedy", "--json"]
    let played = try program.start(arguments).wait()
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(played.output.utf8)) as? [String: Any])
    let ours = try #require(json["points"] as? [[Any]])

    try Tools.policyReader().write(
      to: program.folder.appending(path: "reader.py"), atomically: true, encoding: .utf8)
    let files = (["reader.py"] + policies).map { program.folder.path + "/" + $0 }
    let text = try Tools.runPython(Self.duel, files)
    let real = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[Double]], "\(text)")
    // The first is on the right in the first game, on the left in the second.
    #expect(ours[0][1] as? Double == (real[0][0] + real[1][1]) / 2)
    #expect(ours[1][0] as? Double == (real[0][1] + real[1][0]) / 2)
    #expect(real.allSatisfy { $0.max() == 21 && $0.min() != 21 })
  }
}
