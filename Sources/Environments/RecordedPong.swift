// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema
package import Randomness

/// A recorded game of Pong as a policy meets it: decisions of some frames each, and which of the
/// policy's actions the right player's hand was nearest to.
package final class RecordedPong: Environment {
  /// What both hands did in a frame; without effect on the left where the computer plays it.
  package typealias Hands = (right: PongGame.Hand, left: PongGame.Hand)

  package let actions: ActionSpace
  package var form: ObservationForm { view.form }
  /// The number of the action that the player took at this decision; nil where the policy is offered
  /// none that turns as the hand did.
  package private(set) var choice: Int?
  private let view: any PongView
  private let moves: [PongGame.Hand]
  private let skip: ClosedRange<Int>
  private let number: Int32
  private let hands: [Hands]
  private var game: PongGame
  private var draws = Xoshiro256(seed: 0)
  /// Frames played, and those of the decision that comes.
  private var played = 0
  private var coming = 0

  /// - Parameters:
  ///   - configuration: validated; how the policy sees the game, and for how long it decides.
  ///   - number: of the cartridge's game.
  ///   - hands: at least one frame.
  package init(_ configuration: ConfigValue, number: Int, hands: [Hands]) {
    let environment = Settings(configuration, section: "environment")
    let names = environment.strings("actions")
    (actions, moves) = (.discrete(names), PongEnvironment.hands(names))
    (view, skip) = (pongView(configuration), environment.interval("frameSkip"))
    (self.number, self.hands) = (Int32(number), hands)
    game = PongGame(self.number)
  }

  package func reset(draws: Xoshiro256) {
    self.draws = draws
    game = PongGame(number)
    played = 0
    view.look(at: game, from: .right, isFirst: true)
    decide()
  }

  /// Plays the recorded frames, whatever the action.
  package func step(_ action: Action) -> Transition {
    var reward: Int32 = 0
    for hand in hands[played..<played + coming] {
      reward &+= game.act(right: hand.right, left: hand.left).right
    }
    let frames = coming
    played += frames
    view.look(at: game, from: .right, isFirst: false)
    let isOver = played == hands.count || game.isOver
    if !isOver { decide() }
    return Transition(
      reward: Double(reward), frames: frames, ending: isOver ? .terminated : .none)
  }

  /// How long the next decision holds, as in `PongEnvironment`, and what the hand did for most of it.
  private func decide() {
    coming = skip.lowerBound
    if skip.count > 1 { coming += Int(draws.next(below: UInt32(skip.count))) }
    coming = min(coming, hands.count - played)
    let seen = hands[played..<played + coming].map(\.right)
    choice =
      nearest(seen) { $0.turn == $1.turn && $0.fire == $1.fire }
      ?? nearest(seen) { $0.turn == $1.turn }
  }

  private func nearest(
    _ seen: [PongGame.Hand], _ isAlike: (PongGame.Hand, PongGame.Hand) -> Bool
  ) -> Int? {
    let counts = moves.map { move in seen.count { isAlike($0, move) } }
    guard let most = counts.max(), most > 0 else { return nil }
    return counts.firstIndex(of: most)
  }

  package func observe(_ writer: inout SignWriter) { view.observe(&writer) }
  package func observe(into numbers: inout [Float]) { view.observe(into: &numbers) }
}
