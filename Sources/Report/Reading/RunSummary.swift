// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Plotting
import RunStore
import Search
import Statistics

/// A whole run, read once: what every part of the report is made from.
struct RunSummary: Sendable {
  let plan: Plan
  let variants: [VariantSummary]
  /// Variants with a score, best mean first; equal ones in the plan's order.
  let ranked: [VariantSummary]
  /// Which of them figures of lines draw.
  let drawn: DrawnVariants
  /// How finely the page shows the variants' scores.
  let precision: Precision
  /// In the plan's order.
  let trials: [TrialSummary]
  /// Stored trials that this plan does not name.
  var unplannedCount: Int
  /// The running mean that "episodes to" counts to; nil where none is known.
  let threshold: Double?
  /// Whether every variant plays the embedded Pong, against the computer or for two; and whether all
  /// of them train against the computer.
  let isPong: Bool
  let playsComputer: Bool
  /// Least and greatest possible return, where known.
  let scale: ClosedRange<Double>?
  let includesTiming: Bool
  /// Episodes between two kept points of a learning curve.
  let curveStride: Int
  /// How many trials were finished when the notes were first seen, where data came after them; nil
  /// where none did or nothing is known of it.
  let finishedBeforeNotes: Int?
  /// Why it is not known what was stored when the notes were first seen; nil where nothing is
  /// wrong.
  let notesProblem: String?
  /// The search that chose the trials; nil for none.
  let search: SearchSummary?
  /// What was decided at looks; nil where the number of seeds was fixed, or it is not to be read.
  let looks: SequentialRecord?
  /// What the experiment file says otherwise by now, a sentence each.
  let remarks: [String]
  /// Of a search: each variant's longest training alone, then those of them that trained longest.
  private let narrowed: [RunSummary]

  /// What curves and health are of.
  var longest: RunSummary { narrowed.first ?? self }
  /// What can be held against each other.
  var judged: RunSummary { narrowed.last ?? self }

  /// - Parameters:
  ///   - isWhole: whether narrower summaries are made of a search as well.
  ///   - edited: the experiment file as it is now; nil keeps the words of the plan.
  init(
    _ snapshot: RunSnapshot, includesTiming: Bool, isWhole: Bool = true, edited: EditedFile? = nil
  ) {
    var plan = snapshot.plan
    plan.title = edited?.title ?? plan.title
    plan.notes = edited?.notes ?? plan.notes
    remarks = edited?.remarks ?? []
    self.plan = plan
    search = SearchSummary(snapshot)
    let looked = plan.seedRange.flatMap { _ in
      (try? Disk.readIfPresent(snapshot.folder.looksPath)) ?? nil
    }
    looks = looked.flatMap { SequentialRecord(decoding: $0) }
    let longestPlan = plan.withLongestTrials
    let plans = isWhole && search != nil ? [longestPlan, longestPlan.withFinalists] : []
    narrowed = plans.compactMap { narrower in
      (try? RunSnapshot(snapshot.folder, plan: narrower)).map {
        RunSummary($0, includesTiming: includesTiming, isWhole: false)
      }
    }
    self.includesTiming = includesTiming
    unplannedCount = snapshot.unplanned.count
    var (record, problem): (NotesRecord?, String?) = (nil, nil)
    do throws(RunStoreError) {
      record = try snapshot.folder.readNotesRecord()
    } catch {
      problem = Wording.problem(error)
    }
    notesProblem = problem
    finishedBeforeNotes = record.flatMap { record in
      record.notes == NotesRecord.digest(plan.notes) && record.data != snapshot.dataDigest
        ? record.finished : nil
    }
    let games = Set(plan.variants.map { $0.configuration[path: "environment.id"] ?? .null })
    isPong = games.isSubset(of: ["pong", "pong-two-player"])
    playsComputer = games == ["pong"]
    scale =
      plan.score.metric == .episodesToThreshold
      ? nil : plan.score.range.flatMap { $0.count == 2 && $0[0] < $0[1] ? $0[0]...$0[1] : nil }
    let threshold = plan.score.threshold ?? (playsComputer ? 0 : nil)
    self.threshold = threshold
    let longest = snapshot.trials.map { max($0.targetEpisodes, $0.status?.episodes ?? 0) }.max()
    let stride = LearningTrace.stride(target: longest ?? 1, trials: snapshot.trials.count)
    curveStride = stride
    let trials = snapshot.trials.map {
      TrialSummary(
        $0, score: plan.score, others: plan.hypotheses.compactMap(\.score), threshold: threshold,
        stride: stride, includesTiming: includesTiming)
    }
    self.trials = trials
    let goal = plan.score.goal
    let byVariant = Dictionary(grouping: trials, by: \.planned.variant)
    let variants = plan.variants.map { variant in
      VariantSummary(
        variant, trials: byVariant[variant.index] ?? [], goal: goal, experiment: plan.name)
    }
    (self.variants, ranked, drawn) = Self.styled(variants, goal: goal)
    precision = Precision(scoresOf: variants)
  }

