// SPDX-License-Identifier: MIT

package import ParameterSchema

/// The choices of `algorithm.kind`, in the order in which people read them.
package let algorithms: [AlgorithmKind] = [
  .reinforce, .klLineSearch, .trpo, .ppo, .a2c, .cem, .random,
]

/// An algorithm: its description, and what makes its learner.
package struct AlgorithmKind: ComponentKind {
  package let component: Component
  /// What one update learns from, by a validated section `algorithm`.
  package let batchSize: @Sendable (Settings) -> BatchSize
  /// nil where nothing is learned.
  package let makeLearner: (@Sendable (LearnerSetup) -> any Learner)?

  package init(
    _ component: Component, batchSize: @escaping @Sendable (Settings) -> BatchSize,
    makeLearner: (@Sendable (LearnerSetup) -> any Learner)?
  ) {
    self.component = component
    self.batchSize = batchSize
    self.makeLearner = makeLearner
  }

  /// An algorithm that ascends a gradient: it has a batch size and an entropy bonus.
  init(
    gradient id: String, doc: String, parameters: [Parameter] = [], entropyBonus: Double,
    constraints: [Constraint] = [], unused: [UnusedKeys] = [],
    makeLearner: @escaping @Sendable (LearnerSetup) -> any Learner
  ) {
    self.init(
      Component(
        id: id, doc: doc,
        parameters: BatchSize.parameters + parameters + EntropyBonus.parameters(entropyBonus),
        constraints: constraints, unused: [BatchSize.unused, EntropyBonus.unused] + unused),
      batchSize: { BatchSize($0) }, makeLearner: makeLearner)
  }

  package static let random = AlgorithmKind(
    Component(
      id: "random", doc: "All actions equally likely, nothing learned: the floor.",
      parameters: [],
      unused: [
        UnusedKeys(
          [
            "optimizer", "returns", "reward", "policy", "observation.normalize",
            "training.startFrom",
          ],
          because: ["algorithm.kind"])
      ]), batchSize: { _ in .episodes(10) }, makeLearner: nil)

  /// Warns of an actor-critic without a critic.
  static func needsValue(_ id: String) -> Constraint {
    Constraint(code: "no-value-baseline", severity: .warning, path: "returns.baseline") { all in
      guard all[path: "algorithm.kind"] == .string(id), all[path: "returns.baseline"] != "value"
      else { return nil }
      return "\(id) is meant to have \"value\"; without it there is no critic"
    }
  }
}

/// What a learner is made of.
package struct LearnerSetup {
  /// Validated.
  package let configuration: ConfigValue
  /// Whose policy learns.
  package let player: Player

  /// The section `algorithm`.
  package var settings: Settings { Settings(configuration, section: "algorithm") }
}
