// SPDX-License-Identifier: MIT

import Kernels
package import ParameterSchema
import Policies

extension BatchSize {
  /// `episodesPerUpdate` and `decisionsPerUpdate` of an algorithm.
  static func parameters(episodes: Double) -> [Parameter] {
    [
      Parameter(
        "episodesPerUpdate", .integer(1...1000), default: .number(episodes), unit: "episodes",
        doc: "Episodes that one update learns from; the post has 10."),
      Parameter(
        "decisionsPerUpdate", .nullable(.integer(1...10_000_000)), default: .null,
        unit: "decisions",
        doc: """
          Instead of a number of episodes: whole episodes are played until they have at least this \
          many decisions.
          """, silentValue: .null),
    ]
  }

  /// What those two leave unused.
  static let unused = UnusedKeys(
    ["algorithm.episodesPerUpdate"], because: ["algorithm.decisionsPerUpdate"]
  ) { $0[path: "algorithm.decisionsPerUpdate"] != .null }

  /// The batch size of a validated configuration.
  package init(configuration: ConfigValue) {
    let settings = Settings(configuration, section: "algorithm")
    switch settings.string("kind") {
    case LearnerComponents.random.id: self = .episodes(10)
    case LearnerComponents.cem.id: self = .episodes(settings.integer("population"))
    default:
      self =
        settings.optionalInteger("decisionsPerUpdate").map { .decisions($0) }
        ?? .episodes(settings.integer("episodesPerUpdate"))
    }
  }
}

extension LineSearch {
  static let parameters = [
    Parameter(
      "maxKL", .number(.openClosed(0, 1)), default: 0.01, unit: "nats per decision",
      doc: "Largest mean KL(old ‖ new) of an update; δ in Schulman et al. 2015, eq. 14."),
    Parameter(
      "maxBacktracks", .integer(0...50), default: 10,
      doc: "How often a step may be halved before the old weights are kept."),
  ]

  init(of settings: Settings) {
    self.init(
      maxKL: settings.number("maxKL"), maxBacktracks: settings.integer("maxBacktracks"))
  }
}

/// The choices of `algorithm.kind` for the catalogue.
package enum LearnerComponents {
  package static let reinforce = Component(
    id: "reinforce",
    doc: "REINFORCE (Williams 1992), the gradient summed over all decisions, as in the post.",
    parameters: BatchSize.parameters(episodes: 10) + EntropyBonus.parameters(0),
    unused: [BatchSize.unused, EntropyBonus.unused])

  package static let klLineSearch = Component(
    id: "kl-line-search",
    doc: """
      The post's simplest trust region: REINFORCE's step, halved until the policy moves by at most \
      maxKL and its surrogate is not worse.
      """,
    parameters: BatchSize.parameters(episodes: 10) + LineSearch.parameters
      + EntropyBonus.parameters(0),
    unused: [BatchSize.unused, EntropyBonus.unused])

  package static let trpo = Component(
    id: "trpo",
    doc: """
      Trust region policy optimization (Schulman et al. 2015): natural gradient by conjugate \
      gradient, then a line search. An optimizer serves its value baseline only.
      """,
    parameters: BatchSize.parameters(episodes: 10) + LineSearch.parameters + [
      Parameter(
        "cgIterations", .integer(1...1000), default: 10,
        doc: "Conjugate gradient iterations, two passes over the batch each."),
      Parameter(
        "damping", .number(.closed(0, 10)), default: 0.1,
        doc: "Added to the Fisher matrix's diagonal."),
      Parameter(
        "fisherEvery", .integer(1...1000), default: 1, unit: "decisions",
        doc: "The Fisher matrix is that of every k-th decision."),
    ] + EntropyBonus.parameters(0),
    unused: [
      BatchSize.unused, EntropyBonus.unused,
      UnusedKeys(["optimizer"], because: ["algorithm.kind", "returns.baseline"]) {
        $0[path: "returns.baseline"] != "value"
      },
    ])

  package static let ppo = Component(
    id: "ppo",
    doc: "Proximal policy optimization (Schulman et al. 2017) with the clipped objective.",
    parameters: BatchSize.parameters(episodes: 10) + [
      Parameter(
        "clipRange", .number(.openClosed(0, 1)), default: 0.2,
        doc: "ε: a ratio π/π₀ beyond 1 ± ε earns nothing more; the paper has 0.2, 0.1 for Atari."),
      Parameter(
        "epochs", .integer(1...100), default: 4, doc: "How often an update goes over its batch."),
      Parameter(
        "minibatches", .integer(1...1000), default: 4,
        doc: "Parts of the batch, a step each; shuffled again in each epoch."),
      Parameter(
        "targetKL", .nullable(.number(.above(0))), default: .null, unit: "nats per decision",
        doc: "Further epochs are left out once the mean KL is above this; null is off."),
    ] + EntropyBonus.parameters(0.01),
    constraints: [needsValue("ppo")],
    unused: [
      BatchSize.unused, EntropyBonus.unused,
      UnusedKeys(["algorithm.targetKL"], because: ["algorithm.epochs"]) {
        $0[path: "algorithm.epochs"] == 1
      },
      // The one step of an update sees the ratio 1 everywhere.
      UnusedKeys(["algorithm.clipRange"], because: ["algorithm.epochs", "algorithm.minibatches"]) {
        $0[path: "algorithm.epochs"] == 1 && $0[path: "algorithm.minibatches"] == 1
      },
    ])

  package static let a2c = Component(
    id: "a2c",
    doc: """
      Advantage actor-critic (Mnih et al. 2016), synchronous: one step a batch on the mean \
      gradient, against a value baseline.
      """,
    parameters: BatchSize.parameters(episodes: 10) + EntropyBonus.parameters(0.01),
    constraints: [needsValue("a2c")], unused: [BatchSize.unused, EntropyBonus.unused])

  package static let cem = Component(
    id: "cem",
    doc: """
      The cross-entropy method (Szita and Lőrincz 2006) over the policy's parameters; for small \
      policies. Candidates are ranked by the undiscounted sum of the rewards that learning sees.
      """,
    parameters: [
      Parameter(
        "population", .integer(2...10_000), default: 50, unit: "episodes",
        doc: "Parameters drawn for an update; an episode is played with each."),
      Parameter(
        "eliteFraction", .number(.openClosed(0, 1)), default: 0.2,
        doc: "Share of the population that mean and deviation are refitted to."),
      Parameter(
        "initialDeviation", .number(.above(0)), default: 1,
        doc: "Deviation of every parameter at the start."),
      Parameter(
        "extraNoise", .number(.atLeast(0)), default: 0,
        doc: """
          Added to every variance at the start, falling to 0 at half of the training, against \
          settling early (Szita and Lőrincz 2006).
          """),
    ],
    constraints: [
      Constraint(code: "large-search", severity: .warning, path: "algorithm.kind") { all in
        guard case .array(let hidden)? = all[path: "policy.hidden"],
          case .number(let first)? = hidden.first, first > 64,
          all[path: "observation.kind"] != "raw"
        else { return nil }
        return """
          cem draws every weight; it is meant for small policies, such as linear on objects
          """
      }
    ],
    unused: [UnusedKeys(["optimizer", "returns"], because: ["algorithm.kind"])])

  package static let random = Component(
    id: "random", doc: "All actions equally likely, nothing learned: the floor.", parameters: [],
    unused: [
      UnusedKeys(["optimizer", "returns", "reward", "policy"], because: ["algorithm.kind"])
    ])

  /// In the order in which people read them.
  package static let all = [reinforce, klLineSearch, trpo, ppo, a2c, cem, random]

  private static func needsValue(_ kind: String) -> Constraint {
    Constraint(code: "no-value-baseline", severity: .warning, path: "returns.baseline") { all in
      guard all[path: "algorithm.kind"] == .string(kind),
        all[path: "returns.baseline"] != "value"
      else { return nil }
      return "\(kind) is meant to have \"value\"; without it there is no critic"
    }
  }
}

