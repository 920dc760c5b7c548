// SPDX-License-Identifier: MIT

package import Environments
package import ParameterSchema

/// The choices of `environment.id` that Gymnasium has, each played by a Python worker.
package let gymnasiumEnvironments = GymnasiumDescription.components.map { component in
  EnvironmentKind(remote: component) { (configuration, count, logPath) throws(EnvironmentError) in
    try GymnasiumEnvironment.start(configuration, count: count, logPath: logPath)
  }
}

/// `environment.id: gymnasium:ID` for the catalogue. What the id stands for is known only where
/// Python is; what can be checked without is checked here, the rest when a trial starts.
package enum GymnasiumDescription {
  package static let prefix = "gymnasium:"
  /// Pong for two players, which can be recorded; there is no such environment.
  package static let twoPlayerPong = "pettingzoo:pong_v3"

  /// In the order in which an id chooses: Pong, ALE's other games, everything else.
  package static let components = [
    component(
      "gymnasium:ALE/Pong-v5", PongID.real,
      doc: """
        Pong on the real Atari, through Gymnasium and ALE in a Python worker; so are \
        gymnasium:Pong-v0 and the like.
        """, actions: ["RIGHT", "LEFT"], returnRange: -21...21, brings: [:]),
    component(
      "gymnasium:ALE/GAME-v5", [rule("ALE/")],
      doc: """
        Any other Atari game of ALE. The policy sees 80 × 80 pixels of the whole picture unless \
        observation says otherwise.
        """, brings: ["returns.resetAtPoint": false]),
    component(
      "gymnasium:ID", [rule("")],
      doc: """
        Any other environment of Gymnasium's, such as gymnasium:CartPole-v1. MODULE:ID imports a \
        module first, from the current folder before all others.
        """,
      brings: ["observation.kind": "raw", "returns.resetAtPoint": false]),
  ]

  private static func rule(_ more: String) -> TextRule {
    TextRule(prefix: prefix + more, rest: "the id of an environment")
  }

  private static func component(
    _ id: String, _ rules: [TextRule], doc: String, actions: ConfigValue = .null,
    returnRange: ClosedRange<Double>? = nil, brings: [String: ConfigValue]
  ) -> Component {
    // A preset that was made for another environment says nothing about this one.
    let own: [String: ConfigValue] = [
      "environment.frameSkip": .null, "environment.stickyActions": .null,
      "environment.maxFrames": .null, "environment.actions": actions,
    ]
    return Component(
      id: id, idRules: rules, doc: doc, parameters: parameters(actions: actions),
      constraints: [sameActions, noObjects], returnRange: returnRange,
      bringsDefaults: brings.merging(own, uniquingKeysWith: { $1 }))
  }

  private static func parameters(actions: ConfigValue) -> [Parameter] {
    [
      Parameter(
        "frameSkip", .nullable(.integerOrInterval(1...60)), default: nil, unit: "frames",
        doc: """
          Frames that one decision of an Atari game holds for: a number, or {"min", "max"}, \
          inclusive, drawn uniformly. null is the environment's own; what is no Atari game of ALE's \
          allows nothing else.
          """),
      Parameter(
        "stickyActions", .nullable(.number(.closedOpen(0, 1))), default: nil,
        unit: "probability per frame",
        doc: """
          For each frame of an Atari game, the probability that the action before is kept. null is \
          the environment's own; an environment that is not an Atari game of ALE allows nothing else.
          """),
      Parameter(
        "maxFrames", .nullable(.integer(1...100_000_000)), default: nil, unit: "frames",
        doc: """
          Frames after which an episode is truncated; a decision counts as one where the environment \
          has no frames. null is the environment's own.
          """),
      Parameter(
        "actions",
        .nullable(
          .list(of: .text(TextRule(rest: "an action's name", limit: 64)), count: 2...256)),
        default: actions,
        doc: """
          The actions offered to the policy: ALE's names, elsewhere the environment's own names or \
          numbers. null offers all that the environment does; what is not Discrete allows nothing \
          else.
          """),
      Parameter(
        "kwargs", .object, default: [:],
        doc: """
          What Gymnasium's make is given beside the id, by name; any JSON. A sweep may set one of \
          them, as environment.kwargs.map_name.
          """, silentValue: [:]),
      Parameter(
        "wrappers", .list(of: .call, count: 0...16), default: [],
        doc: """
          Wrappers around the environment, the first of them innermost: the name of one of \
          Gymnasium's, or MODULE:CLASS, with kwargs where it takes any.
          """, silentValue: []),
      Parameter(
        "rewardWeights", .nullable(.list(of: .number(NumberRange()), count: 1...256)), default: nil,
        doc:
          "For rewards that are vectors: what each entry is multiplied by before they are summed.",
        silentValue: .null),
      Parameter(
        "register", .list(of: .call, count: 0...16), default: [],
        doc: """
          What is called first, where environments are not registered by an import alone: \
          MODULE:FUNCTION, such as minatar.gym:register_envs, with kwargs where it takes any.
          """, silentValue: []),
      Parameter(
        "module", .nullable(.hashedFile(.file(ending: "py", "a Python file"))), default: nil,
        doc: """
          A Python file that is run first, as a module of its name. What it holds enters the trial's \
          identity.
          """, silentValue: .null),
    ]
  }

  private static let sameActions = Constraint(
    code: "same-actions", severity: .error, path: "environment.actions"
  ) { all in
    guard case .array(let names)? = all[path: "environment.actions"],
      Set(names).count < names.count
    else { return nil }
    return "an action is offered twice; to the policy they would be the same"
  }

  private static let noObjects = Constraint(
    code: "no-such-view", severity: .error, path: "observation.kind"
  ) { all in
    guard all[path: "observation.kind"] == "objects" else { return nil }
    return """
      "objects" is known of the embedded Pong only; allowed: "difference", "frame", "stack", \
      "glimpse", "raw"
      """
  }
}