  /// Several runs as one: the variants of all, each with its run's name before its own. No claim and
  /// no factor is of all of them.
  ///
  /// - Parameter sides: at least one, judged by the same score.
  init(merging sides: [(name: String, run: RunSummary)]) {
    let runs = sides.map(\.run)
    var plan = runs[0].plan
    var variants: [VariantSummary] = []
    for side in sides {
      for var variant in side.run.variants {
        let index = variants.count
        let isAlone = side.run.variants.count == 1 && variant.label == "base"
        variant.variant.index = index
        variant.variant.label = isAlone ? side.name : "\(side.name): \(variant.label)"
        variant.variant.differing = []
        for place in variant.trials.indices { variant.trials[place].planned.variant = index }
        variants.append(variant)
      }
    }
    let trials = variants.flatMap(\.trials)
    plan.name = sides.map(\.name).joined(separator: "/")
    plan.seeds = Set(runs.flatMap(\.plan.seeds)).sorted()
    plan.variants = variants.map(\.variant)
    plan.trials = trials.map(\.planned)
    plan.imported = runs.lazy.compactMap(\.plan.imported).first
    (plan.axes, plan.hypotheses, plan.search, plan.seedRange) = ([], [], nil, nil)
    self.plan = plan
    self.trials = trials
    (self.variants, ranked, drawn) = Self.styled(variants, goal: plan.score.goal)
    precision = Precision(scoresOf: variants)
    threshold = runs.allSatisfy { $0.threshold == runs[0].threshold } ? runs[0].threshold : nil
    isPong = runs.allSatisfy(\.isPong)
    playsComputer = runs.allSatisfy(\.playsComputer)
    scale = runs[0].scale
    includesTiming = runs.allSatisfy(\.includesTiming)
    curveStride = runs.map(\.curveStride).max() ?? 1
    (unplannedCount, remarks, narrowed) = (0, [], [])
    (finishedBeforeNotes, notesProblem, search, looks) = (nil, nil, nil, nil)
  }

  /// Variants with their styles, those with a score in order, and which of them are drawn.
  private static func styled(
    _ variants: [VariantSummary], goal: ScoreGoal
  ) -> ([VariantSummary], ranked: [VariantSummary], drawn: DrawnVariants) {
    var variants = variants
    let order = ranking(variants, goal: goal)
    let drawn = DrawnVariants(ranked: order, count: variants.count)
    for (index, style) in drawn.styles.enumerated() { variants[index].style = style }
    return (variants, order.map { variants[$0] }, drawn)
  }

  /// Said above notes that were written before the data last changed; nil where none came after.
  var notesWarning: String? {
    finishedBeforeNotes.map { before in
      let now = trials.count { $0.state == .finished }
      return "Written before the data last changed: when `run` first saw these notes,"
        + " \(Numbers.count(before, "trial")) \(before == 1 ? "was" : "were") finished; now"
        + " \(Numbers.whole(now)) of \(Numbers.whole(trials.count)) are. They may describe other"
        + " numbers."
    }
  }

  var goal: ScoreGoal { plan.score.goal }

  /// The day on which its last trial ended; nil where that is not known.
  var day: String? {
    trials.compactMap { $0.provenance?.sessions.compactMap(\.endedAt).max() }.max()
      .map { String($0.prefix(10)) }
  }

  /// Whether more trials may be asked for.
  var isOpen: Bool {
    search.map { !$0.isOver } ?? (plan.seedRange != nil && looks?.state != .over)
  }

