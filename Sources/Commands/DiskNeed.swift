// SPDX-License-Identifier: MIT

import Algorithms
import Environments
import ExperimentSpec
package import ParameterSchema
import Policies
import RunStore

/// Disk that trials will take, an upper estimate.
package struct DiskNeed {
  /// Bytes when they have ended.
  package private(set) var bytes = 0
  /// Bytes more of any one of them while it trains.
  private var whileTraining = 0
  /// Whether the size of some observation is only known once its environment has been made.
  private(set) var isGuessed = false

  /// - Parameter trials: those that are left.
  init(_ trials: [RunSnapshot.Trial], of plan: Plan) {
    var known: [Int: DiskNeed] = [:]
    /// By what it depends on: of the variants of a large sweep it is mostly the same.
    var needs: [(of: [ConfigValue?], need: DiskNeed)] = []
    for trial in trials {
      let variant = trial.planned.variant
      let one =
        known[variant]
        ?? {
          let configuration = plan.variants[variant].configuration
          let parts = Self.relevant.map { configuration[path: $0] }
          if let same = needs.first(where: { $0.of == parts }) { return same.need }
          let need = DiskNeed(of: configuration)
          if needs.count < 16 { needs.append((parts, need)) }
          return need
        }()
      known[variant] = one
      bytes += one.bytes
      whileTraining = max(whileTraining, one.whileTraining)
      isGuessed = isGuessed || one.isGuessed
    }
  }

  /// What a trial's need depends on.
  private static let relevant = [
    "environment", "observation", "policy", "returns.baseline", "algorithm", "optimizer.kind",
    "training", "evaluation",
  ]

  /// Of one trial.
  ///
  /// The newest two checkpoints are whole, the others weights alone. Rows: 44 bytes an episode, 20
  /// a number of an update, 40 its time, 40 an evaluation. Configuration, status, provenance and
  /// log: 6 kB; and the half block by which a file is rounded up on average. While it trains there
  /// are a checkpoint that is written aside and that of a stop.
  package init(of configuration: ConfigValue) {
    let training = Settings(configuration, section: "training")
    let evaluation = Settings(configuration, section: "evaluation")
    let isRandom =
      configuration[path: "algorithm.kind"] == .string(AlgorithmKind.random.component.id)
    let game = Self.decisionsPerEpisode(configuration)
    let episodes =
      switch Target(configuration: configuration) {
      case .episodes(let count): count
      case .decisions(let count): count / game.lowerBound + 1
      }
    let updates =
      switch BatchSize(configuration: configuration) {
      case .episodes(let count): episodes / count + 1
      case .decisions(let count):
        min(
          episodes,
          (training.optionalInteger("decisions") ?? episodes * game.upperBound) / count) + 1
      }
    let written = min(episodes, episodes / training.integer("checkpointEvery") + 2)
    let kept = min(max(3, training.integer("keepCheckpoints")), written)
    let played = evaluation.integer("episodes")
    let games = evaluation.isNull("transferTo") ? played : 2 * played
    let isReplayed = isEmbeddedPong(configuration) && played > 0
    let network = NetworkSize(configuration)
    // Of self-play, with the pool of opponents.
    let pool: Int =
      if case .number(let size)? = configuration[path: "environment.poolSize"],
        configuration[path: "environment.opponent"] != "self"
      { Int(size) } else { 0 }
    let whole = 4 * (network.parameters * (1 + pool) + network.learnerNumbers) + 4_096
    let light = 4 * network.parameters + 2_048
    let update = isRandom ? 40 : 64 + 20 * Self.measures
    isGuessed = network.isGuessed
    whileTraining = 2 * whole
    bytes = min(2, kept) * whole + max(0, kept - 2) * light
    bytes += 44 * episodes + update * updates + 40 * games
    bytes += (isReplayed ? Self.replay : 0) * kept + 64 * written
    bytes += 6_144 + 2_048 * (10 + (isReplayed ? 2 : 1) * kept)
  }

  /// Bytes with those that only training trials take.
  func bytes(jobs: Int) -> Int { bytes + jobs * whileTraining }

  /// Bytes of a recorded game of Pong, a long one.
  private static let replay = 110_000
  /// Numbers in a row of `updates.csv` beside its first three, at most.
  private static let measures = 13

  /// From an early end to a long game.
  private static func decisionsPerEpisode(_ configuration: ConfigValue) -> ClosedRange<Int> {
    switch configuration[path: "environment.id"] {
    case "pong", "pong-two-player": 300...10_000
    case "cartpole": 10...500
    case "target": 1...1
    default: 8...30_000
    }
  }
}

private func isEmbeddedPong(_ configuration: ConfigValue) -> Bool {
  ["pong", "pong-two-player"].contains(configuration[path: "environment.id"])
}

/// How many numbers a variant's policy has, an estimate that needs no environment.
private struct NetworkSize {
  let parameters: Int
  /// Numbers beside the policy's that continuing needs: those of the optimizer, of a learned value
  /// and its optimizer, of a search.
  let learnerNumbers: Int
  /// Whether the number of inputs is not known: of an observation that is a list of numbers. 512 are
  /// more than most have.
  let isGuessed: Bool

  init(_ configuration: ConfigValue) {
    func list(_ key: String) -> [Int] {
      guard case .array(let elements)? = configuration[path: "policy.\(key)"] else { return [] }
      return elements.compactMap { if case .number(let value) = $0 { Int(value) } else { nil } }
    }
    let isPong = isEmbeddedPong(configuration)
    let isEmbedded =
      isPong || ["cartpole", "target"].contains(configuration[path: "environment.id"])
    let known = knownExtents(configuration)
    isGuessed = known == nil && !isPong
    // Of Pong, all of the picture.
    let (frames, height, width) = known ?? (1, 210, 160)
    let colours = configuration[path: "observation.channels"]
    let isRaw = configuration[path: "observation.kind"] == "raw"
    let isColoured = colours == "all" || (colours == .null && isRaw && !isEmbedded)
    let channels = frames * (isColoured ? 3 : 1)
    var inputs = isGuessed ? 512 : channels * height * width
    var total = 0
    if !list("filters").isEmpty,
      let shape = try? ConvolutionShape(
        channels: channels, height: height, width: width, filters: list("filters"),
        kernels: list("kernels"), strides: list("strides"))
    {
      total = shape.layers.reduce(0) { $0 + ($1.inputs + 1) * $1.filters }
      inputs = shape.last.outputs
    }
    for units in list("hidden") + [isEmbedded ? 2 : 18] {
      total += (inputs + 1) * units
      inputs = units
    }
    parameters = total
    let arrays =
      configuration[path: "optimizer.kind"] == .string(OptimizerKind.adam.component.id) ? 2 : 1
    let value = configuration[path: "returns.baseline"] == "value" ? 1 + arrays : 0
    learnerNumbers =
      switch configuration[path: "algorithm.kind"] {
      case .string(AlgorithmKind.random.component.id): 0
      case .string(AlgorithmKind.cem.component.id): total
      case .string(AlgorithmKind.trpo.component.id): value * total
      default: (arrays + value) * total
      }
  }
}
