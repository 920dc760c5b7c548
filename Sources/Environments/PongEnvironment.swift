// SPDX-License-Identifier: MIT

package import Kernels
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

  package let actions: [String]
  package let form: ObservationForm = {
    var form = ObservationForm(.signs, height: PongVision.side, width: PongVision.side)
    form.patterns = PongVision.patterns
    return form
  }()
  /// Called with the game after each frame, and after reset; for replays.
  package var onFrame: ((PongGame) -> Void)?

  private let skip: ClosedRange<Int>
  private let stickyThreshold: UInt64
  private let frameLimit: Int
  private let observation: ObservationKind
  private let moves: [(move: PongGame.Move, fire: Bool)]

  /// The game as it stands; see `PongView`.
  private(set) var game = PongGame()
  private var draws = Xoshiro256(seed: 0)
  private var held: (move: PongGame.Move, fire: Bool) = (.none, false)
  private var framesPlayed = 0
  /// This frame's and the last one's, in turn.
  private var even = PongVision()
  private var odd = PongVision()
  private var isEven = false
  private var isFirstObservation = true

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
        preconditionFailure("no action \(name); allowed: \(Self.actionNames)")
      }
      return Self.meaning(ofAction: index)
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

  package func reset(draws: Xoshiro256) {
    self.draws = draws
    game = PongGame()
    held = (.none, false)
    framesPlayed = 0
    isFirstObservation = true
    onFrame?(game)
  }

  package func step(_ action: Int) -> Transition {
    precondition(!game.isOver, "a step after the end of the game")
    let chosen = moves[action]
    var frames = skip.lowerBound
    if skip.lowerBound < skip.upperBound {
      frames &+= Int(draws.next(below: UInt32(truncatingIfNeeded: skip.count)))
    }
    frames = min(frames, frameLimit &- framesPlayed)
    var reward: Int32 = 0
    var played = 0
    while played < frames {
      if stickyThreshold == 0 || draws.next() >> 11 >= stickyThreshold { held = chosen }
      reward &+= game.act(held.move, fire: held.fire)
      played &+= 1
      if let onFrame { onFrame(game) }
      if game.isOver { break }
    }
    framesPlayed &+= played
    let ending: Transition.Ending =
      game.isOver ? .terminated : framesPlayed >= frameLimit ? .truncated : .none
    return Transition(reward: Double(reward), frames: played, ending: ending)
  }

  package func observe(_ writer: inout SignWriter) {
    isEven.toggle()
    if isEven {
      even.look(at: game)
      write(even, after: odd, to: &writer)
    } else {
      odd.look(at: game)
      write(odd, after: even, to: &writer)
    }
    isFirstObservation = false
  }
  @inline(__always)
  private func write(_ now: PongVision, after before: PongVision, to writer: inout SignWriter) {
    switch observation {
    case .difference where isFirstObservation: writer.beginMinus()
    case .difference: now.writeDifference(from: before, to: &writer)
    case .frame:
      now.writeFrame(to: &writer)
      writer.beginMinus()
    }
  }
}
