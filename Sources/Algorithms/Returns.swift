// SPDX-License-Identifier: MIT

package import ParameterSchema

/// How rewards become the advantages that weigh a decision's gradient.
package struct Returns: Hashable, Sendable {
  /// What is standardized together.
  package enum Normalization: String, Sendable, CaseIterable { case none, episode, batch }

  /// γ; 1 where discounting is off.
  package var discount: Double
  package var normalization: Normalization
  /// Whether the sum starts anew wherever the reward is not 0: in Pong the rally that begins after
  /// a point has nothing to do with the one before.
  package var resetAtPoint: Bool

  package init(discount: Double, normalization: Normalization, resetAtPoint: Bool) {
    self.discount = discount
    self.normalization = normalization
    self.resetAtPoint = resetAtPoint
  }

  /// Advantages A_t of all decisions of a batch.
  ///
  /// R_t = r_t + γ·R_{t+1}, then minus the mean and divided by the population standard deviation
  /// of the episode or of the batch. Where all returns are equal (a usual early episode: every
  /// point lost, no discount) the deviation is 0 and all advantages are 0.
  ///
  /// - Parameters:
  ///   - rewards: shape `[T]`.
  ///   - episodes: each episode's decisions, in order.
  ///   - advantages: shape `[T]`; overwritten.
  package func computeAdvantages(
    rewards: [Float], episodes: [Range<Int>], into advantages: inout [Float]
  ) {
    advantages.removeAll(keepingCapacity: true)
    advantages.append(contentsOf: repeatElement(0, count: rewards.count))
    for episode in episodes {
      var sum = 0.0
      for t in episode.reversed() {
        let reward = Double(rewards[t])
        if resetAtPoint && reward != 0 { sum = 0 }
        sum = reward + discount * sum
        advantages[t] = Float(sum)
      }
      if normalization == .episode { Self.standardize(&advantages, episode) }
    }
    if normalization == .batch { Self.standardize(&advantages, 0..<rewards.count) }
  }

  private static func standardize(_ values: inout [Float], _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    var sum = 0.0
    var largest: Float = 0
    for t in range {
      sum += Double(values[t])
      largest = max(largest, abs(values[t]))
    }
    let mean = sum / Double(range.count)
    var squares = 0.0
    for t in range {
      let difference = Double(values[t]) - mean
      squares += difference * difference
    }
    let deviation = (squares / Double(range.count)).squareRoot()
    // Equal values leave a rest of rounding, which must not be blown up to ±1.
    guard deviation > 1e-9 * Double(largest) else {
      for t in range { values[t] = 0 }
      return
    }
    for t in range { values[t] = Float((Double(values[t]) - mean) / deviation) }
  }
}

extension Returns {
  /// The section `returns` for the catalogue.
  package static let component = Component(
    doc: "How rewards become the advantages that weigh each decision.",
    parameters: [
      Parameter(
        "discount", .nullable(.number(.openClosed(0, 1))), default: 0.99,
        doc: "γ in R_t = r_t + γ·R_{t+1}; null turns discounting off (γ = 1)."),
      Parameter(
        "normalize", .choice(Normalization.allCases.map(\.rawValue)), default: "episode",
        doc: """
          Whether returns are standardized (minus mean, by population standard deviation), and over \
          what. The post does it per episode.
          """),
      Parameter(
        "resetAtPoint", .boolean, default: true,
        doc: "Whether the running sum starts anew wherever a reward is not 0, as in the post."),
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
      }
    ])

  /// The returns of a validated configuration.
  package init(configuration: ConfigValue) {
    let settings = Settings(configuration, section: "returns")
    guard let normalization = Normalization(rawValue: settings.string("normalize")) else {
      preconditionFailure("no normalization \(settings.string("normalize"))")
    }
    self.init(
      discount: settings.optionalNumber("discount") ?? 1, normalization: normalization,
      resetAtPoint: settings.boolean("resetAtPoint"))
  }
}
