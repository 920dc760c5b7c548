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
}
