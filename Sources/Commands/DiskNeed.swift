// SPDX-License-Identifier: MIT

import Algorithms
import ExperimentSpec
import ParameterSchema
import Policies
import RunStore

/// Disk that trials will take, an upper estimate.
struct DiskNeed {
  /// Bytes of all of them when they have ended.
  private(set) var bytes = 0
  /// Bytes more of any one of them while it trains.
  private var moreWhileTraining = 0
  /// Whether the size of some observation is only known once its environment has been made.
  private(set) var isGuessed = false

  /// - Parameter trials: those that are left.
  init(_ trials: [RunSnapshot.Trial], of plan: Plan) {
    var sizes: [Int: DiskSpace.TrialSize] = [:]
    for trial in trials {
      let variant = trial.planned.variant
      let configuration = plan.variants[variant].configuration
      let size = sizes[variant] ?? DiskSpace.TrialSize(of: configuration)
      if sizes[variant] == nil, NetworkSize(configuration).isGuessed { isGuessed = true }
      sizes[variant] = size
      bytes += DiskSpace.estimate(size)
      moreWhileTraining = max(moreWhileTraining, DiskSpace.whileTraining(size))
    }
  }

  /// Bytes with those that only training trials take.
  func bytes(jobs: Int) -> Int { bytes + jobs * moreWhileTraining }
}

extension DiskSpace.TrialSize {
  /// What a configuration says about it.
  fileprivate init(of configuration: ConfigValue) {
    let training = Settings(configuration, section: "training")
    let evaluation = Settings(configuration, section: "evaluation")
    let algorithm = Settings(configuration, section: "algorithm").string("kind")
    let game = GameLength(configuration)
    let episodes =
      switch Target(configuration: configuration) {
      case .episodes(let count): count
      case .decisions(let count): count / game.least + 1
      }
    let updates =
      switch BatchSize(configuration: configuration) {
      case .episodes(let count): episodes / count + 1
      case .decisions(let count):
        min(episodes, (training.optionalInteger("decisions") ?? episodes * game.greatest) / count)
          + 1
      }
    let network = NetworkSize(configuration)
    let written = min(episodes, episodes / training.integer("checkpointEvery") + 2)
    let played = evaluation.integer("episodes")
    let isReplayed = configuration[path: "environment.id"] == "pong" && played > 0
    self.init(
      parameters: network.parameters,
      learnerNumbers: network.learnerNumbers(of: algorithm, in: configuration),
      episodes: episodes, updates: updates, measures: Self.measures[algorithm] ?? 13,
      evaluationEpisodes: evaluation.isNull("transferTo") ? played : 2 * played,
      checkpointsWritten: written,
      checkpoints: min(max(3, training.integer("keepCheckpoints")), written),
      replay: isReplayed ? Self.replay : 0)
  }

  /// Bytes of a recorded game of Pong, a long one.
  private static let replay = 110_000

  /// Numbers in a row of `updates.csv` beside its first three, at most; 0 for no rows.
  private static let measures: [String: Int] = [
    LearnerComponents.reinforce.id: 6, LearnerComponents.ppo.id: 10,
    LearnerComponents.a2c.id: 7, LearnerComponents.cem.id: 4, LearnerComponents.random.id: 0,
  ]
}

/// How many decisions an episode has: from an early end to a long game.
private struct GameLength {
  let least: Int
  let greatest: Int

  init(_ configuration: ConfigValue) {
    switch configuration[path: "environment.id"] {
    case "pong": (least, greatest) = (300, 10_000)
    case "cartpole": (least, greatest) = (10, 500)
    default: (least, greatest) = (8, 30_000)
    }
  }
}

/// How many numbers a variant's policy has, an estimate that needs no environment.
private struct NetworkSize {
  let parameters: Int
  /// Whether the number of inputs is not known.
  let isGuessed: Bool

  init(_ configuration: ConfigValue) {
    func number(_ path: String) -> Int? {
      guard case .number(let value)? = configuration[path: path] else { return nil }
      return Int(value)
    }
    func list(_ key: String) -> [Int] {
      guard case .array(let elements)? = configuration[path: "policy.\(key)"] else { return [] }
      return elements.compactMap { if case .number(let value) = $0 { Int(value) } else { nil } }
    }
    let id = configuration[path: "environment.id"]
    let isRaw = configuration[path: "observation.kind"] == "raw"
    let isEmbedded = id == "pong" || id == "cartpole"
    let height = number("observation.height") ?? (isRaw ? 210 : 80)
    let width = number("observation.width") ?? (isRaw ? 160 : 80)
    let colours = configuration[path: "observation.channels"]
    let isColoured = colours == "all" || (colours == .null && isRaw && !isEmbedded)
    let channels = (number("observation.frames") ?? 1) * (isColoured ? 3 : 1)
    var inputs = channels * height * width
    if id == "cartpole" || configuration[path: "observation.kind"] == "objects" { inputs = 8 }
    let isVector = isRaw && !isEmbedded && number("observation.height") == nil
    isGuessed = isVector
    if isVector { inputs = Self.guessedInputs }
    let outputs = isEmbedded ? 2 : 18
    var total = 0
    let filters = list("filters")
    if !filters.isEmpty,
      let shape = try? ConvolutionShape(
        channels: channels, height: height, width: width, filters: filters,
        kernels: list("kernels"), strides: list("strides"))
    {
      total = shape.layers.reduce(0) { $0 + ($1.inputs + 1) * $1.filters }
      inputs = shape.last.outputs
    }
    for units in list("hidden") {
      total += (inputs + 1) * units
      inputs = units
    }
    parameters = total + (inputs + 1) * outputs
  }

  /// Of an observation that is a list of numbers, more than most have.
  private static let guessedInputs = 512

  /// Numbers beside the policy's that continuing needs: those of the optimizer, of a learned value
  /// and its optimizer, of a search.
  func learnerNumbers(of algorithm: String, in configuration: ConfigValue) -> Int {
    if algorithm == LearnerComponents.random.id { return 0 }
    if algorithm == LearnerComponents.cem.id { return parameters }
    let arrays = configuration[path: "optimizer.kind"] == .string(Optimizer.adam.id) ? 2 : 1
    let own = algorithm == LearnerComponents.trpo.id ? 0 : arrays * parameters
    let value = configuration[path: "returns.baseline"] == "value" ? (1 + arrays) * parameters : 0
    return own + value
  }
}