/// The update rule of a validated configuration; nil where nothing is learned.
func makeLearner(
  configuration: ConfigValue, player: Player, kernels: LaneKernels
) -> (any Learner)? {
  let settings = Settings(configuration, section: "algorithm")
  let kind = settings.string("kind")
  let model = player.model
  if kind == LearnerComponents.random.id { return nil }
  if kind == LearnerComponents.cem.id {
    return CrossEntropy(
      population: settings.integer("population"), eliteFraction: settings.number("eliteFraction"),
      initialDeviation: settings.number("initialDeviation"),
      extraNoise: settings.number("extraNoise"), policy: model)
  }
  let advantages = makeAdvantages(configuration: configuration, player: player, kernels: kernels)
  let entropyBonus = EntropyBonus(of: settings)
  func optimizer() -> Optimizer { Optimizer(configuration: configuration, model: model) }
  switch kind {
  case LearnerComponents.klLineSearch.id:
    return KLLineSearch(
      advantages: advantages, optimizer: optimizer(), entropyBonus: entropyBonus,
      search: LineSearch(of: settings), policy: model)
  case LearnerComponents.trpo.id:
    return TrustRegion(
      advantages: advantages, entropyBonus: entropyBonus, search: LineSearch(of: settings),
      iterations: settings.integer("cgIterations"), damping: settings.number("damping"),
      fisherEvery: settings.integer("fisherEvery"), policy: model)
  case LearnerComponents.ppo.id:
    return ProximalPolicy(
      advantages: advantages, optimizer: optimizer(), entropyBonus: entropyBonus,
      clipRange: settings.number("clipRange"), epochs: settings.integer("epochs"),
      minibatches: settings.integer("minibatches"), targetKL: settings.optionalNumber("targetKL"),
      policy: model)
  default:
    return Reinforce(
      advantages: advantages, optimizer: optimizer(), entropyBonus: entropyBonus,
      averages: kind == LearnerComponents.a2c.id, policy: model)
  }
}

private func makeAdvantages(
  configuration: ConfigValue, player: Player, kernels: LaneKernels
) -> Advantages {
  let returns = Returns(configuration: configuration)
  guard returns.baseline == .value else { return Advantages(returns: returns, value: nil) }
  let model = makeModel(
    configuration: configuration, form: player.model.form, outputs: 1, kernels: kernels)
  return Advantages(
    returns: returns,
    value: ValueFunction(
      model: model, optimizer: Optimizer(configuration: configuration, model: model),
      initialization: Initialization(configuration: configuration, outputGain: 1)))
}
