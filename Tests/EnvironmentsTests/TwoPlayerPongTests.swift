// SPDX-License-Identifier: MIT

import Digest
import Environments
import Kernels
import ParameterSchema
import Randomness
import Testing

@Suite("Pong for two players") struct TwoPlayerPongTests {
  /// Recorded from multi-agent-ale-py 0.1.12, mode 4: the number of the act; both rewards; the right
  /// paddle and its average, the left ones; the ball's place and velocity; scores left, right; the
  /// frames until the serve; whether the button counts as pressed. And the frame's CRC-32.
  private static let recorded: [(values: [Int32], crc: UInt32)] = [
    ([0, 0, 0, 109, 109, 109, 109, 0, 0, 0, 0, 0, 0, 57, 1], 0xC4D41D6C),
    ([57, 0, 0, 109, 109, 109, 109, 127, 130, 1, 1, 0, 0, 0, 1], 0xF97F1630),
    ([59, 0, 0, 109, 106, 109, 109, 125, 134, 1, 1, 0, 0, 0, 1], 0x0E6CDE49),
    ([80, 0, 0, 38, 38, 109, 114, 104, 176, 1, 1, 0, 0, 0, 1], 0x19E384D0),
    ([104, 0, 0, 38, 38, 203, 203, 80, 187, 1, -1, 0, 0, 0, 1], 0x8133EF0D),
    ([133, 1, -1, 38, 38, 203, 203, 52, 131, 1, -1, 0, 1, 63, 0], 0xD6DAEF63),
    ([252, -1, 0, 38, 38, 203, 203, 52, 0, 1, -1, 0, 1, 1, 0], 0xFE50389D),
    ([351, 0, 0, 38, 38, 203, 203, 52, 0, 1, -1, 0, 1, 1, 0], 0xFE50389D),
    ([353, 0, 0, 38, 38, 203, 203, 127, 126, 1, -1, 0, 1, 0, 1], 0x0B28C34B),
    ([354, 0, 0, 38, 38, 203, 203, 126, 124, 1, -1, 0, 1, 0, 0], 0x9BFF24CB),
    ([355, 0, 0, 38, 38, 203, 203, 125, 123, 1, -1, 0, 1, 0, 0], 0xE4164160),
    ([429, 1, -1, 38, 38, 203, 203, 52, 50, 1, -1, 0, 2, 63, 0], 0x9A4087EA),
    ([548, -1, 0, 38, 38, 203, 203, 52, 0, 1, -1, 0, 2, 1, 0], 0x501A04C1),
    ([668, -1, 0, 38, 38, 203, 203, 52, 0, 1, -1, 0, 2, 1, 0], 0x501A04C1),
    ([788, -1, 0, 38, 38, 203, 203, 52, 0, 1, -1, 0, 2, 1, 0], 0x501A04C1),
  ]

  /// What was done: how often, by the right player, by the left one; then nothing.
  private static let actions = [
    (58, 0, 0), (20, 3, 0), (30, 0, 4), (240, 0, 0), (3, 0, 1), (2, 1, 0), (440, 0, 0),
  ]

  @Test("A serve waits for the scorer's button, which doubles the ball's step, and costs who waits")
  func firstValues() {
    var game = PongGame(4)
    var (number, row) = (Int32(0), 0)
    func compare(_ rewards: (right: Int32, left: Int32)) {
      guard row < Self.recorded.count, Self.recorded[row].values[0] == number else { return }
      let found = [
        number, rewards.right, rewards.left, game.rightY, game.rightAverage, game.leftY,
        game.leftAverage, game.ballX, game.ballY, game.velocityX, game.velocityY, game.leftScore,
        game.rightScore, game.serveTimer, game.liveFire ? 1 : 0,
      ]
      #expect(found == Self.recorded[row].values)
      #expect(CRC32.zlib.checksum(PongScreen.render(game)) == Self.recorded[row].crc, "\(number)")
      row += 1
    }
    compare((0, 0))
    for (count, right, left) in Self.actions {
      for _ in 0..<count {
        number += 1
        compare(
          game.act(right: PongGame.Hand(action: right), left: PongGame.Hand(action: left)))
      }
    }
    #expect(row == Self.recorded.count)
  }

  @Test(
    "Rewards are points and the server's penalties, in games of random hands", arguments: [3, 4])
  func rewards(number: Int32) {
    var draws = Xoshiro256(seed: UInt64(number))
    var game = PongGame(number)
    var (right, left, penalties) = (Int32(0), Int32(0), Int32(0))
    // Hands without a button for the first frames: whoever is to serve is made to pay.
    for frame in 0..<40_000 where !game.isOver {
      func hand() -> PongGame.Hand {
        PongGame.Hand(turn: Int32(draws.next(below: 3)) - 1, fire: draws.next(below: 400) == 0)
      }
      let rewards = game.act(right: hand(), left: hand())
      (right, left) = (right + rewards.right, left + rewards.left)
      penalties -= rewards.right + rewards.left
      #expect(rewards.right + rewards.left <= 0 && (38...203).contains(game.leftY), "\(frame)")
    }
    #expect(penalties > 0 && game.rightScore + game.leftScore > 10)
    #expect(right + left == -penalties)
    #expect(abs(right - (game.rightScore - game.leftScore)) <= penalties)
  }

