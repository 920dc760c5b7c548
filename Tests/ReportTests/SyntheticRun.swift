// SPDX-License-Identifier: MIT

import Artifacts
import Digest
import ExperimentSpec
import Foundation
import ParameterSchema
import Randomness
import Statistics

@testable import RunStore

/// A run's folder with made-up numbers, written through the real rooms; the same every time.
struct SyntheticRun: Sendable {
  let folder: RunFolder
  let plan: Plan

  /// What a test wants to be different.
  struct Recipe {
    /// What shape the plan says that the sweep has.
    enum Sweep { case list, grid, scattered, numeric }

    var sweep = Sweep.list
    /// Whether updates have a line search's columns.
    var hasLineSearch = false
    var title = "Does normalizing returns help?"
    var question = "The post **standardizes** returns. Does it matter?\n\n- with\n- without"
    var notes =
      "## What I saw\n\nNormalization wins. See `data/scores.csv`.\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    var labels = ["normalize episode", "normalize none"]
    var seeds = [0, 1, 2]
    var episodes = 600
    var metric = Plan.Score.Metric.return
    /// When the score is taken; nil for the end.
    var spending: Plan.Score.Spending?
    var hypotheses = true
    /// Returns by variant and share of the training, before noise.
    var curve: (Int, Double) -> Double = { variant, share in
      variant == 0 ? -20.5 + 24 * share * share : -20.4 + 3 * share
    }
    /// Added to every return of a seed, by variant and seed.
    var offset: (Int, Int) -> Double = { _, seed in Double(seed) * 0.8 }
    /// Changes what an update recorded, by variant and share of the training.
    var update: (inout UpdateRecord, Int, Double) -> Void = { _, _, _ in }
    var environment = "pong"
    /// What provenance says of the environment besides.
    var settings: [String: String] = [:]
    /// By number in the plan; others are finished.
    var states: [Int: TrialStatus.State] = [:]
    /// Episodes that a trial played, by number in the plan; `episodes` for others.
    var lengths: [Int: Int] = [:]
    /// Numbers of trials that have no folder.
    var pending: Set<Int> = []
    var hasPictures = true
    /// Discs that pay, of a plane; nil for a game.
    var regions: ConfigValue?
    /// Episodes of the checkpoints that lie between the first and the last.
    var between: [Int] = []
    /// A checkpoint's tensors by the episodes behind them; nil for a two-layer policy on pixels.
    var tensors: ((Int) -> [Tensor])?
    /// Where a decision's window of 64 × 64 pixels is, by variant and decision; nil for no window.
    var gaze: (Int, Int) -> ReplayFile.Gaze? = { _, _ in nil }
    /// An evaluation game's return in another environment, by game and return here; nil for none.
    var elsewhere: ((Int, Double) -> Double)?
    var message: String?
    /// Frames of a real game for the replay; nil for a made-up one.
    var trace: TraceFile?
    var log = "session started\ncheckpoint at 300\nfinished"
  }

  init(in directory: String, _ recipe: Recipe = Recipe()) throws {
    let variants = recipe.labels.enumerated().map { index, label in
      var variant = Plan.Variant(
        index: index, label: label, levels: Self.levels(index, recipe.sweep), preset: "tuned",
        configuration: Self.configuration(variant: index, recipe),
        dropped: index == 1 ? ["optimizer.decay is not used by sgd"] : [])
      variant.differing = Self.differing(index, recipe.sweep)
      return variant
    }
    var trials: [Plan.PlannedTrial] = []
    var identities: [[UInt8]] = []
    for variant in variants {
      for seed in recipe.seeds {
        let text = canonicalJSON(
          .object(["configuration": variant.configuration, "seed": .number(Double(seed))]))
        identities.append(Array(text.utf8))
        trials.append(
          Plan.PlannedTrial(
            number: trials.count + 1, id: String(SHA256.hex(Array(text.utf8)).prefix(12)),
            variant: variant.index, seed: seed))
      }
    }
    var plan = Plan(
      name: "synthetic", experimentFile: "experiments/synthetic.json",
      experimentHash: SHA256.hex(Array("synthetic".utf8)), seeds: recipe.seeds,
      score: Plan.Score(
        metric: recipe.metric, goal: recipe.metric == .episodesToThreshold ? .minimize : .maximize,
        threshold: recipe.metric == .episodesToThreshold ? 0 : nil, range: [-21, 21],
        at: recipe.spending),
      axes: Self.axes(recipe), variants: variants, trials: trials,
      arithmetic:
        "\(variants.count) variants × \(recipe.seeds.count) seeds = \(trials.count) trials")
    (plan.title, plan.question, plan.notes) = (recipe.title, recipe.question, recipe.notes)
    plan.overrides = ["--seeds", "3"]
    if recipe.hypotheses && variants.count > 1 {
      plan.hypotheses = [
        Plan.Hypothesis(
          claim: "Normalizing beats not normalizing", better: ["returns.normalize": "episode"],
          than: ["returns.normalize": "none"], measure: .probabilityOfImprovement, atLeast: 0.75,
          pairs: [[0, 1]])
      ]
    }
    self.plan = plan
    folder = RunFolder(runs: directory, name: "synthetic")
    try folder.create()
    try folder.writePlan(plan)
    for (trial, identity) in zip(trials, identities) where !recipe.pending.contains(trial.number) {
      try write(trial, identity: identity, recipe)
    }
  }