  /// Whether its trials are other programs'.
  var isImported: Bool { plan.imported != nil }

  /// Whether some of them were recorded as means, so that a row is no episode.
  var hasMeans: Bool { trials.contains { $0.imported?.rows == .means } }

  /// What other programs wrote of the trials, each kind of file once.
  var importedFormats: [String] { trials.flatMap { $0.imported?.formats ?? [] }.uniqued }

  /// Scores that others have reached in the game to 21 points: the player who chooses between the two
  /// actions by chance (measured on this program's game), the built-in player, and a person (Mnih et
  /// al. 2015).
  private static let pongScores = [
    ReferenceLine("random", -20.5), ReferenceLine("parity", 0), ReferenceLine("human", 9.3),
  ]

  /// Named scores to compare the games of an evaluation with, which are against the computer.
  var references: [ReferenceLine] { isPong ? Self.pongScores : [] }

  /// The same of the games of the training. Where both sides learn, 0 tells only that they are equal.
  var trainingReferences: [ReferenceLine] {
    isPong && !playsComputer ? [ReferenceLine("even", 0)] : references
  }

  /// The same of the score.
  var scoreReferences: [ReferenceLine] {
    switch plan.score.metric {
    case .return: trainingReferences
    case .evaluationReturn: references
    case .episodesToThreshold: []
    }
  }

  /// Whether its games have two sides, so that one is won by more points: Pong, also the real one.
  var hasWinners: Bool {
    plan.variants.allSatisfy {
      guard case .string(let id)? = $0.configuration[path: "environment.id"] else { return false }
      return PongID.contains(id)
    }
  }

  /// Least and greatest possible return: the score's scale where the score is a return. None where
  /// both sides learn, since a return then tells of the opponent as well.
  var returnScale: ClosedRange<Double>? {
    playsComputer ? -21...21 : isPong || !scoreIsReturn ? nil : scale
  }

  /// Places of the variants with a score, best mean first; equal ones in the plan's order.
  private static func ranking(_ variants: [VariantSummary], goal: ScoreGoal) -> [Int] {
    let means = variants.map(\.mean)
    return variants.indices.filter { means[$0] != nil }.sorted { a, b in
      let (x, y) = (means[a] ?? 0, means[b] ?? 0)
      if x == y { return a < b }
      return goal == .maximize ? x > y : x < y
    }
  }

  /// Whether what the curves show is also what the score measures, so that references fit both.
  var scoreIsReturn: Bool { plan.score.metric != .episodesToThreshold }

  /// What becomes of the plan's hypotheses, in their order.
  var verdicts: [Verdict] {
    func scores(_ index: Int, _ rule: Plan.Score?) -> [Double] {
      variants[index].scores(of: plan.seeds, by: rule)
    }
    return Statistics.verdicts(
      on: plan.hypotheses.map { hypothesis in
        PairedHypothesis(
          name: hypothesis.claim, measure: hypothesis.measure,
          atLeast: hypothesis.atLeast, within: hypothesis.within,
          goal: hypothesis.score?.goal ?? goal,
          scores: PairedScores(
            x: hypothesis.pairs.map { scores($0[0], hypothesis.score) },
            y: hypothesis.pairs.map { scores($0[1], hypothesis.score) }))
      }, experiment: plan.name)
  }
}

/// The search that chose a run's trials.
struct SearchSummary: Sendable {
  /// `halving`, `tpe` or `racing`.
  let kind: String
  /// What it decided; nil where `search.json` is not to be read.
  let record: SearchRecord?

  /// nil for a run without a search.
  init?(_ snapshot: RunSnapshot) {
    guard case .string(let kind)? = snapshot.plan.search?[path: "kind"] else { return nil }
    self.kind = kind
    let bytes = (try? Disk.readIfPresent(snapshot.folder.searchPath)) ?? nil
    record = bytes.flatMap { SearchRecord(decoding: $0) }
  }

  /// Variants that had their first round.
  var variantCount: Int? {
    guard let rounds = record?.rounds, let first = rounds.first else { return nil }
    return kind == "tpe" ? rounds.reduce(0) { $0 + $1.entries.count } : first.entries.count
  }

  var isOver: Bool { record?.state == .over }
}
