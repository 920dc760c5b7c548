// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import TestSupport
import Testing

@Suite("Policies that learn from recorded games") struct ImitateTests {
  private static func experiment(_ more: String = "") -> String {
    """
    {"title":"x","base":{"preset":"tuned","policy":{"hidden":[20]},"environment":{"frameSkip":4},\
    "training":{"episodes":20},"evaluation":{"episodes":20}\(more)},\
    "seeds":1,"score":{"metric":"evaluationReturn","goal":"maximize"}}
    """
  }

  private static func trace(_ name: String) -> String {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return tests.appending(path: "EnvironmentsTests/Fixtures/traces/\(name).pongtrace").path
  }

  private static let experiments = {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root.appending(path: "experiments").path
  }()

  @Test("The shipped policy is what the shipped games teach, to the byte, and beats chance by far")
  func shipped() throws {
    let program = try Program()
    defer { program.remove() }
    let games = (1...3).map { "\(Self.experiments)/games/champion-\($0).pongtrace" }
    let done = try program.start(
      ["imitate", "\(Self.experiments)/from-games.json"] + games + ["--to", "policy.safetensors"]
    ).wait()
    #expect(done.status == 0, "\(done.error)")
    let last = try #require(done.output.split(separator: "\n").last)
    let share = try #require(last.firstMatch(of: /action at ([0-9]+) %/)?.1)
    // Half would be chance.
    #expect(Int(share) ?? 0 > 80, "\(last)")
    let bytes = try [
      "\(Self.experiments)/games/cloned.safetensors",
      program.folder.appending(path: "policy.safetensors").path,
    ].map { try Data(contentsOf: URL(filePath: $0)) }
    #expect(bytes[0] == bytes[1])
    let played = try program.run("play", "policy.safetensors", "--episodes", "20")
    let text = try #require(played.output.firstMatch(of: /mean (−?[0-9.]+)/)?.1, "\(played.output)")
    let mean = try #require(Double(text.replacing("−", with: "-")))
    // Chance loses by 20.
    #expect(mean > -15)
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
