// SPDX-License-Identifier: MIT

package import Artifacts
package import Environments
package import Kernels
package import ParameterSchema
import Policies
package import Randomness

/// The state of one trial's learning, advanced one update at a time.
///
/// Synchronous and free of clocks, files and prints; the same configuration and seed give the same
/// bits. Every episode draws from streams of its own, so that all a checkpoint needs are the
/// counters, the parameters and the learner's state.
package final class Training {
  /// Where episodes are played; with several, that many at once.
  package let environments: [any Environment]
  package let player: Player
  /// nil where nothing is learned (`algorithm.kind: random`).
  package let learner: (any Learner)?
  /// nil where the environment is no game for two.
  package let opponents: OpponentPool?
  private let batchSize: BatchSize
  package let target: Target
  /// The smoothed mean that ends the training early; nil for never.
  package let stopAtMean: Double?
  package var progress = Progress()
  /// What the last update learned from, where that is worth keeping; see `DecisionBatch.samples`.
  package var samples: [Tensor] = []
  package let streams: RandomStreams
  /// The weights that the policy begins with; none where they are drawn.
  private var initialPolicy: [Tensor] = []
  private let initialization: Initialization
  private let batch: DecisionBatch
  private let slots: EpisodeSlots

  /// What has been done so far.
  package struct Progress: Hashable, Sendable {
    package var updates = 0
    package var episodes = 0
    package var decisions = 0
    package var frames = 0
    /// The smoothed mean of returns, which the post prints as its running mean:
    /// mean ← 0.99·mean + 0.01·return, started at the first; nil before it.
    package var smoothedMean: Double?
    /// Passes of all updates, their playing among them; nil where an earlier version began the
    /// training and did not count them.
    package var passes: Double? = 0

    package init() {}

    mutating func add(_ episode: EpisodeSummary) {
      episodes += 1
      decisions += episode.length
      frames += episode.frames
      smoothedMean = smoothed(smoothedMean, with: episode.return)
    }
  }

  /// One update: the episodes it learned from, and what it did (nil where nothing is learned).
  package struct Step: Sendable {
    package var episodes: [(summary: EpisodeSummary, progress: Progress)]
    package var record: UpdateRecord?
  }

  /// The training that a validated configuration asks for, at its start.
  ///
  /// - Parameters:
  ///   - environments: at least one, all alike.
  ///   - counter: told of what is played.
  ///   - threads: that play and learn at once, as far as there are environments; what is learned does
  ///     not depend on it.
  ///   - algorithms: those that `algorithm.kind` may name.
  ///   - isBlank: whether no weights are drawn, as all that is needed will be loaded.
  package init(
    configuration: ConfigValue, streams: RandomStreams, environments: [any Environment],
    kernels: LaneKernels = LaneWidth.widest.kernels, counter: PlayCounter = PlayCounter(),
    threads: Int = 1, algorithms: [AlgorithmKind] = algorithms, isBlank: Bool = false
  ) {
    self.streams = streams
    self.environments = environments
    let environment = environments[0]
    let algorithm = algorithms.chosen(by: "algorithm.kind", in: configuration)
    let distribution = ActionDistribution(
      environment.actions, isUniform: algorithm.makeLearner == nil,
      learnsDeviation: configuration[path: "policy.learnDeviation"] != false)
    let form = environment.form
    let newModel = {
      makeModel(
        configuration: configuration, form: form, outputs: distribution.outputs, kernels: kernels)
    }
    player = Player(
      model: newModel(), distribution: distribution,
      reward: RewardRule(
        configuration: configuration, actions: environment.actions, root: streams.root),
      normalization: Normalization(configuration: configuration, form: environment.form),
      counter: counter, team: ThreadTeam(threads))
    initialization = Initialization(configuration: configuration)
    let setup = LearnerSetup(configuration: configuration, player: player)
    learner = algorithm.makeLearner?(setup)
    batchSize = algorithm.batchSize(setup.settings)
    target = Target(configuration: configuration)
    stopAtMean = Settings(configuration, section: "training").optionalNumber("stopAtMean")
    opponents = OpponentPool(
      configuration: configuration, environment: environment, streams: streams,
      makeModel: newModel)
    batch = player.makeBatch()
    slots = EpisodeSlots(
      environments: learner?.searchesParameters == true ? [environment] : environments,
      player: player, threads: threads)
    slots.opponent = opponents.map { pool in { pool.opponent($0, $1) } }
    if !isBlank { restart() }
  }

  package var environment: any Environment { environments[0] }

  /// Share of the training that is done, 0...1.
  package var share: Double {
    switch target {
    case .episodes(let count): Double(progress.episodes) / Double(count)
    case .decisions(let count): min(1, Double(progress.decisions) / Double(count))
    }
  }

  package var isDone: Bool { share >= 1 || hasReachedMean }

  /// Whether the smoothed mean is what `training.stopAtMean` asks for. It begins at the return of one
  /// episode: before a hundred it says nothing.
  private var hasReachedMean: Bool {
    guard let stopAtMean, let mean = progress.smoothedMean else { return false }
    return progress.episodes >= 100 && mean >= stopAtMean
  }

  /// Puts everything back to the start, which is from now on a stored policy; what values states
  /// begins as ever.
  ///
  /// - Returns: why the policy does not fit; nil where it does.
  package func restart(with policy: [Tensor]) -> String? {
    initialPolicy = policy
    let problem = loadInitialPolicy()
    if problem != nil { initialPolicy = [] }
    restart()
    return problem
  }

  private func loadInitialPolicy() -> String? {
    player.model.load(
      { name in initialPolicy.first { $0.name == name } }, prefix: "",
      into: player.model.parameters)
  }

  /// Puts everything back to the start: what was loaded in part must not be trained on.
  package func restart() {
    progress = Progress()
    samples = []
    player.normalization?.restart()
    if let learner {
      player.model.initialize(initialization, streams: streams)
      if !initialPolicy.isEmpty, let problem = loadInitialPolicy() { fatalError(problem) }
      learner.restart(player, streams: streams)
    } else {
      player.model.parameters.clear()
      player.model.parametersDidChange()
    }
    opponents?.restart(player)
  }

  /// Plays one batch of episodes and learns from it. Where an environment fails, all is as before.
  package func advance() throws(EnvironmentError) -> Step {
    let before = progress
    do throws(EnvironmentError) {
      return try playAndLearn()
    } catch {
      progress = before
      learner?.abandon(player)
      throw error
    }
  }

  private func playAndLearn() throws(EnvironmentError) -> Step {
    batch.removeAll()
    player.model.clearActivity()
    let context = UpdateContext(
      update: progress.updates, decisions: progress.decisions, progress: share, streams: streams)
    var step = Step(episodes: [], record: nil)
    let remaining: Int =
      if case .episodes(let count) = target { count - progress.episodes } else { .max }
    let summaries = try slots.play(
      batchSize, limit: remaining, firstEpisode: progress.episodes + 1, into: batch,
      prepare: { learner?.prepare(player, episode: $0, context) },
      {
        (
          streams.generator(.trainingEnvironment, index: UInt64($0)),
          streams.generator(.trainingPolicy, index: UInt64($0))
        )
      })
    for summary in summaries {
      progress.add(summary)
      step.episodes.append((summary, progress))
    }
    opponents?.learn(from: step.episodes.map { ($0.progress.episodes, $0.summary.return) })
    if let learner {
      let model = player.model
      let deadUnits = model.deadUnits
      player.counter.setUpdating(true)
      player.passes.reset()
      player.normalization?.learn(from: batch)
      var record = learner.update(player, from: batch, context)
      player.counter.setUpdating(false)
      samples = batch.samples(of: player)
      progress.updates += 1
      opponents?.add(player, after: progress.updates)
      (record.update, record.episode) = (progress.updates, progress.episodes)
      record.decisions = progress.decisions
      progress.passes? += player.passes.count + Double(progress.decisions - context.decisions)
      record.passes = progress.passes
      record.deadUnits = deadUnits
      record.truncated = batch.truncatedShare
      if record.weightNorm == nil {
        record.weightNorm = model.kernels.dot(model.parameters, model.parameters).squareRoot()
      }
      step.record = record
    }
    return step
  }

  /// The largest sizes of what the last update learned from, for explaining what it came to.
  package var batchExtremes: (reward: Float, entry: Float) {
    (
      batch.rewards.reduce(0) { max($0, abs($1)) },
      batch.observations.numbers.reduce(0) { max($0, abs($1)) }
    )
  }
}

