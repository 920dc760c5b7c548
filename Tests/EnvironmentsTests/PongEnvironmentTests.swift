// SPDX-License-Identifier: MIT

import Environments
import Kernels
import Randomness
import Testing

@Suite("Pong as a policy meets it")
struct PongEnvironmentTests {
  /// The post's preprocessing of the rendered frame: 6,400 values of 0 and 1.
  static func pixels(_ game: PongGame) -> [Int] {
    let frame = PongScreen.render(game)
    var result = [Int](repeating: 0, count: 6400)
    for row in 0..<80 {
      for column in 0..<80 {
        let red = PongScreen.red(frame[(35 + 2 * row) * 160 + 2 * column])
        result[80 * row + column] = red == 0 || red == 144 || red == 109 ? 0 : 1
      }
    }
    return result
  }

  @Test(
    "The sparse difference is the difference of preprocessed frames, in patterns or without",
    arguments: 0..<6, [nil, 6403])
  func difference(seed: UInt64, patternBase: Int?) {
    var draws = Xoshiro256(seed: seed)
    var game = PongGame()
    var before = PongFrame(game)
    var beforePixels = Self.pixels(game)
    let batch = SparseSignBatch(
      width: 6400, patternBase: patternBase, patterns: PaddlePlaces.shared.pixels)
    for act in 0..<3000 {
      if game.isOver { break }
      let bits = draws.next()
      let move: PongGame.Move = bits & 3 == 0 ? .none : bits & 4 == 0 ? .up : .down
      _ = game.act(move, fire: bits & 8 == 0)
      guard act % 3 == 0 else { continue }
      let now = PongFrame(game)
      batch.removeAll()
      batch.append { now.writeDifference(from: before, to: &$0) }
      batch.append {
        now.write(to: &$0)
        $0.beginMinus()
      }
      let nowPixels = Self.pixels(game)
      let entries = batch.entries(of: 0)
      #expect(
        Set(entries.plus) == Set((0..<6400).filter { nowPixels[$0] == 1 && beforePixels[$0] == 0 }))
      #expect(
        Set(entries.minus) == Set((0..<6400).filter { nowPixels[$0] == 0 && beforePixels[$0] == 1 })
      )
      #expect(Set(batch.entries(of: 1).plus) == Set((0..<6400).filter { nowPixels[$0] == 1 }))
      before = now
      beforePixels = nowPixels
    }
  }

  @Test("Scores only rise, and everything stays on its scale, over a million frames")
  func laws() {
    var draws = Xoshiro256(seed: 99)
    var game = PongGame()
    for _ in 0..<1_000_000 {
      if game.isOver { game = PongGame() }
      let (computer, player) = (game.leftScore, game.rightScore)
      let bits = draws.next()
      let reward = game.act(bits & 1 == 0 ? .up : .down, fire: bits & 2 == 0)
      #expect(game.leftScore - computer + (game.rightScore - player) == abs(reward))
      guard game.leftScore >= computer && game.rightScore >= player,
        (38...204).contains(game.rightY), (0...255).contains(game.leftY),
        (0...255).contains(game.ballX), abs(game.velocityX) <= 4, (-3...3).contains(game.velocityY)
      else {
        Issue.record("out of its scale: \(game)")
        return
      }
    }
  }

  @Test("A copy of the game continues as the game does")
  func copies() {
    var game = PongGame()
    for i in 0..<500 { _ = game.act(i % 3 == 0 ? .up : .down) }
    var copy = game
    for i in 0..<2000 {
      #expect(game.act(i % 5 < 2 ? .up : .down) == copy.act(i % 5 < 2 ? .up : .down))
    }
    #expect(game == copy)
  }

  @Test("After 65,209 frames the cartridge ends the game by itself")
  func timeLimit() {
    var game = PongGame()
    var acts = 0
    // Meet the ball with the middle of the paddle: it flies level, the computer returns it for
    // ever, and nobody gets to 21 before the counter runs over.
    while acts < 65_209 && !game.isOver {
      let target = game.ballY == 0 ? 109 : game.ballY - 6
      _ = game.act(game.rightY > target ? .up : game.rightY < target ? .down : .none)
      acts += 1
    }
    #expect(acts == 65_209 && !game.isOver && !game.isAttract, "ended after \(acts) frames")
    let difference = game.rightScore - game.leftScore
    let reward = game.act(.none)
    #expect(game.isAttract)
    #expect(game.leftScore == 1)
    #expect(reward == game.rightScore - 1 - difference)
    for _ in 0..<2000 { #expect(game.act(.up) == 0) }
    #expect(!game.isOver && game.ballY == 0)
    let columns = PongFrame(game).columns()
    let pixels = Self.pixels(game)
    for column in 0..<80 {
      for row in 0..<80 {
        #expect(columns[column].contains(row) == (pixels[80 * row + column] == 1))
      }
    }
  }

  private func environment(
    skip: ClosedRange<Int> = 2...4, sticky: Double = 0.25, limit: Int = 108_000
  ) -> PongEnvironment {
    PongEnvironment(
      skip: skip, stickyActions: sticky, frameLimit: limit, actions: ["RIGHT", "LEFT"],
      observation: .difference)
  }

  @Test("A decision holds for 2, 3 or 4 frames, each a third of the time")
  func frameSkip() {
    let pong = environment()
    pong.reset(draws: Xoshiro256(seed: 1))
    var counts = [0, 0, 0, 0, 0]
    var decisions = 0
    for episode in 0..<20 as Range<UInt64> {
      pong.reset(draws: Xoshiro256(seed: episode))
      while true {
        let transition = pong.step(.number(decisions % 2))
        decisions += 1
        if transition.isEnd { break }
        counts[transition.frames] += 1
      }
    }
    #expect(counts[0] == 0 && counts[1] == 0)
    for k in 2...4 { #expect(abs(Double(counts[k]) / Double(decisions) - 1.0 / 3) < 0.02) }
  }

  @Test("An episode is truncated at the frame limit, never later")
  func truncation() {
    let pong = environment(limit: 101)
    pong.reset(draws: Xoshiro256(seed: 1))
    var frames = 0
    while true {
      let transition = pong.step(0)
      frames += transition.frames
      if transition.isEnd {
        #expect(transition.ending == .truncated)
        break
      }
    }
    #expect(frames == 101)
  }

  @Test("Without stickiness every frame takes the chosen action; with it a share does not")
  func sticky() {
    func path(_ sticky: Double) -> [Int32] {
      let pong = environment(skip: 1...1, sticky: sticky)
      var positions: [Int32] = []
      pong.onFrame = { positions.append($0.rightResistance) }
      pong.reset(draws: Xoshiro256(seed: 3))
      for i in 0..<2000 { _ = pong.step(.number(i % 2)) }
      return positions
    }
    let free = path(0)
    #expect(zip(free, free.dropFirst()).allSatisfy { abs($0 - $1) == 23_000 })
    let held = path(0.25)
    let turns = zip(zip(held, held.dropFirst()), held.dropFirst(2))
      .filter { ($0.0.1 - $0.0.0).signum() == ($0.1 - $0.0.1).signum() }.count
    // The chosen action alternates. With m the chance that a frame's action is not the chosen one,
    // m = ¼·(1 − m) = ⅕, and a frame goes on as the one before with probability ¼ + ¾·m = 0.4.
    #expect(abs(Double(turns) / 2000 - 0.4) < 0.05, "\(turns)")
  }

  @Test("The first observation is all zeros, and an episode repeats from its generator")
  func repeats() {
    func record(_ seed: UInt64) -> [[Int]] {
      let pong = environment()
      let batch = SparseSignBatch(width: 6400)
      pong.reset(draws: Xoshiro256(seed: seed))
      batch.append { pong.observe(&$0) }
      for i in 0..<300 {
        _ = pong.step(.number(i / 7 % 2))
        batch.append { pong.observe(&$0) }
      }
      return (0..<batch.count).flatMap {
        [batch.entries(of: $0).plus, batch.entries(of: $0).minus]
      }
    }
    let first = record(5)
    #expect(first[0].isEmpty && first[1].isEmpty)
    #expect(first == record(5))
    #expect(first != record(6))
  }
}
