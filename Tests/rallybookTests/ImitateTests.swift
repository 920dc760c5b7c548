// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import TestSupport
import Testing

@Suite("Policies that learn from recorded games") struct ImitateTests {
  private static func experiment(_ more: String = "", training: String = "") -> String {
    """
    {"title":"x","base":{"preset":"tuned","policy":{"hidden":[20]},"environment":{"frameSkip":4},\
    "training":{"episodes":20\(training)},"evaluation":{"episodes":20}\(more)},\
    "seeds":1,"score":{"metric":"evaluationReturn","goal":"maximize"}}
    """
  }

  private static func trace(_ name: String) -> String {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return tests.appending(path: "EnvironmentsTests/Fixtures/traces/\(name).pongtrace").path
  }

  @Test(
    "Of games of a player who follows the ball it foretells those it never saw, and plays better")
  func learns() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("clone", Self.experiment())
    let games = ["game07-follow_fire", "game08-follow_noisy"].map(Self.trace)
    let files = ["first.safetensors", "second.safetensors"]
    for file in files {
      let done = try program.start(
        ["imitate", "experiments/clone.json"] + games + [
          "--to", "experiments/" + file, "--passes", "8",
        ]
      ).wait()
      #expect(done.status == 0, "\(done.error)")
      let last = try #require(done.output.split(separator: "\n").last)
      let share = try #require(last.firstMatch(of: /action at ([0-9]+) %/)?.1)
      // Half would be chance.
      #expect(Int(share) ?? 0 > 65, "\(done.output)")
    }
    let bytes = try files.map {
      try Data(contentsOf: program.folder.appending(path: "experiments/\($0)"))
    }
    #expect(bytes[0] == bytes[1])

    try program.write("from-games", Self.experiment(training: #","startFrom":"first.safetensors""#))
    for name in ["clone", "from-games"] {
      let run = try program.run("run", "experiments/\(name).json", "--no-report")
      #expect(run.status == 0, "\(run.error)")
    }
    let first = try #require(try program.trialFolders("from-games").first)
    let played = try program.run("play", first.path + "/checkpoints/000000.safetensors")
    let chance = try #require(try program.trialFolders("clone").first)
    let other = try program.run("play", chance.path + "/checkpoints/000000.safetensors")
    func mean(_ text: String) throws -> Double {
      let found = try #require(text.firstMatch(of: /mean (−?[0-9.]+)/)?.1, "\(text)")
      return try #require(Double(found.replacing("−", with: "-")))
    }
    #expect(try mean(played.output) > mean(other.output) + 2)
  }

  @Test("What is no game, and what a recording cannot teach, is refused with status 2")
  func refused() throws {
    let program = try Program()
    defer { program.remove() }
    let game = Self.trace("game01-random6")
    var bytes = try Data(contentsOf: URL(filePath: game))
    bytes[64 + 12 * 100] ^= 3
    try bytes.write(to: program.folder.appending(path: "changed.pongtrace"))
    try program.write("good", Self.experiment())
    try program.write(
      "pole",
      Self.experiment(#","environment":{"id":"cartpole"}"#).replacing(
        #""environment":{"frameSkip":4},"#, with: ""))
    try program.write("window", Self.experiment(#","observation":{"kind":"glimpse"}"#))
    let cases = [
      ("good", "changed.pongtrace", "changed.pongtrace: no game of Pong: act 1"),
      ("good", "absent.pongtrace", "absent.pongtrace"),
      ("pole", game, #"environment.id is "cartpole"; allowed: "pong", "pong-two-player""#),
      ("window", game, #"observation.kind is "glimpse""#),
    ]
    for (experiment, file, says) in cases {
      let result = try program.run(
        "imitate", "experiments/\(experiment).json", file, "--to", "policy.safetensors")
      #expect(result.status == 2 && result.error.contains(says), "\(result.error)")
    }
    #expect(
      !FileManager.default.fileExists(
        atPath: program.folder.appending(path: "policy.safetensors").path))
  }
}