/// How long a trial trains.
package enum Target: Hashable, Sendable {
  case episodes(Int)
  /// The training ends with the update that reaches this many decisions.
  case decisions(Int)
}

extension Target {
  /// The target of a validated configuration.
  package init(configuration: ConfigValue) {
    let settings = Settings(configuration, section: "training")
    if let decisions = settings.optionalInteger("decisions") {
      self = .decisions(decisions)
    } else {
      self = .episodes(settings.integer("episodes"))
    }
  }
}

extension Training {
  /// The section `training` for the catalogue.
  package static let component = Component(
    doc: "How long a trial trains.",
    parameters: [
      Parameter(
        "episodes", .integer(1...10_000_000), default: 8000, unit: "episodes",
        doc: "Episodes to train for; the post trained for about 8,000."),
      Parameter(
        "decisions", .nullable(.integer(1...100_000_000_000)), default: .null, unit: "decisions",
        doc: """
          Decisions to train for, instead of episodes: the training ends with the update that \
          reaches them.
          """, silentValue: .null),
      Parameter(
        "stopAtMean", .nullable(.number(.closed(-1e9, 1e9))), default: .null, unit: "points",
        doc: """
          The training ends early, with the first update after which the smoothed mean of \
          returns (the post's: mean ← 0.99·mean + 0.01·return) is at least this; not before a \
          hundred episodes.
          """, silentValue: .null),
      Parameter(
        "startFrom",
        .nullable(.hashedFile(.file(ending: "safetensors", "a checkpoint or an exported policy"))),
        default: nil,
        doc: """
          The policy begins with the weights of this file, which saw and chose the same; the optimizer \
          and a value network begin as ever. What the file holds enters the trial's identity.
          """, silentValue: .null),
      Parameter(
        "checkpointEvery", .integer(1...10_000_000), default: 500, unit: "episodes",
        doc: """
          A checkpoint is written at the first update at or after each multiple of this, and at the \
          end.
          """, entersIdentity: false),
      Parameter(
        "keepCheckpoints", .integer(2...1000), default: 8, unit: "checkpoints",
        doc: """
          How many checkpoints are kept, spread over the training; the newest two keep the \
          optimizer's state as well.
          """, entersIdentity: false),
    ],
    constraints: [
      Constraint(code: "no-start", severity: .error, path: "training.startFrom") { all in
        guard all[path: "training.startFrom"] ?? .null != .null else { return nil }
        return ["observation.normalize", "observation.permutePixels"]
          .first { all[path: $0] == true }
          .map { "\($0) is true, and a policy's file keeps its inputs as they are; allowed: false" }
      }
    ],
    unused: [UnusedKeys("training.episodes", unless: "training.decisions")])
}