  /// Some defaults, units and meanings.
  static let catalogue = Catalogue(
    sections: [
      Section(
        name: "returns", selector: nil,
        components: [
          Component(
            doc: "Returns.",
            parameters: [
              Parameter(
                "discount", .nullable(.number(.openClosed(0, 1))), default: nil,
                unit: "per decision",
                doc: "What a reward one decision later is worth.")
            ])
        ], doc: "How rewards become advantages.")
    ], presets: [])

  private static func axes(_ recipe: Recipe) -> [Plan.Axis] {
    switch recipe.sweep {
    case .list:
      [Plan.Axis(path: "returns.normalize", label: "normalize", values: recipe.labels)]
    case .numeric: [Plan.Axis(path: "optimizer.l2", label: "l2", values: recipe.labels)]
    case .grid:
      [
        Plan.Axis(path: "returns.discount", label: "discount", values: ["off", "0.99"]),
        Plan.Axis(path: "returns.normalize", label: "normalize", values: ["none", "episode"]),
      ]
    case .scattered:
      [
        Plan.Axis(
          path: "optimizer.learningRate", label: "learning rate",
          values: recipe.labels.indices.map { "\($0)" }),
        Plan.Axis(
          path: "policy.hidden", label: "hidden", values: recipe.labels.indices.map { "\($0)" }),
      ]
    }
  }

  private static func levels(_ index: Int, _ sweep: Recipe.Sweep) -> [Int?] {
    switch sweep {
    case .list, .numeric: [index]
    case .grid: [index / 2, index % 2]
    case .scattered: [index, index]
    }
  }

  private static func differing(_ index: Int, _ sweep: Recipe.Sweep) -> [Plan.Setting] {
    if sweep == .numeric {
      let value = index == 0 ? 0 : 0.001 * Double(1 << (5 * (index - 1)))
      return [Plan.Setting(path: "optimizer.l2", value: .number(value))]
    }
    guard sweep == .scattered else {
      return [
        Plan.Setting(path: "returns.normalize", value: .string(index == 0 ? "episode" : "none"))
      ]
    }
    let rate = 1e-4 * Double(1 << index)
    return [
      Plan.Setting(path: "optimizer.learningRate", value: .number(rate)),
      Plan.Setting(path: "policy.hidden", value: .number(Double(index * 7 % 5 * 10 + 10))),
      Plan.Setting(path: "optimizer.kind", value: .string(index % 2 == 0 ? "adam" : "sgd")),
    ]
  }

  private static func environment(_ recipe: Recipe) -> ConfigValue {
    let id = ConfigValue.string(recipe.environment)
    if let regions = recipe.regions { return ["id": id, "regions": regions] }
    return ["id": id, "frameSkip": ["min": 2, "max": 4], "stickyActions": 0.25]
  }

  private static func configuration(variant: Int, _ recipe: Recipe) -> ConfigValue {
    [
      "environment": environment(recipe),
      "observation": ["kind": recipe.gaze(variant, 0) == nil ? "difference" : "glimpse"],
      "policy": ["kind": "mlp", "hidden": [200], "bias": false],
      "returns": [
        "discount": 0.99, "normalize": variant == 0 ? "episode" : "none",
        "resetAtPoint": variant > 1 ? .number(Double(variant)) : true,
      ],
      "algorithm": ["kind": "reinforce", "episodesPerUpdate": 10],
      "optimizer": ["kind": "rmsprop", "learningRate": 0.001],
      "training": ["episodes": .number(Double(recipe.episodes))],
      "evaluation": [
        "episodes": 20, "mode": "sample",
        "transferTo": recipe.elsewhere == nil ? nil : "gymnasium:Pong-v0",
      ],
    ]
  }

