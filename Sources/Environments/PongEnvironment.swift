// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema
package import Randomness

/// The embedded Pong as a policy meets it: frame skip, sticky actions, the frame limit, and the
/// post's observation. In a game for two, `rival` is the other player's.
package final class PongEnvironment: Environment {
  package var id: String {
    (seat == nil ? EnvironmentKind.pong : .pongTwoPlayer).component.id
  }
  package let actions: ActionSpace
  package var form: ObservationForm { view.form }
  /// Frames after which Gymnasium's `Pong-v0` truncates an episode, half an hour.
  package static let ownFrameLimit = 108_000
  /// Called with the game after each frame, and after reset; for replays.
  package var onFrame: ((PongGame) -> Void)?

  private let skip: ClosedRange<Int>
  private let stickyThreshold: UInt64
  private let frameLimit: Int
  private let moves: [PongGame.Hand]
  private let view: any PongView
  private let number: Int32
  /// nil where the computer has the left paddle.
  private let seat: PongSeat?
  /// Whether an episode draws on which side it is played; else it is the right one.
  private let drawsSide: Bool
  package var rival: (any RemoteEnvironment)? { seat }

  private var game: PongGame
  private var side = PongGame.Side.right
  private var draws = Xoshiro256(seed: 0)
  private var held = PongGame.Hand()
  private var framesPlayed = 0

  /// - Parameters:
  ///   - skip: frames that one decision holds for, drawn uniformly.
  ///   - stickyActions: probability, for each frame, that the action before is kept.
  ///   - frameLimit: frames after which an episode is truncated.
  ///   - actions: names of ALE's actions; see `actionNames`.
  ///   - observation: of binary frames, by the post's preprocessing.
  package convenience init(
    skip: ClosedRange<Int>, stickyActions: Double, frameLimit: Int, actions: [String],
    observation: PictureKind = .difference
  ) {
    self.init(
      skip: skip, stickyActions: stickyActions, frameLimit: frameLimit, actions: actions,
      view: PongFrameView(observation))
  }

  /// - Parameters:
  ///   - number: of the cartridge's game.
  ///   - seat: the other player's, in a game for two.
  ///   - drawsSide: whether an episode draws on which side it is played; else it is the right one.
  init(
    skip: ClosedRange<Int>, stickyActions: Double, frameLimit: Int, actions: [String],
    view: any PongView, number: Int = 1, seat: PongSeat? = nil, drawsSide: Bool = false
  ) {
    self.number = Int32(number)
    self.drawsSide = drawsSide
    game = PongGame(Int32(number))
    self.skip = skip
    stickyThreshold = UInt64(stickyActions * 0x1p53)
    self.frameLimit = frameLimit
    self.actions = .discrete(actions)
    self.view = view
    self.seat = seat
    moves = Self.hands(actions)
  }

  /// What actions do, by their names.
  static func hands(_ actions: [String]) -> [PongGame.Hand] {
    actions.map { name in
      guard let index = actionNames.firstIndex(of: name) else {
        fatalError("no action \(name); allowed: \(actionNames)")
      }
      return PongGame.Hand(action: index)
    }
  }

  /// ALE's names of its 18 actions, by number.
  package static let actionNames = [
    "NOOP", "FIRE", "UP", "RIGHT", "LEFT", "DOWN", "UPRIGHT", "UPLEFT", "DOWNRIGHT", "DOWNLEFT",
    "UPFIRE", "RIGHTFIRE", "LEFTFIRE", "DOWNFIRE", "UPRIGHTFIRE", "UPLEFTFIRE", "DOWNRIGHTFIRE",
    "DOWNLEFTFIRE",
  ]

  /// The scores on the right and on the left.
  package var scores: (right: Int32, left: Int32) { (game.rightScore, game.leftScore) }

  /// What the last frame was played with.
  package var heldHand: PongGame.Hand { held }

  package func reset(draws: Xoshiro256) {
    self.draws = draws
    game = PongGame(number)
    held = PongGame.Hand()
    framesPlayed = 0
    if drawsSide { side = self.draws.next() & 1 == 0 ? .right : .left }
    onFrame?(game)
    view.look(at: game, from: side, isFirst: true)
    seat?.begin(game, on: side.other)
  }

  package func step(_ action: Action) -> Transition {
    // All that a frame changes stays in locals until the decision is over.
    var (game, draws, held) = (game, draws, held)
    precondition(!game.isOver, "a step after the end of the game")
    let chosen = moves[action.number]
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
      if let seat {
        let keeps = isSticky && draws.next() >> 11 < stickyThreshold
        reward &+= seat.act(&game, held, keeps: keeps)
      } else {
        reward &+= game.act(right: held).right
      }
      played &+= 1
      if let onFrame {
        self.held = held
        onFrame(game)
      }
      if game.isOver { break }
    }
    framesPlayed &+= played
    view.look(at: game, from: side, isFirst: false)
    self.game = game
    self.draws = draws
    self.held = held
    let ending: Transition.Ending =
      game.isOver ? .terminated : framesPlayed >= frameLimit ? .truncated : .none
    seat?.end(game, frames: played, ending)
    return Transition(reward: Double(reward), frames: played, ending: ending)
  }

  package func observe(_ writer: inout SignWriter) { view.observe(&writer) }

  package func observe(into numbers: inout [Float]) { view.observe(into: &numbers) }
}

extension PongGame.Hand {
  /// What an action of ALE's does in Pong: RIGHT turns the knob up and LEFT down; UP and DOWN do
  /// nothing.
  package init(action number: Int) {
    let name = PongEnvironment.actionNames[number]
    let move: PongGame.Move =
      name.contains("RIGHT") ? .up : name.contains("LEFT") ? .down : .none
    self.init(turn: move.rawValue, fire: name.contains("FIRE"))
  }

