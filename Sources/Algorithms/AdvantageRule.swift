// SPDX-License-Identifier: MIT

import Environments
package import ParameterSchema

/// How rewards become the advantages that weigh a decision's gradient.
package struct AdvantageRule: Hashable, Sendable {
  /// What is standardized together.
  package enum Standardization: String, Sendable, CaseIterable {
    case none, episode, batch, minibatch
  }
  /// What a return is compared with.
  package enum Baseline: String, Sendable, CaseIterable { case none, mean, value }

  /// γ; 1 where discounting is off.
  private let discount: Double
  private let normalization: Standardization
  /// Whether the sum starts anew wherever the game gives a reward: in Pong the rally that begins
  /// after a point has nothing to do with the one before.
  private let resetAtPoint: Bool
  let baseline: Baseline
  /// λ of the generalized advantage estimator (Schulman et al. 2016), with a value baseline.
  private let gaeLambda: Double

  /// The rule of a validated configuration.
  package init(configuration: ConfigValue) {
    let settings = Settings(configuration, section: "returns")
    discount = settings.optionalNumber("discount") ?? 1
    normalization = settings.choice("normalize")
    resetAtPoint = settings.boolean("resetAtPoint")
    baseline = settings.choice("baseline")
    gaeLambda = settings.number("gaeLambda")
  }

  /// Advantages A_t of all decisions of a batch.
  ///
  /// Without values R_t = r_t + γ·R_{t+1}, minus the batch's mean where that is the baseline.
  /// With values A_t = δ_t + γλ·A_{t+1}, δ_t = r_t + γ·V_{t+1} − V_t; behind the game's own end
  /// V = 0, behind a time limit V of what was seen last: the game would have gone on. Without
  /// values nothing says what would have come, and both count as ends. Then minus the mean and
  /// divided by the population standard deviation of the episode or of the batch. Where all are
  /// equal (a usual early episode: every point lost, no discount) the deviation is 0 and all
  /// advantages are 0.
  ///
  /// - Parameters:
  ///   - values: V of each decision's observation, shape `[T]`; empty without a value baseline.
  ///   - lastValues: V of each row of the batch's `lastObservations`; empty without a value
  ///     baseline.
  ///   - advantages: shape `[T]`; overwritten.
  ///   - targets: what V should be, A_t + V_t before any standardizing; overwritten, empty
  ///     without values.
  package func computeAdvantages(
    of batch: DecisionBatch, values: [Float], lastValues: [Float] = [],
    into advantages: inout [Float], targets: inout [Float]
  ) {
    let count = batch.count
    advantages.removeAll(keepingCapacity: true)
    advantages.append(contentsOf: repeatElement(0, count: count))
    targets.removeAll(keepingCapacity: true)
    for (episode, truncation) in zip(batch.episodes, batch.truncations) {
      if values.isEmpty {
        discountedSums(batch, episode, &advantages)
      } else {
        let next = truncation.map { Double(lastValues[$0]) } ?? 0
        generalizedAdvantages(batch, episode, values, next, &advantages)
      }
    }
    if !values.isEmpty { for t in 0..<count { targets.append(advantages[t] + values[t]) } }
    if baseline == .mean { Self.center(&advantages) }
    switch normalization {
    case .none, .minibatch: break
    case .episode: for episode in batch.episodes { Self.standardize(&advantages, episode) }
    case .batch: Self.standardize(&advantages, 0..<count)
    }
  }

  private func discountedSums(
    _ batch: DecisionBatch, _ episode: Range<Int>, _ advantages: inout [Float]
  ) {
    var sum = 0.0
    for t in episode.reversed() {
      if resetAtPoint && batch.points[t] { sum = 0 }
      sum = Double(batch.rewards[t]) + discount * sum
      advantages[t] = Float(sum)
    }
  }

  /// - Parameter last: V behind the episode's last decision.
  private func generalizedAdvantages(
    _ batch: DecisionBatch, _ episode: Range<Int>, _ values: [Float], _ last: Double,
    _ advantages: inout [Float]
  ) {
    var (sum, next) = (0.0, last)
    for t in episode.reversed() {
      if resetAtPoint && batch.points[t] { (sum, next) = (0, 0) }
      let value = Double(values[t])
      sum = Double(batch.rewards[t]) + discount * next - value + discount * gaeLambda * sum
      next = value
      advantages[t] = Float(sum)
    }
  }

  /// Where that is asked for, standardizes the advantages of a minibatch as its peers do: divided by
  /// the sample's deviation plus 10⁻⁸; a single one stays as it is.
  func standardizeMinibatch(_ advantages: inout [Float], _ part: ArraySlice<Int>) {
    guard normalization == .minibatch, part.count > 1 else { return }
    let mean = part.reduce(0.0) { $0 + Double(advantages[$1]) } / Double(part.count)
    let squares = part.reduce(0.0) {
      $0 + (Double(advantages[$1]) - mean) * (Double(advantages[$1]) - mean)
    }
    let deviation = (squares / Double(part.count - 1)).squareRoot() + 1e-8
    for t in part { advantages[t] = Float((Double(advantages[t]) - mean) / deviation) }
  }

  private static func mean(_ values: ArraySlice<Float>) -> Double {
    values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
  }

  private static func center(_ values: inout [Float]) {
    let mean = mean(values[...])
    for t in values.indices { values[t] = Float(Double(values[t]) - mean) }
  }

  private static func standardize(_ values: inout [Float], _ range: Range<Int>) {
    let mean = mean(values[range])
    var (squares, largest): (Double, Float) = (0, 0)
    for t in range {
      let difference = Double(values[t]) - mean
      squares += difference * difference
      largest = max(largest, abs(values[t]))
    }
    let deviation = (squares / Double(range.count)).squareRoot()
    // Equal values leave a rest of rounding, which must not be blown up to ±1.
    let isEqual = deviation <= 1e-9 * Double(largest)
    for t in range { values[t] = isEqual ? 0 : Float((Double(values[t]) - mean) / deviation) }
  }
}