  @Test("The computer's game serves by itself; its wham is that of two players", arguments: [1, 2])
  func onePlayer(number: Int32) {
    var game = PongGame(number)
    var steps: Set<Int32> = []
    for frame in 0..<6_000 where !game.isOver {
      let before = game
      _ = game.act(frame / 11 % 2 == 0 ? .up : .down, fire: frame / 300 % 2 == 0)
      guard before.serveTimer == 0, game.serveTimer == 0, (50...200).contains(before.ballY) else {
        continue
      }
      steps.insert(abs(game.ballY - before.ballY))
    }
    #expect(game.leftScore > 3)
    // No ball of this game is steeper than 2; what the button doubles is.
    #expect(steps == (number == 2 ? [1, 2, 4] : [1, 2]))
  }
}

@Suite("The left player's view") struct MirroredViewTests {
  /// The mirror image by plain copying: what is not background changes sides, and the paddles their
  /// colours.
  private static func mirrored(_ game: PongGame) -> [UInt8] {
    let (frame, colours) = (PongScreen.render(game), PongScreen.Colours(hue: game.shownHue))
    return frame.indices.map { i in
      let pixel = frame[i / 160 * 160 + 159 - i % 160]
      return pixel == colours.player
        ? colours.computer : pixel == colours.computer ? colours.player : pixel
    }
  }

  @Test(
    "It is the mirror image of the picture, and its pixels are that picture's", arguments: 1...3)
  func pictures(seed: UInt64) {
    var draws = Xoshiro256(seed: seed)
    var game = PongGame(seed % 2 == 0 ? 3 : 4)
    for frame in 0..<4_000 where !game.isOver {
      func hand() -> PongGame.Hand {
        PongGame.Hand(turn: Int32(draws.next(below: 3)) - 1, fire: draws.next(below: 8) == 0)
      }
      _ = game.act(right: hand(), left: hand())
      guard frame % 7 == 0 else { continue }
      let judge = Self.mirrored(game)
      let seen = PongScreen.render(game, from: .left)
      // Digits change places, not their shape.
      #expect(seen[24 * 160..<210 * 160] == judge[24 * 160..<210 * 160], "frame \(frame)")
      let now = PongFrame(game, from: .left)
      let columns = now.columns()
      var lit: Set<Int> = []
      for pixel in 0..<6400 {
        let red = PongScreen.red(judge[(35 + 2 * (pixel / 80)) * 160 + 2 * (pixel % 80)])
        let isLit = red != 0 && red != 144 && red != 109
        if isLit { lit.insert(pixel) }
        #expect(columns[pixel % 80].contains(pixel / 80) == isLit, "frame \(frame), \(pixel)")
      }
      let batch = SparseSignBatch(
        width: 6400, patternBase: 6400, patterns: PaddlePlaces.shared.pixels)
      batch.append {
        now.write(to: &$0)
        $0.beginMinus()
      }
      #expect(Set(batch.entries(of: 0).plus) == lit)
    }
  }

  @Test("Scores and objects are exchanged: what is one's own stands first")
  func objects() throws {
    let configuration: ConfigValue = [
      "environment": [
        "frameSkip": 4, "stickyActions": 0.25, "maxFrames": 9000, "game": 3, "sides": "right",
        "opponent": "self", "actions": ["RIGHT", "LEFT", "FIRE"],
      ], "observation": ["kind": "objects"],
    ]
    let game = PongEnvironment(configuration)
    let seat = try #require(game.rival)
    var shown = PongGame()
    game.onFrame = { shown = $0 }
    game.reset(draws: Xoshiro256(seed: 2))
    var draws = Xoshiro256(seed: 3)
    var isOver = false
    var sums = (own: 0.0, other: 0.0)
    while !isOver {
      seat.submit(.number(Int(draws.next(below: 3))))
      let transition = game.step(.number(Int(draws.next(below: 3))))
      isOver = transition.isEnd
      let reply = try seat.collect()
      #expect(reply.ending == transition.ending && reply.frames == transition.frames)
      sums = (sums.own + transition.reward, sums.other + reply.reward)
      let (right, left) = (observed(game), observed(seat))
      #expect(right[0] == left[2] && right[2] == left[0], "\(right) \(left)")
      #expect(right[4] == -left[4] && right[5] == left[5])
      #expect(right[6] == -left[6] && right[7] == left[7])
    }
    #expect(sums.own + sums.other <= 0 && shown.leftScore + shown.rightScore > 5)
    #expect(abs(sums.own - Double(shown.rightScore - shown.leftScore)) <= -sums.own - sums.other)
  }
}
