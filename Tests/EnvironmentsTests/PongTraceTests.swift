// SPDX-License-Identifier: MIT

import Artifacts
import Digest
import Environments
import Foundation
import Testing

@Suite("The embedded Pong equals the real machine")
struct PongTraceTests {
  static let traces: [String] = {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Fixtures/traces")
    let files = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) }
    return (files ?? []).filter { $0.contains(".pongtrace") }.sorted()
      .compactMap { folder?.appendingPathComponent($0).path }
  }()

  @Test("Twelve whole games were recorded, and three of two players")
  func traceCount() {
    #expect(Self.traces.count { $0.hasSuffix(".pongtrace") } == 12)
    #expect(Self.traces.count { $0.hasSuffix(".pongtrace2") } == 3)
  }

  @Test("Every reward, position, score and frame of a recorded game", arguments: traces)
  func replay(path: String) throws {
    let trace = try TraceFile(contentsOf: path)
    var game = PongGame(Int32(trace.game))
    #expect(CRC32.zlib.checksum(PongScreen.render(game)) == trace.resetFrameCRC)
    for (number, act) in trace.acts.enumerated() {
      let left = PongGame.Hand(action: Int(act.second?.action ?? 0))
      let rewards = game.act(right: PongGame.Hand(action: Int(act.action)), left: left)
      var found = [
        rewards.right, game.rightY, game.leftY, game.ballX, game.ballY, game.leftScore,
        game.rightScore,
      ]
      var expected = [
        Int32(act.reward), Int32(act.rightY), Int32(act.leftY), Int32(act.ballX),
        Int32(act.ballY), Int32(act.leftScore), Int32(act.rightScore),
      ]
      if let second = act.second {
        found += [rewards.left, game.serveTimer, game.liveFire ? 1 : 0]
        expected += [Int32(second.reward), Int32(second.serveTimer), Int32(second.liveFire)]
      }
      try #require(found == expected, "act \(number + 1) of \(path)")
      let crc = CRC32.zlib.checksum(PongScreen.render(game))
      try #require(crc == act.frameCRC, "the frame after act \(number + 1) of \(path)")
    }
    #expect(game.isOver)
    #expect(game.leftScore == Int32(trace.finalScores.left))
    #expect(game.rightScore == Int32(trace.finalScores.right))
  }

  @Test("After the last point nothing changes")
  func afterTheEnd() throws {
    var game = PongGame()
    while !game.isOver { _ = game.act(.down) }
    let final = game
    #expect(game.act(.up, fire: true) == 0)
    #expect(game == final)
  }
}
