// SPDX-License-Identifier: MIT

import Algorithms
import Environments
import GymnasiumBridge
package import ParameterSchema
import Policies
import Trials

extension Catalogue {
  /// Everything that this program can train, assembled from what each component says of itself.
  package static let standard = Catalogue(
    sections: [
      Section(
        name: "environment", selector: "id", components: environments.components,
        doc: "The game."),
      Section(
        name: "observation", selector: "kind", components: observations.components,
        doc: "What the policy sees of it."),
      Section(
        name: "policy", selector: "kind", components: policies.components,
        doc: "The network that chooses."),
      Section(
        name: "reward", selector: nil, components: [RewardRule.component],
        doc: RewardRule.component.doc),
      Section(
        name: "returns", selector: nil, components: [AdvantageRule.component],
        doc: AdvantageRule.component.doc),
      Section(
        name: "algorithm", selector: "kind", components: algorithms.components,
        doc: "How the policy learns."),
      Section(
        name: "optimizer", selector: "kind", components: optimizers.components,
        doc: "How a gradient becomes a step."),
      Section(
        name: "training", selector: nil, components: [Training.component],
        doc: Training.component.doc),
      Section(
        name: "evaluation", selector: nil, components: [evaluation], entersIdentity: false,
        doc: evaluation.doc),
    ],
    presets: [
      Preset(
        id: "karpathy-2016",
        doc: "The post's program exactly: learning rate 1e-4, batches of ten episodes.",
        values: post(learningRate: 1e-4)),
      Preset(
        id: "tuned",
        doc: "The post's program with a learning rate of 3e-3, thirty times the script's.",
        values: post(learningRate: 3e-3)),
      Preset(
        id: "champion",
        doc: """
          The post's game and pixels; a value baseline, PPO in one epoch, Adam: better than the \
          built-in player within twenty seconds (`docs/explain/champion.md`).
          """,
        values: champion),
    ])

  /// What was found by search to learn fastest on one core (`docs/explain/champion.md`).
  private static let champion: ConfigValue = [
    "environment": ["id": "pong", "frameSkip": ["min": 2, "max": 4], "stickyActions": 0.25],
    "observation": ["kind": "difference"],
    "policy": ["kind": "mlp", "hidden": [100], "bias": false],
    "returns": [
      "discount": 0.995, "normalize": "batch", "resetAtPoint": true, "baseline": "value",
      "gaeLambda": 0.98,
    ],
    "algorithm": [
      "kind": "ppo", "decisionsPerUpdate": 16384, "epochs": 1, "minibatches": 1,
      "entropyBonus": 0.02, "entropyBonusEnd": 0, "entropyBoost": 0.03,
      "entropyBoostDecisions": 5_000_000,
    ],
    "optimizer": [
      "kind": "adam", "learningRate": 0.006, "beta2": 0.95, "epsilon": 1e-6, "schedule": "linear",
      "scheduleEnd": 0,
    ],
    "training": ["decisions": 200_000_000, "checkpointEvery": 5000],
  ]

  /// Game, network and algorithm of the post (`docs/explain/pong-from-pixels.md`).
  private static func post(learningRate: Double) -> ConfigValue {
    [
      "environment": ["id": "pong", "frameSkip": ["min": 2, "max": 4], "stickyActions": 0.25],
      "observation": ["kind": "difference"],
      "policy": ["kind": "mlp", "hidden": [200], "bias": false],
      "returns": ["discount": 0.99, "normalize": "episode", "resetAtPoint": true],
      "algorithm": ["kind": "reinforce", "episodesPerUpdate": 10],
      "optimizer": [
        "kind": "rmsprop", "learningRate": .number(learningRate), "decay": 0.99, "epsilon": 1e-5,
        "l2": 0,
      ],
      "training": ["episodes": 8000],
    ]
  }

  private static let evaluation = Component(
    doc: "Episodes played after training, on random streams of their own; nothing is learned.",
    parameters: [
      Parameter(
        "episodes", .integer(0...100_000), default: 100, unit: "episodes",
        doc: "Episodes that the trained policy is evaluated on.", entersIdentity: false),
      Parameter(
        "mode", .choice(ActionChoice.allCases.map(\.rawValue)), default: "sample",
        doc:
          "Whether actions are drawn from the policy's probabilities or the likelier one is taken.",
        entersIdentity: false),
      Parameter(
        "transferTo",
        .nullable(.choice(["gymnasium:Pong-v0", "gymnasium:ALE/Pong-v5"])), default: .null,
        doc: """
          Another environment in which the trained policy plays as many episodes: what was learned \
          in the embedded Pong, on the real one.
          """, entersIdentity: false, silentValue: .null),
    ],
    constraints: [
      Constraint(code: "no-transfer", severity: .error, path: "evaluation.transferTo") { all in
        guard let other = all[path: "evaluation.transferTo"], other != .null,
          all[path: "environment.id"] != "pong"
        else { return nil }
        return "what is learned in pong can be played on the real one; environment.id is not pong"
      }
    ])
}
