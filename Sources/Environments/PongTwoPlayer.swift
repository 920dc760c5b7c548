// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema
package import Randomness

/// The other seat of Pong for two: its player decides first, and the step of the first player's
/// environment tells what both led to.
package final class PongSeat: RemoteEnvironment {
  package var id: String { EnvironmentKind.pongTwoPlayer.component.id }
  package let actions: ActionSpace
  package var form: ObservationForm { view.form }
  package var remote: (any RemoteEnvironment)? { self }
  private let view: any PongView
  private let moves: [PongGame.Hand]
  private var side = PongGame.Side.left
  private var chosen = PongGame.Hand()
  private var held = PongGame.Hand()
  private var reward: Int32 = 0
  private var outcome = Transition(reward: 0, frames: 0, ending: .none)

  /// The seat of a validated configuration's policy.
  init(_ configuration: ConfigValue) {
    let names = Settings(configuration, section: "environment").strings("actions")
    view = pongView(configuration)
    actions = .discrete(names)
    moves = PongEnvironment.hands(names)
  }

  func begin(_ game: PongGame, on side: PongGame.Side) {
    (self.side, held, reward) = (side, PongGame.Hand(), 0)
    view.look(at: game, from: side, isFirst: true)
  }

  /// Plays a frame against the first player's hand; the first player's reward.
  ///
  /// - Parameter keeps: whether this player's action of the frame before is kept.
  func act(_ game: inout PongGame, _ other: PongGame.Hand, keeps: Bool) -> Int32 {
    if !keeps { held = chosen }
    let rewards =
      side == .left ? game.act(right: other, left: held) : game.act(right: held, left: other)
    reward &+= side == .left ? rewards.left : rewards.right
    return side == .left ? rewards.right : rewards.left
  }

  func end(_ game: PongGame, frames: Int, _ ending: Transition.Ending) {
    outcome = Transition(reward: Double(reward), frames: frames, ending: ending)
    reward = 0
    view.look(at: game, from: side, isFirst: false)
  }

  /// Nothing: the episode begins with the first player's.
  package func reset(draws: Xoshiro256) {}
  package func submit(_ action: Action) { chosen = moves[action.number] }
  package func collect() -> Transition { outcome }
  package func step(_ action: Action) -> Transition {
    preconditionFailure("the first player takes the step")
  }

  package func observe(_ writer: inout SignWriter) { view.observe(&writer) }
  package func observe(into numbers: inout [Float]) { view.observe(into: &numbers) }
}

extension PongGame.Side {
  var other: PongGame.Side { self == .right ? .left : .right }
}

/// Whether a configuration's policy can serve, as a game for two asks for.
package func canServe(_ all: ConfigValue) -> Bool {
  guard case .array(let names)? = all[path: "environment.actions"] else { return false }
  return names.contains { if case .string(let name) = $0 { name.contains("FIRE") } else { false } }
}

extension EnvironmentKind {
  package static let pongTwoPlayer = EnvironmentKind(
    Component(
      id: "pong-two-player",
      doc: """
        The same Pong for two players, equal to multi-agent-ale-py in every frame: self-play. What \
        is learned is evaluated against the computer, in the game with the same button.
        """,
      parameters: [
        Parameter(
          "game", .integer(3...4), default: 3,
          doc: """
            The cartridge's game: in 3 FIRE speeds the ball up, as against the computer in ALE, in 4, \
            PettingZoo's pong_v3, it doubles its steps up and down. In both the scorer must press it \
            to serve.
            """)
      ] + pongParameters(actions: ["RIGHT", "LEFT", "FIRE"]) + [
        Parameter(
          "opponent", .choice(["self", "latest", "uniform", "even"]), default: "self",
          doc: """
            Who plays the other side: the policy itself as it learns; or one of the pool of its \
            earlier selves, the latest, any of them, or drawn by p(1 − p), with p how often it was \
            beaten lately (Vinyals et al. 2019), so that games are even.
            """),
        Parameter(
          "sides", .choice(["right", "both"]), default: "both",
          doc: """
            Which side is learned from. With both, the decisions of both players where the policy \
            plays itself; else each game draws on which side it is played.
            """),
        Parameter(
          "poolEvery", .integer(1...1_000_000), default: 10, unit: "updates",
          doc: "Updates after which the policy joins the pool; the first weights are in it."),
        Parameter(
          "poolSize", .integer(1...1000), default: 10, unit: "policies",
          doc: "How many the pool holds; the oldest leaves it. A checkpoint holds all of them."),
      ],
      constraints: pongConstraints("pong-two-player") + [
        Constraint(code: "no-serve", severity: .error, path: "environment.actions") { all in
          canServe(all)
            ? nil : "no action has FIRE, without which no serve comes after the first point"
        },
        Constraint(code: "no-self-play", severity: .error, path: "algorithm.kind") { all in
          guard all[path: "algorithm.kind"] == "cem" else { return nil }
          return "cem plays each episode with other weights, which cannot play themselves"
        },
        Constraint(code: "no-self-play", severity: .error, path: "observation.normalize") { all in
          guard all[path: "observation.normalize"] == true else { return nil }
          return "an earlier self would see what it never saw; allowed: false"
        },
      ],
      unused: [
        UnusedKeys(
          ["environment.poolEvery", "environment.poolSize"], because: ["environment.opponent"]
        ) { $0[path: "environment.opponent"] == "self" }
      ], returnRange: -21...21),
    timeLimit: pongTimeLimit, evaluated: againstComputer, make: { PongEnvironment($0) })

  /// The configuration with the game against the computer that has the same button.
  @Sendable
  private static func againstComputer(_ configuration: ConfigValue) -> ConfigValue {
    let old = Settings(configuration, section: "environment")
    var environment: [String: ConfigValue] = [
      "id": "pong", "game": .number(Double(old.integer("game") - 2)),
    ]
    for key in ["frameSkip", "stickyActions", "maxFrames", "actions"] {
      environment[key] = configuration[path: "environment.\(key)"]
    }
    var new = configuration
    new[path: "environment"] = .object(environment)
    return new
  }
}
