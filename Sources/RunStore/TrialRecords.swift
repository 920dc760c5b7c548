// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics
package import ExperimentSpec
package import Statistics

/// What the records of one trial hold, read once: what lists, conditions, searches and reports are
/// made from. About 0.6 ms for 3,000 episodes.
package struct TrialRecords: Sendable {
  /// Training episodes of `finalMean` and `lastGames`.
  package static let window = 100

  /// Of the training episodes, in order.
  package private(set) var returns: [Double] = []
  /// Decisions up to and including each training episode.
  package private(set) var decisions: [Int] = []
  /// Frames of all training episodes.
  package private(set) var frames = 0
  package private(set) var timing: [TimingRecord] = []
  /// Of the newest evaluated weights.
  package private(set) var evaluation: Games?
  /// Where the numbers come from; nil of a trial of our own.
  package private(set) var imported: ImportRecord?
  /// What keeps the rest from being read; nil when nothing does.
  package private(set) var problem: ArtifactError?
  /// Training episodes and passes up to and including each update that counted passes; read where a
  /// score asks for it.
  private var passes: [(episode: Int, passes: Double)] = []

  /// - Parameter rules: the scores that will be asked for.
  package init(_ folder: TrialFolder, for rules: [Plan.Score] = []) {
    do throws(RunStoreError) {
      imported = try folder.readImport()
    } catch {
      problem = ArtifactError(.damaged, path: folder.importPath, detail: error.found)
    }
    do throws(ArtifactError) {
      if Disk.isPresent(folder.episodesPath) {
        try readCSV(EpisodeRecord.self, at: folder.episodesPath) {
          returns.append($0.return)
          decisions.append($0.decisions)
          frames = $0.frames
        }
      }
      evaluation = try Games(evaluatedAt: folder.evaluationsPath)
      if rules.contains(where: { $0.at?.passes != nil }), Disk.isPresent(folder.updatesPath) {
        try readCSV(UpdateRecord.self, at: folder.updatesPath) { record in
          if let count = record.passes { passes.append((record.episode, count)) }
        }
      }
      if Disk.isPresent(folder.timingPath) {
        timing = try readCSV(TimingRecord.self, at: folder.timingPath)
      }
    } catch {
      problem = error
    }
  }

  /// Whether `returns` are means of several episodes already.
  private var areMeans: Bool { imported?.rows == .means }

  /// Of so many `returns` a running mean is made.
  package var meanWindow: Int { areMeans ? 1 : Self.window }

  /// Mean return of the last 100 training episodes; nil where one of them is no finite number.
  package var finalMean: Double? {
    Statistics.mean(returns.suffix(meanWindow)).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The last training episodes as games; nil without any.
  package var lastGames: Games? {
    returns.isEmpty || areMeans ? nil : Games(lastOf: returns, decisions: decisions)
  }

  /// Seconds of all processors together; nil where they were not measured.
  package var cpuSeconds: Double? {
    timing.last.flatMap { $0.cpuSeconds.isNaN ? nil : $0.cpuSeconds }
  }

  /// What is missing of what the `status.json` and the checkpoints of a finished or failed trial
  /// tell; nil when nothing is.
  package func missing(of status: TrialStatus?, in folder: TrialFolder) -> RunStoreError? {
    guard let status, status.state == .finished || status.state == .failed else { return nil }
    if let lost = folder.lostRows(status) { return lost }
    let games = evaluation?.returns.count ?? 0
    guard status.state == .finished, status.evaluated > games else { return nil }
    return RunStoreError(
      .damagedRecord, path: folder.evaluationsPath,
      found: "\(games) of \(Numbers.count(status.evaluated, "evaluated game"))")
  }

  /// The one number that judges a trial by an experiment's rule.
  ///
  /// - Returns: nil where there is nothing to judge, see `lackOfScore(_:)`;
  ///   infinity for a threshold that was never reached.
  package func score(_ rule: Plan.Score) -> Double? {
    let (reduction, goal) = (rule.reduction, rule.goal)
    guard let count = episodes(until: rule.at) else { return nil }
    let returns = self.returns.prefix(count).map { $0 }
    let games = evaluation?.returns ?? []
    let score =
      switch rule.metric {
      case .return: reduction.score(of: returns, window: areMeans ? 1 : rule.window, goal: goal)
      case .evaluationReturn: reduction.score(of: games, window: max(1, games.count), goal: goal)
      case .episodesToThreshold: rule.threshold.map { timeToThreshold($0, rule).score }
      }
    // Infinite stands for a threshold that was never reached; a return beyond all numbers is none.
    return score.flatMap { $0.isFinite || rule.metric == .episodesToThreshold ? $0 : nil }
  }

  /// Why a finished trial has no score; nil where it has one.
  package func lackOfScore(_ rule: Plan.Score) -> String? {
    guard score(rule) == nil else { return nil }
    if let wanted = rule.at, episodes(until: wanted) == nil {
      return "it ended before \(wanted.words), at which it would have its score"
    }
    if rule.metric == .evaluationReturn, evaluation == nil {
      return "it played no evaluation games"
    }
    return "its score is not a number"
  }

  /// The training episodes that were over when so much was spent: no more than that; nil where it
  /// never was.
  private func episodes(until spending: Plan.Score.Spending?) -> Int? {
    if let wanted = spending?.episodes { return wanted <= returns.count ? wanted : nil }
    if let wanted = spending?.decisions {
      return decisions.last ?? 0 < wanted ? nil : decisions.prefix { $0 <= wanted }.count
    }
    if let wanted = spending?.passes {
      guard let last = passes.last, last.passes >= wanted else { return nil }
      return passes.last { $0.passes <= wanted }?.episode ?? 0
    }
    return returns.count
  }

  /// The training episodes until the running mean reached a threshold.
  package func timeToThreshold(_ threshold: Double, _ rule: Plan.Score) -> ThresholdTime {
    // The goal of a score in episodes says nothing of the returns, which are to be great.
    Statistics.timeToThreshold(
      returns, threshold: threshold, window: areMeans ? 1 : rule.thresholdWindow,
      goal: rule.metric == .episodesToThreshold ? .maximize : rule.goal)
  }
}

extension Plan.Score.Spending {
  /// `4,000,000 decisions`.
  package var words: String {
    passes.map { "\(Numbers.text($0)) passes" } ?? decisions.map { Numbers.count($0, "decision") }
      ?? Numbers.count(episodes ?? 0, "episode")
  }
}

extension Plan.Score {
  /// Episodes of the running mean that is to reach the threshold: the score's own where the
  /// threshold is what it counts to, else the 100 that are in use for Pong and CartPole.
  package var thresholdWindow: Int {
    metric == .episodesToThreshold ? window : TrialRecords.window
  }
}

/// Single games of one trial: those of an evaluation, or the last of its training.
package struct Games: Equatable, Sendable {
  /// Training episodes behind the evaluated weights; nil for games of the training.
  package private(set) var checkpoint: Int?
  package private(set) var returns: [Double] = []
  /// Decisions in each game.
  package private(set) var lengths: [Int] = []

  /// The games of the newest weights in a file like `evaluations.csv`; nil without any.
  package init?(evaluatedAt path: String) throws(ArtifactError) {
    guard Disk.isPresent(path) else { return nil }
    var newest = -1
    try readCSV(EvaluationRecord.self, at: path) {
      if $0.checkpoint > newest { (newest, returns, lengths) = ($0.checkpoint, [], []) }
      if $0.checkpoint == newest {
        returns.append($0.return)
        lengths.append($0.length)
      }
    }
    checkpoint = newest
    if returns.isEmpty { return nil }
  }

  /// - Parameter decisions: cumulative, one an episode.
  init(lastOf returns: [Double], decisions: [Int]) {
    let first = max(0, returns.count - TrialRecords.window)
    self.returns = Array(returns[first...])
    lengths = (first..<decisions.count).map { index in
      decisions[index] - (index == 0 ? 0 : decisions[index - 1])
    }
  }

  package var mean: Double? { Statistics.mean(returns) }
}

/// What is told of a trial only by its records, in a few numbers.
package struct TrialMeasures: Hashable, Sendable {
  /// By the experiment's rule; nil unless the trial is finished and sound; infinite for a threshold
  /// that was never reached.
  package var score: Double?
  /// Mean return of the last 100 training episodes.
  package var finalMean: Double?
  /// Mean return of the evaluation of the newest evaluated weights.
  package var evaluationMean: Double?
  /// Seconds of training, over all sessions.
  package var wallSeconds: Double?
  package var cpuSeconds: Double?
  /// Commit, `+` behind it for a changed work tree, and processor of the newest session that
  /// trained.
  package var commit: String?
  package var cpu: String?
  /// What keeps its records from being read or used; nil when nothing does.
  package var problem: String?

  /// Nothing was recorded.
  init() {}

  /// Reads the records of a trial.
  ///
  /// - Parameters:
  ///   - status: what its `status.json` says; a score needs one that is finished.
  ///   - rule: nil where no plan says how to judge.
  package init(_ folder: TrialFolder, status: TrialStatus?, rule: Plan.Score?) {
    let records = TrialRecords(folder, for: rule.map { [$0] } ?? [])
    finalMean = records.finalMean
    evaluationMean = records.evaluation?.mean
    (wallSeconds, cpuSeconds) = (records.timing.last?.wallSeconds, records.cpuSeconds)
    problem =
      records.problem?.description
      ?? records.missing(of: status, in: folder)?.description
    do throws(RunStoreError) {
      let session = try folder.readProvenance()?.trainingSession
      commit = session?.git.map { String($0.commit.prefix(12)) + ($0.dirty ? "+" : "") }
      cpu = session?.machine?.cpu
    } catch {
      problem = problem ?? error.description
    }
    if problem == nil && status?.state == .finished { score = rule.flatMap(records.score) }
  }
}
