// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema
package import Randomness

/// The embedded Pong as a policy meets it: frame skip, sticky actions, the frame limit, and the
/// post's observation.
package final class PongEnvironment: Environment {
  package var id: String { EnvironmentKind.pong.component.id }
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

  private var game = PongGame()
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

  init(
    skip: ClosedRange<Int>, stickyActions: Double, frameLimit: Int, actions: [String],
    view: any PongView
  ) {
    self.skip = skip
    stickyThreshold = UInt64(stickyActions * 0x1p53)
    self.frameLimit = frameLimit
    self.actions = .discrete(actions)
    self.view = view
    moves = actions.map { name in
      guard let index = Self.actionNames.firstIndex(of: name) else {
        fatalError("no action \(name); allowed: \(Self.actionNames)")
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

  /// What the last frame was played with.
  package var heldHand: PongGame.Hand { held }

  package func reset(draws: Xoshiro256) {
    self.draws = draws
    game = PongGame()
    held = PongGame.Hand()
    framesPlayed = 0
    onFrame?(game)
    view.look(at: game, isFirst: true)
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
      reward &+= game.act(right: held).right
      played &+= 1
      if let onFrame {
        self.held = held
        onFrame(game)
      }
      if game.isOver { break }
    }
    framesPlayed &+= played
    view.look(at: game, isFirst: false)
    self.game = game
    self.draws = draws
    self.held = held
    let ending: Transition.Ending =
      game.isOver ? .terminated : framesPlayed >= frameLimit ? .truncated : .none
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
          "actions", .list(of: .choice(PongEnvironment.actionNames), count: 2...2),
          default: ["RIGHT", "LEFT"],
          doc: """
            The two actions offered to the policy, by ALE's names; the policy gives the probability \
            of the first. RIGHT moves the paddle up, LEFT down.
            """),
      ],
      constraints: [
        Constraint(code: "same-actions", severity: .error, path: "environment.actions") { all in
          guard case .array(let names)? = all[path: "environment.actions"], names.count == 2,
            names[0] == names[1]
          else { return nil }
          return "both actions are the same; the policy would have no choice"
        },
        observationConstraint(
          environment: "pong", kinds: [.difference, .frame, .stack, .objects, .raw]),
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
      ] + absentConstraints("pong", "gives one picture and no entries by name", ["key"]),
      returnRange: -21...21),
    timeLimit: { all in
      guard case .number(let frames)? = all[path: "environment.maxFrames"],
        frames < Double(PongEnvironment.ownFrameLimit)
      else { return nil }
      return frameLimit(all)
    },
    make: { PongEnvironment($0) })
}

extension PongEnvironment {
  /// The embedded game of a validated configuration, seen as its section `observation` asks.
  package convenience init(_ configuration: ConfigValue) {
    let observation = Settings(configuration, section: "observation")
    let environment = Settings(configuration, section: "environment")
    let view: any PongView
    if observation.string("kind") == ObservationKind.objects.component.id {
      view = PongObjectView()
    } else if let kind = PictureKind(observation) {
      let rule = PictureRule(observation, own: kind == .raw ? .whole(.atari) : .post)
      view =
        kind != .raw && rule == .post ? PongFrameView(kind) : PongPictureView(kind, rule)
    } else {
      fatalError("\(observation.string("kind")) is no way of seeing Pong")
    }
    self.init(
      skip: environment.interval("frameSkip"), stickyActions: environment.number("stickyActions"),
      frameLimit: environment.integer("maxFrames"), actions: environment.strings("actions"),
      view: view)
  }
}
