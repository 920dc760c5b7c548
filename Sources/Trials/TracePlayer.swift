// SPDX-License-Identifier: MIT

package import Environments
import Randomness

/// Who plays while a game is recorded. Decisions follow from the embedded game as it stands, which
/// is what is to be checked: were it wrong, another game would be recorded, as true as any.
package struct TracePlayer {
  package enum Kind: String, CaseIterable, Sendable {
    case random18, random6, random2, held18, follow, rally

    /// For the help.
    package var doc: String {
      switch self {
      case .random18: "any of ALE's 18 actions, a new one every frame"
      case .random6: "the 6 that Pong uses"
      case .random2: "the post's RIGHT and LEFT, each held for 2 to 4 frames"
      case .held18: "any of the 18, each held for 1 to 20 frames"
      case .follow: "follows the ball, not perfectly, with FIRE at random"
      case .rally: "keeps rallies going, beyond the cartridge's time limit of 65,209 frames"
      }
    }
  }

  private let kind: Kind
  private let side: PongGame.Side
  private var draws: Xoshiro256
  /// Of the paddle to the ball, in rows; for how many frames more.
  private var offset: Int32 = 0
  private var framesLeft = 0

  package init(_ kind: Kind, seed: UInt32, side: PongGame.Side = .right) {
    (self.kind, self.side) = (kind, side)
    draws = Xoshiro256(seed: UInt64(seed) | (side == .left ? 1 << 32 : 0))
  }

  /// ALE's numbers of the next actions, at least one.
  package mutating func actions(in game: PongGame) -> [UInt8] {
    switch kind {
    case .random18: [UInt8(draws.next(below: 18))]
    case .random6: [[0, 1, 3, 4, 11, 12][Int(draws.next(below: 6))]]
    case .random2: held(draws.next(below: 2) == 0 ? 3 : 4, for: 2...4)
    case .held18: held(UInt8(draws.next(below: 18)), for: 1...20)
    case .follow: [following(game)]
    case .rally: [rallying(game)]
    }
  }

  private mutating func held(_ action: UInt8, for frames: ClosedRange<UInt32>) -> [UInt8] {
    let count = frames.lowerBound + draws.next(below: UInt32(frames.count))
    return Array(repeating: action, count: Int(count))
  }

  private mutating func following(_ game: PongGame) -> UInt8 {
    if framesLeft == 0 {
      offset = Int32(draws.next(below: 25)) - 12
      framesLeft = 120
    }
    framesLeft -= 1
    return hand(game, offset: offset, fire: draws.next(below: 4) == 0).action
  }

  /// Follows the ball at the offset that looks best: whose rally is the longest, tried out.
  private mutating func rallying(_ game: PongGame) -> UInt8 {
    if framesLeft == 0 {
      let tried = (Int32(-12)...12).map { (offset: $0, frames: rally(game, offset: $0)) }
      let best = tried.max { $0.frames < $1.frames }
      offset = best?.offset ?? 0
      framesLeft = max(1, (best?.frames ?? 0) / 2)
    }
    framesLeft -= 1
    return hand(game, offset: offset, fire: game.hasTwoPlayers && game.serveTimer > 0).action
  }

  private func hand(_ game: PongGame, offset: Int32, fire: Bool) -> PongGame.Hand {
    let target = game.ballY == 0 ? 109 : game.ballY + 4 + offset
    return PongGame.Hand(turn: (target - game.paddleY(side)).signum(), fire: fire)
  }

  /// Frames until the next point, at most 3,000, with another player that stays where it is.
  private func rally(_ start: PongGame, offset: Int32) -> Int {
    var game = start
    for frame in 0..<3000 {
      let hand = hand(game, offset: offset, fire: false)
      if game.act(hand, on: side) != 0 { return frame }
    }
    return 3000
  }
}