extension AdvantageRule {
  /// The section `returns` for the catalogue.
  package static let component = Component(
    doc: "How rewards become the advantages that weigh each decision.",
    parameters: [
      Parameter(
        "discount", .nullable(.number(.openClosed(0, 1))), default: 0.99,
        doc: "γ in R_t = r_t + γ·R_{t+1}; null turns discounting off (γ = 1)."),
      Parameter(
        "normalize", .choice(Standardization.allCases.map(\.rawValue)), default: "episode",
        doc: """
          Whether advantages are standardized (minus mean, by population standard deviation), and \
          over what. The post does it per episode; a minibatch is one of PPO's, as in Stable \
          Baselines3.
          """),
      Parameter(
        "resetAtPoint", .boolean, default: true,
        doc: """
          Whether the running sum starts again wherever the game gives a reward, as in the post.
          """),
      Parameter(
        "baseline", .choice(Baseline.allCases.map(\.rawValue)), default: "none",
        doc: """
          What returns are compared with: nothing, the batch's mean, or a learned value of the \
          observation (a network of the policy's shape, trained on squared error).
          """, silentValue: "none"),
      Parameter(
        "gaeLambda", .number(.closed(0, 1)), default: 0.95,
        doc: """
          λ of the generalized advantage estimator (Schulman et al. 2016), with a value baseline; \
          1 is the return minus the value.
          """, silentValue: 0.95),
      Parameter(
        "valueEpochs", .integer(1...100), default: 1,
        doc: "How often an update's batch teaches the value; PPO goes by its own epochs.",
        silentValue: 1),
      Parameter(
        "valueMinibatches", .integer(1...1000), default: 1,
        doc: """
          Parts of the batch, a step of the value's optimizer each; shuffled again in each epoch.
          """, silentValue: 1),
    ],
    constraints: [
      Constraint(code: "batch-of-one", severity: .warning, path: "returns.normalize") { all in
        guard all[path: "returns.normalize"] == "batch",
          all[path: "algorithm.episodesPerUpdate"] == 1
        else { return nil }
        return """
          "batch" with algorithm.episodesPerUpdate 1 is the same as "episode": the batch is one \
          episode
          """
      },
      Constraint(code: "no-minibatches", severity: .error, path: "returns.normalize") { all in
        guard all[path: "returns.normalize"] == "minibatch",
          all[path: "algorithm.kind"] != .string(AlgorithmKind.ppo.component.id)
        else { return nil }
        return "only ppo learns from minibatches; allowed: \"none\", \"episode\", \"batch\""
      },
      Constraint(code: "time-limit", severity: .warning, path: "returns.baseline") { all in
        guard all[path: "returns.baseline"] != "value", let limit = knownTimeLimit(all),
          ![AlgorithmKind.cem, .random].contains(where: {
            all[path: "algorithm.kind"] == .string($0.component.id)
          })
        else { return nil }
        return """
          episodes are cut off after \(limit), and without a learned value a cut counts as the end \
          of the game; "value" counts what would have come
          """
      },
    ],
    unused: [
      UnusedKeys(
        ["returns.gaeLambda", "returns.valueEpochs", "returns.valueMinibatches"],
        because: ["returns.baseline"]
      ) { $0[path: "returns.baseline"] != "value" },
      UnusedKeys(
        ["returns.valueEpochs", "returns.valueMinibatches"], because: ["algorithm.kind"]
      ) { $0[path: "algorithm.kind"] == .string(AlgorithmKind.ppo.component.id) },
    ])
}
