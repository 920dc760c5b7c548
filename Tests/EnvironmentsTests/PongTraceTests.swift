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
    return (files ?? []).filter { $0.hasSuffix(".pongtrace") }.sorted()
      .compactMap { folder?.appendingPathComponent($0).path }
  }()

  @Test("Twelve whole games were recorded")
  func traceCount() { #expect(Self.traces.count == 12) }

  @Test("Every reward, position, score and frame of a recorded game", arguments: traces)
  func replay(path: String) throws {
    let trace = try TraceFile(contentsOf: path)
    var game = PongGame()
    #expect(CRC32.zlib.checksum(PongScreen.render(game)) == trace.resetFrameCRC)
    for (number, act) in trace.acts.enumerated() {
      let (move, fire) = PongEnvironment.meaning(ofAction: Int(act.action))
      let reward = game.act(move, fire: fire)
      let found = [
        reward, game.playerY, game.robotY, game.ballX, game.ballY, game.computerScore,
        game.playerScore,
      ]
      let expected = [
        Int32(act.reward), Int32(act.playerY), Int32(act.robotY), Int32(act.ballX),
        Int32(act.ballY),
        Int32(act.computerScore), Int32(act.playerScore),
      ]
      try #require(found == expected, "act \(number + 1) of \(path)")
      let crc = CRC32.zlib.checksum(PongScreen.render(game))
      try #require(crc == act.frameCRC, "the frame after act \(number + 1) of \(path)")
    }
    #expect(game.isOver)
    #expect(game.computerScore == Int32(trace.finalScores.computer))
    #expect(game.playerScore == Int32(trace.finalScores.player))
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
