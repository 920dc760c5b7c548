// SPDX-License-Identifier: MIT

package import ParameterSchema

extension PongEnvironment {
  /// `environment.id: pong` for the catalogue.
  package static let component = Component(
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
        "maxFrames", .integer(1...ownFrameLimit), default: .number(Double(ownFrameLimit)),
        unit: "frames",
        doc: "Frames after which an episode is truncated; Gymnasium's Pong-v0 has 108,000."),
      Parameter(
        "actions", .list(of: .choice(actionNames), count: 2...2), default: ["RIGHT", "LEFT"],
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
        environment: "pong", kinds: ["difference", "frame", "stack", "objects", "raw"]),
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
    ], returnRange: -21...21)

  /// The embedded game of a validated configuration, seen as its section `observation` asks.
  package static func seen(_ configuration: ConfigValue) -> any Environment {
    let observation = Settings(configuration, section: "observation")
    let kind = observation.string("kind")
    let environment = Settings(configuration, section: "environment")
    func pong(_ kind: ObservationKind) -> PongEnvironment {
      PongEnvironment(
        skip: environment.interval("frameSkip"), stickyActions: environment.number("stickyActions"),
        frameLimit: environment.integer("maxFrames"), actions: environment.strings("actions"),
        observation: kind)
    }
    if kind == "objects" { return ViewedPong(pong(.frame), PongObjects()) }
    let own: PictureRule = kind == "raw" ? .whole(.atari) : .post
    let isPost = kind != "raw" && PictureRule(observation, own: own) == .post
    if isPost, let plain = ObservationKind(rawValue: kind) { return pong(plain) }
    if isPost, kind == "stack" {
      return ViewedPong(pong(.frame), PongStack(frames: observation.integer("frames")))
    }
    return ViewedPong(
      pong(.frame), PongPicture(ScreenObserver(observation, own: own, screen: .atari)))
  }
}