  /// ALE's number of the least action that does it.
  package var action: UInt8 {
    switch turn {
    case 0: fire ? 1 : 0
    case PongGame.Move.up.rawValue: fire ? 11 : 3
    default: fire ? 12 : 4
    }
  }
}

extension EnvironmentKind {
  package static let pong = EnvironmentKind(
    Component(
      id: "pong",
      doc: "Atari Pong by the real game's rules, embedded: equal to ALE in every frame.",
      parameters: [
        Parameter(
          "game", .integer(1...2), default: 1,
          doc: """
            The cartridge's game against the computer: in 1, ALE's own, FIRE speeds the ball up, in 2 \
            it doubles its steps up and down.
            """, silentValue: 1)
      ] + pongParameters(actions: ["RIGHT", "LEFT"]),
      constraints: pongConstraints("pong"), returnRange: -21...21),
    timeLimit: pongTimeLimit, make: { PongEnvironment($0) })
}

/// What all games of Pong are played by.
func pongParameters(actions: ConfigValue) -> [Parameter] {
  [
    Parameter(
      "frameSkip", .integerOrInterval(1...60), default: ["min": 2, "max": 4], unit: "frames",
      doc: """
        Frames that one decision holds for: a number, or {"min", "max"}, inclusive, drawn \
        uniformly. The post's Pong-v0 draws 2 to 4.
        """),
    Parameter(
      "stickyActions", .number(.closedOpen(0, 1)), default: 0.25, unit: "probability per frame",
      doc: """
        For each frame, the probability that the action before is kept (Machado et al. 2018). \
        0 is off.
        """),
    Parameter(
      "maxFrames", .integer(1...PongEnvironment.ownFrameLimit),
      default: .number(Double(PongEnvironment.ownFrameLimit)),
      unit: "frames",
      doc: "Frames after which an episode is truncated; Gymnasium's Pong-v0 has 108,000."),
    Parameter(
      "actions", .list(of: .choice(PongEnvironment.actionNames), count: 2...18), default: actions,
      doc: """
        The actions offered to the policy, by ALE's names; of two, it gives the probability of the \
        first. RIGHT moves the paddle up, LEFT down.
        """),
  ]
}

/// What holds of them: each action once, and what is seen.
func pongConstraints(_ id: String) -> [Constraint] {
  [
    Constraint(code: "same-actions", severity: .error, path: "environment.actions") { all in
      guard case .array(let names)? = all[path: "environment.actions"],
        Set(names).count < names.count
      else { return nil }
      return names.count == 2
        ? "both actions are the same; the policy would have no choice"
        : "an action is offered twice; to the policy they would be the same"
    },
    observationConstraint(
      environment: id, kinds: [.difference, .frame, .stack, .glimpse, .objects, .raw]),
    Constraint(code: "no-such-view", severity: .error, path: "observation.channels") { all in
      guard let channels = all[path: "observation.channels"], channels != .null,
        channels != "red"
      else { return nil }
      return "the embedded Pong is seen by its red channel; allowed: null, \"red\""
    },
    Constraint(code: "outside-picture", severity: .error, path: "observation.crop") { all in
      guard all[path: "observation.crop"].map({ $0 != .null }) == true else { return nil }
      return PictureRule(Settings(all, section: "observation"), own: .whole(.atari))
        .misfit(.atari)
    },
  ] + absentConstraints(id, "gives one picture and no entries by name", ["key"])
}

@Sendable
func pongTimeLimit(_ all: ConfigValue) -> String? {
  guard case .number(let frames)? = all[path: "environment.maxFrames"],
    frames < Double(PongEnvironment.ownFrameLimit)
  else { return nil }
  return frameLimit(all)
}

extension PongEnvironment {
  /// The embedded game of a validated configuration, seen as its section `observation` asks.
  package convenience init(_ configuration: ConfigValue) {
    let environment = Settings(configuration, section: "environment")
    let isForTwo = configuration[path: "environment.sides"] != nil
    self.init(
      configuration, number: environment.integer("game"),
      seat: isForTwo ? PongSeat(configuration) : nil,
      drawsSide: isForTwo && environment.string("sides") == "both"
        && environment.string("opponent") != "self")
  }

  /// A game of two policies, each with its own actions and view; frames are played as the right one's
  /// configuration says.
  ///
  /// - Parameter number: of the cartridge's game, 3 or 4.
  package convenience init(right: ConfigValue, left: ConfigValue, number: Int) {
    self.init(right, number: number, seat: PongSeat(left), drawsSide: false)
  }

  private convenience init(
    _ configuration: ConfigValue, number: Int, seat: PongSeat?, drawsSide: Bool
  ) {
    let environment = Settings(configuration, section: "environment")
    self.init(
      skip: environment.interval("frameSkip"), stickyActions: environment.number("stickyActions"),
      frameLimit: environment.integer("maxFrames"), actions: environment.strings("actions"),
      view: pongView(configuration), number: number, seat: seat, drawsSide: drawsSide)
  }
}

/// What a validated configuration sees of the game.
func pongView(_ configuration: ConfigValue) -> any PongView {
  let observation = Settings(configuration, section: "observation")
  if observation.string("kind") == ObservationKind.objects.component.id {
    return PongObjectView()
  }
  guard let kind = PictureKind(observation) else {
    fatalError("\(observation.string("kind")) is no way of seeing Pong")
  }
  let rule = PictureRule(observation, own: kind == .raw ? .whole(.atari) : .post)
  return kind != .raw && rule == .post ? PongFrameView(kind) : PongPictureView(kind, rule)
}