  private func write(
    _ trial: Plan.PlannedTrial, identity: [UInt8], _ recipe: Recipe
  ) throws {
    let place = folder.trial(trial.id)
    try place.create()
    try place.writeConfig(identity)
    let state = recipe.states[trial.number] ?? .finished
    let length = recipe.lengths[trial.number] ?? recipe.episodes
    let done = state == .finished ? length : length / 2
    var generator = Xoshiro256(seed: UInt64(1_000 + trial.number))
    var (episodes, updates, evaluations, timing) = (
      EpisodeRecord.headerLine, UpdateRecord.headerLine, EvaluationRecord.headerLine,
      TimingRecord.headerLine
    )
    var decisions = 0
    for episode in 1...max(1, done) {
      let share = Double(episode) / Double(recipe.episodes)
      let noise =
        Double(generator.next() % 7) - 3 + recipe.offset(trial.variant, trial.seed) * share
      let value = max(-21, min(21, (recipe.curve(trial.variant, share) + noise).rounded()))
      let decided = 1_000 + Int(generator.next() % 200) + Int(2_000 * share)
      decisions += decided
      episodes +=
        EpisodeRecord(
          episode: episode, decisions: decisions, frames: decisions * 3, return: value,
          length: decided
        ).line
      if episode % 10 == 0 {
        var update = UpdateRecord(update: episode / 10, episode: episode, decisions: decisions)
        update.gradientNorm = 40 * (1.2 - share) + Double(generator.next() % 100) / 20
        update.meanKL = 0.002 + Double(generator.next() % 100) / 50_000
        update.entropy = 0.69 - 0.4 * share
        update.deadUnits = 0.02 * share
        if recipe.hasLineSearch { update.stepFraction = episode % 20 == 0 ? 1 : 0.25 }
        recipe.update(&update, trial.variant, share)
        updates += update.line
        timing +=
          TimingRecord(
            episode: episode, decisions: decisions, wallSeconds: Double(decisions) / 900_000,
            cpuSeconds: Double(decisions) / 910_000
          ).line
      }
    }
    var transfers = evaluations
    if state == .finished {
      for game in 1...20 {
        let value = recipe.curve(trial.variant, 1) + Double(generator.next() % 9) - 4
        var record = EvaluationRecord(
          checkpoint: done, episode: game, return: max(-21, min(21, value.rounded())),
          length: 3_000)
        evaluations += record.line
        if let elsewhere = recipe.elsewhere {
          record.return = elsewhere(game, record.return)
          transfers += record.line
        }
      }
    }
    try AtomicFile.write(Array(episodes.utf8), to: place.episodesPath)
    try AtomicFile.write(Array(updates.utf8), to: place.updatesPath)
    try AtomicFile.write(Array(evaluations.utf8), to: place.evaluationsPath)
    if recipe.elsewhere != nil {
      try AtomicFile.write(Array(transfers.utf8), to: place.transfersPath)
    }
    try AtomicFile.write(Array(timing.utf8), to: place.timingPath)
    try AtomicFile.write(Array((recipe.log + "\n").utf8), to: place.logPath)
    try place.writeStatus(
      TrialStatus(
        state: state, episodes: done, targetEpisodes: recipe.episodes, decisions: decisions,
        smoothedMean: -10, evaluated: state == .finished ? 20 : 0,
        message: state == .failed ? recipe.message ?? "out of memory" : nil,
        process: .current, startedAt: "2026-11-24T06:00:00Z", updatedAt: "2026-11-24T06:10:00Z"))
    try place.writeProvenance(
      Provenance(
        versions: .init(rallybook: "0.1.0", swift: "6.3.1", format: 1),
        experimentHash: plan.experimentHash,
        git: GitState(commit: String(repeating: "ab12", count: 10), dirty: true),
        machine: MachineFacts(
          cpu: "Imaginary 3000 @ 2.40GHz", cores: 2, kernel: "Linux 6.1.0 x86_64",
          os: "Debian GNU/Linux 12 (bookworm)", vectorExtension: "avx2"),
        settings: ["frameSkip": "2 to 4"].merging(recipe.settings, uniquingKeysWith: { $1 }),
        sessions: [
          .init(
            startedAt: "2026-11-24T06:00:00Z", endedAt: "2026-11-24T06:10:00Z", wallSeconds: 55,
            cpuSeconds: 54, peakMemoryBytes: 52_428_800, fromEpisode: 0, toEpisode: done)
        ]))
    guard recipe.hasPictures, state == .finished, trial.seed == recipe.seeds[0] else { return }
    for episode in [0] + recipe.between + [done] {
      var checkpoint = Self.checkpoint(episode: episode, seed: UInt64(trial.number))
      if let tensors = recipe.tensors {
        checkpoint = Checkpoint(metadata: checkpoint.metadata, tensors: tensors(episode))
        checkpoint.metadata["update"] = "\(episode / 10)"
      }
      try AtomicFile.write(checkpoint.encoded(), to: place.checkpointPath(episodes: episode))
    }
    for (checkpoint, trace) in [(0, nil), (done, recipe.trace)] {
      var replay = Self.replay(checkpoint: checkpoint, trace: trace)
      for decision in replay.decisions.indices {
        replay.decisions[decision].gaze = recipe.gaze(trial.variant, decision)
      }
      if replay.decisions[0].gaze != nil {
        replay.header.window = ReplayFile.Window(height: 64, width: 64)
      }
      try AtomicFile.write(replay.encoded(), to: place.replayPath(episodes: checkpoint))
    }
  }
}
