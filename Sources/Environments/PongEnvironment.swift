// SPDX-License-Identifier: MIT

package import Kernels
import ParameterSchema
package import Randomness

/// The embedded Pong as a policy meets it: frame skip, sticky actions, the frame limit, and the
/// post's observation.
package final class PongEnvironment: Environment {
  /// What the policy sees.
  package enum ObservationKind: String, Sendable {
    /// The current minus the previous frame; all zeros on an episode's first decision.
    case difference
    /// The current frame.
    case frame
  }

  package var id: String { Self.component.id }
  package let actions: [String]
  package let form: ObservationForm = {
    var form = ObservationForm(.signs, height: PongVision.side, width: PongVision.side)
    form.patterns = PongVision.patterns
    return form
  }()
  /// Frames after which Gymnasium's `Pong-v0` truncates an episode, half an hour.
  package static let ownFrameLimit = 108_000
  /// Called with the game after each frame, and after reset; for replays.
  package var onFrame: ((PongGame) -> Void)?

  private let skip: ClosedRange<Int>
  private let stickyThreshold: UInt64
  private let frameLimit: Int
  private let observation: ObservationKind
  private let moves: [Held]
  private let places = PaddlePlaces.shared

  /// The game as it stands; see `PongView`.
  private(set) var game = PongGame()
  private var draws = Xoshiro256(seed: 0)
  private var held = Held()
  private var framesPlayed = 0
  /// What was observed last.
  private var seen = PongVision()
  private var isFirstObservation = true

  /// What the player's hand does: turns the knob by −1, 0 or 1, and presses the button or not.
  private struct Held {
    var turn: Int32 = 0
    var fire = false
  }

  /// - Parameters:
  ///   - skip: frames that one decision holds for, drawn uniformly.
  ///   - stickyActions: probability, for each frame, that the action before is kept.
  ///   - frameLimit: frames after which an episode is truncated.
  ///   - actions: names of ALE's actions; see `actionNames`.
  package init(
    skip: ClosedRange<Int>, stickyActions: Double, frameLimit: Int, actions: [String],
    observation: ObservationKind
  ) {
    self.skip = skip
    stickyThreshold = UInt64(stickyActions * 0x1p53)
    self.frameLimit = frameLimit
    self.actions = actions
    self.observation = observation
    moves = actions.map { name in
      guard let index = Self.actionNames.firstIndex(of: name) else {
        fatalError("no action \(name); allowed: \(Self.actionNames)")
      }
      let meaning = Self.meaning(ofAction: index)
      return Held(turn: meaning.move.rawValue, fire: meaning.fire)
    }
  }

  /// ALE's names of its 18 actions, by number.
  package static let actionNames = [
    "NOOP", "FIRE", "UP", "RIGHT", "LEFT", "DOWN", "UPRIGHT", "UPLEFT", "DOWNRIGHT", "DOWNLEFT",
    "UPFIRE", "RIGHTFIRE", "LEFTFIRE", "DOWNFIRE", "UPRIGHTFIRE", "UPLEFTFIRE", "DOWNRIGHTFIRE",
    "DOWNLEFTFIRE",
  ]

  /// What an action does in Pong: RIGHT turns the paddle up and LEFT down; UP and DOWN do nothing.
  package static func meaning(ofAction number: Int) -> (move: PongGame.Move, fire: Bool) {
    let name = actionNames[number]
    let move: PongGame.Move =
      name.contains("RIGHT") ? .up : name.contains("LEFT") ? .down : .none
    return (move, name.contains("FIRE"))
  }

  /// ALE's number of the action that the last frame was played with.
  package var heldAction: UInt8 {
    switch held.turn {
    case 0: held.fire ? 1 : 0
    case PongGame.Move.up.rawValue: held.fire ? 11 : 3
    default: held.fire ? 12 : 4
    }
  }

  package func reset(draws: Xoshiro256) {
    self.draws = draws
    game = PongGame()
    held = Held()
    framesPlayed = 0
    isFirstObservation = true
    onFrame?(game)
  }

  package func step(_ action: Int) -> Transition {
    // All that a frame changes stays in locals until the decision is over.
    var (game, draws, held) = (game, draws, held)
    precondition(!game.isOver, "a step after the end of the game")
    let chosen = moves[action]
    var frames = skip.lowerBound
    if skip.lowerBound < skip.upperBound {
      frames &+= Int(draws.next(below: UInt32(truncatingIfNeeded: skip.count)))
    }
    frames = min(frames, frameLimit &- framesPlayed)
    let isSticky = stickyThreshold > 0
    var reward: Int32 = 0
    var played = 0
    while played < frames {
      // Chosen without a branch, as nobody can predict it.
      let keeps = isSticky && draws.next() >> 11 < stickyThreshold
      held.turn = keeps ? held.turn : chosen.turn
      held.fire = keeps ? held.fire : chosen.fire
      reward &+= game.act(turn: held.turn, fire: held.fire)
      played &+= 1
      if let onFrame {
        self.held = held
        onFrame(game)
      }
      if game.isOver { break }
    }
    framesPlayed &+= played
    self.game = game
    self.draws = draws
    self.held = held
    let ending: Transition.Ending =
      game.isOver ? .terminated : framesPlayed >= frameLimit ? .truncated : .none
    return Transition(reward: Double(reward), frames: played, ending: ending)
  }

  package func observe(_ writer: inout SignWriter) {
    let now = PongShapes(of: game, places)
    if now.isDiscoloured || seen.shapes.isDiscoloured {
      observeSlowly(&writer)
    } else {
      switch observation {
      case .difference where isFirstObservation: writer.beginMinus()
      case .difference: now.writeDifference(from: seen.shapes, places, to: &writer)
      case .frame:
        now.writeFrame(places, to: &writer)
        writer.beginMinus()
      }
      seen.shapes = now
    }
    isFirstObservation = false
  }

  /// After the cartridge's time limit, pixel by pixel.
  private func observeSlowly(_ writer: inout SignWriter) {
    var now = PongVision()
    now.look(at: game)
    switch observation {
    case .difference where isFirstObservation: writer.beginMinus()
    case .difference: now.writeDifference(from: seen, to: &writer)
    case .frame:
      now.writeFrame(to: &writer)
      writer.beginMinus()
    }
    seen = now
  }
}
