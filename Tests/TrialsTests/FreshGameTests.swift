// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import GymnasiumBridge
import Testing
import Trials

/// Games that no one has seen before, recorded from ALE now and held against the embedded game:
/// every reward, position, score and frame.
@Suite(
  "The embedded Pong equals ALE in fresh games",
  .enabled(
    if: ProcessInfo.processInfo.environment["RALLYBOOK_PYTHON"] != nil
      || PythonSetup.python.contains("/"),
    "Python with gymnasium and ale-py is missing: make setup-test"), .serialized)
struct FreshGameTests {
  /// A seed of its own each day, so that the games are fresh; printed where one differs.
  static let seed = UInt32(Date().timeIntervalSince1970 / 86_400)

  @Test(
    "Whole games, over all 18 actions with FIRE, and over the post's two",
    arguments: TracePlayer.Kind.allCases.filter { $0 != .rally })
  func games(kind: TracePlayer.Kind) throws {
    let trace = try PongTracer(environmentID: "gymnasium:ALE/Pong-v5").record(
      [kind], seed: Self.seed)
    #expect(try PongTracer().firstDifference(from: trace) == nil, "\(kind), seed \(Self.seed)")
    #expect(trace.acts.count > 2000)
    #expect(max(trace.finalScores.left, trace.finalScores.right) == 21)
    let used = Set(trace.acts.map(\.action))
    let counts: [TracePlayer.Kind: Int] = [.random18: 18, .held18: 18, .random2: 2]
    #expect(used.count == counts[kind] ?? 6)
    let written = try TraceFile(decoding: trace.encoded(), path: "")
    #expect(written == trace)
  }

  @Test("A game that goes on beyond the cartridge's time limit of 65,209 frames")
  func timeLimit() throws {
    let trace = try PongTracer(environmentID: "gymnasium:ALE/Pong-v5")
      .record([.rally], seed: Self.seed, frameLimit: 65_600)
    #expect(trace.acts.count == 65_600)
    #expect(try PongTracer().firstDifference(from: trace) == nil)
    // The cartridge then shows its demonstration: no ball, and nothing that a player does counts.
    let after = trace.acts.dropFirst(65_300)
    #expect(after.allSatisfy { $0.ballY == 0 && $0.reward == 0 })
  }

  @Test("Games of two players, recorded from PettingZoo's pong_v3")
  func twoPlayers() throws {
    let trace = try PongTracer(environmentID: PongTracer.twoPlayers)
      .record([.follow, .held18], seed: Self.seed, frameLimit: 6_000)
    #expect(trace.game == 4 && trace.acts.count > 2_000, "seed \(Self.seed)")
    #expect(try PongTracer().firstDifference(from: trace) == nil, "seed \(Self.seed)")
    #expect(try TraceFile(decoding: trace.encoded(), path: "") == trace)
  }

  @Test("A single byte that is not the game's is found, with both states")
  func difference() throws {
    let trace = try PongTracer(environmentID: "gymnasium:ALE/Pong-v5")
      .record([.random18], seed: Self.seed, frameLimit: 100)
    var bytes = trace.encoded()
    bytes[64 + 12 * 41 + 2] ^= 1
    let text = try #require(
      try PongTracer().firstDifference(from: TraceFile(decoding: bytes, path: "")))
    #expect(text.hasPrefix("act 42 ("))
    #expect(text.contains("\n  recorded  reward 0, right ") && text.contains("\n  embedded  "))
  }
}
