// SPDX-License-Identifier: MIT

package import Artifacts
import Environments
package import Kernels
package import ParameterSchema

/// Observations and rewards in units of what has been met so far.
///
/// What is learned of them changes between updates only: a batch is played with the means of those
/// before it, so that its episodes do not depend on the order in which they are played. (Stable
/// Baselines3 changes them at every step.) Whoever only plays changes nothing.
package final class Normalization {
  /// Of observations; nil where they are left as they are.
  private var observations: RunningMoments?
  /// Of discounted sums of rewards from an episode's start on; nil where rewards are left.
  private var returns: RunningMoments?
  private let discount: Double
  /// Of observations, shape `[D]`, as they are used.
  private var means, deviations: [Float]

  /// What is beyond this many deviations is cut.
  private static let bound: Float = 10

  /// That of a validated configuration; nil where nothing is normalized.
  ///
  /// - Parameter form: of what is observed.
  package init?(configuration: ConfigValue, form: ObservationForm) {
    let isNormalized = configuration[path: "observation.normalize"] == true
    observations = isNormalized ? RunningMoments(width: form.count) : nil
    returns =
      configuration[path: "reward.normalize"] == true ? RunningMoments(width: 1) : nil
    let settings = Settings(configuration, section: "returns")
    discount = settings.optionalNumber("discount") ?? 1
    means = [Float](repeating: 0, count: isNormalized ? form.count : 0)
    deviations = [Float](repeating: 1, count: means.count)
    if observations == nil && returns == nil { return nil }
  }

  /// Whether observations are.
  @inline(__always)
  var seesObservations: Bool { !means.isEmpty }

  /// Normalizes the row that was appended last.
  func normalizeLast(_ numbers: inout [Float]) {
    let start = numbers.count - means.count
    for i in means.indices {
      let x = (numbers[start + i] - means[i]) / deviations[i]
      numbers[start + i] = max(-Self.bound, min(Self.bound, x))
    }
  }

  /// Learns from a batch, and normalizes its rewards by what is known then.
  package func learn(from batch: DecisionBatch) {
    if observations != nil {
      observations?.add(batch.rawObservations)
      use()
    }
    guard returns != nil else { return }
    var sums: [Float] = []
    for episode in batch.episodes {
      var sum = 0.0
      for t in episode {
        sum = discount * sum + Double(batch.rewards[t])
        sums.append(Float(sum))
      }
    }
    returns?.add(sums)
    guard let deviation = returns?.deviations[0] else { return }
    batch.scaleRewards { max(-Self.bound, min(Self.bound, $0 / deviation)) }
  }

  private func use() {
    guard let observations else { return }
    means = observations.means.map { Float($0) }
    deviations = observations.deviations
  }

  func restart() {
    observations = observations.map { RunningMoments(width: $0.means.count) }
    returns = returns.map { _ in RunningMoments(width: 1) }
    means = means.map { _ in 0 }
    deviations = deviations.map { _ in 1 }
  }

  // MARK: Checkpoints

  private static let names = (
    mean: "observation.mean", deviation: "observation.deviation",
    observations: "normalization.observation", returns: "normalization.reward"
  )

  /// What playing needs: means and deviations of observations, shape `[D]` each; nothing where they
  /// are left as they are.
  package func playingTensors(prefix: String) -> [Tensor] {
    guard seesObservations else { return [] }
    return [(Self.names.mean, means), (Self.names.deviation, deviations)].map {
      Tensor(name: prefix + $0, shape: [means.count], values: $1)
    }
  }

  /// What going on needs beside that.
  package func learningTensors() -> [Tensor] {
    [(observations, Self.names.observations), (returns, Self.names.returns)].compactMap {
      $0?.tensor(name: $1)
    }
  }

  /// - Returns: nil when all fits, otherwise what does not.
  package func loadPlaying(_ find: (String) -> Tensor?, prefix: String) -> String? {
    guard seesObservations else { return nil }
    var found: [[Float]] = []
    for name in [prefix + Self.names.mean, prefix + Self.names.deviation] {
      guard let tensor = find(name) else { return "\(name) is missing" }
      guard tensor.shape == [means.count] else {
        return "\(name) is \(tensor.shape); allowed: [\(means.count)]"
      }
      if let broken = tensor.brokenNumber { return broken }
      found.append(tensor.values)
    }
    guard found[1].allSatisfy({ $0 > 0 }) else {
      return "\(prefix + Self.names.deviation) has a number that is not above 0"
    }
    (means, deviations) = (found[0], found[1])
    return nil
  }

  /// - Returns: nil when all fits, otherwise what does not.
  package func loadLearning(_ find: (String) -> Tensor?) -> String? {
    let names = Self.names
    if let problem = observations?.load(find(names.observations), name: names.observations)
      ?? returns?.load(find(names.returns), name: names.returns)
    {
      return problem
    }
    use()
    return nil
  }
}
