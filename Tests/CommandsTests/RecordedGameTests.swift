// SPDX-License-Identifier: MIT

import Environments
import Plotting
import Randomness
import Report
import Testing
import Trials

@testable import Artifacts

@Suite("A recorded game") struct RecordedGameTests {
  @Test("What a replay's frame is painted as is the game's own picture", arguments: [1, 2, 3])
  func pictures(seed: UInt64) throws {
    var game = PongGame()
    var draws = Xoshiro256(seed: seed)
    var compared = 0
    var move = PongGame.Move.none
    for frame in 0..<6_000 where !game.isOver {
      if frame % 8 == 0 { move = [.up, .down, .none][Int(draws.next() % 3)] }
      _ = game.act(move, fire: false)
      guard !game.isResetFrame, !game.isAttract, game.shownHue == 0 else { continue }
      let picture = PongPicture.image(ReplayFile.Frame(game))
      let screen = PongScreen.render(game)
      let expected = screen.flatMap { index in
        [16, 8, 0].map { UInt8(truncatingIfNeeded: PongScreen.rgb(index) >> $0) }
      }
      let isEqual = picture.bytes == expected
      #expect(isEqual, "seed \(seed), frame \(frame), ball \(game.ballX), \(game.ballY)")
      if !isEqual { break }
      compared += 1
    }
    #expect(compared > 3_000)
  }

  @Test(
    "The lit pixels of a frame are those that the policy's preprocessing leaves", arguments: [1, 2])
  func preprocessing(seed: UInt64) {
    var game = PongGame()
    var draws = Xoshiro256(seed: seed)
    for frame in 0..<2_000 where !game.isOver {
      _ = game.act([.up, .down, .none][Int(draws.next() % 3)], fire: false)
      guard !game.isResetFrame, !game.isAttract, game.shownHue == 0 else { continue }
      let columns = PongFrame.pixelColumns(of: game)
      let expected = (0..<6_400).filter { columns[$0 % 80].contains($0 / 80) }
      let lit = PongPicture.litPixels(ReplayFile.Frame(game))
      #expect(lit == expected, "frame \(frame)")
      if lit != expected { break }
    }
  }

  @Test("A frame's lift survives the file; files of the first version are read as before")
  func versions() throws {
    let frame = ReplayFile.Frame(
      playerY: 100, robotY: 90, ballX: 200, ballY: 101, computerScore: 20, playerScore: 21,
      lift: 0b1001)
    var header = ReplayFile.Header(
      environment: "pong", checkpoint: 1, episode: 1, return: 1, actions: ["RIGHT", "LEFT"],
      units: 0, frameCount: 1, decisionCount: 0)
    let file = ReplayFile(header: header, frames: [frame], decisions: [])
    #expect(try ReplayFile(decoding: file.encoded(), path: "new").frames == [frame])
    header.formatVersion = 1
    var plain = frame
    plain.lift = 0
    let old = ReplayFile(header: header, frames: [plain], decisions: [])
    #expect(try ReplayFile(decoding: old.encoded(), path: "old").frames[0].lift == 15)
  }
}
