// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import RunStore
import Statistics

/// What the report needs of one trial, read once; some kilobytes, however long the training was.
struct TrialSummary: Sendable {
  let planned: Plan.PlannedTrial
  let folder: TrialFolder
  private(set) var state: TrialState
  let status: TrialStatus?
  /// Why the trial or a file of it cannot be used; nil when nothing is wrong.
  private(set) var problem: String?
  private(set) var episodeCount = 0
  private(set) var decisionCount = 0
  private(set) var frameCount = 0
  /// Episodes whose return is not a finite number.
  private(set) var brokenEpisodes = 0
  /// NaN unless the trial is finished and sound; infinite for a threshold never reached.
  private(set) var score = Double.nan
  private(set) var threshold: ThresholdTime?
  /// Mean return of the last 100 episodes.
  private(set) var finalMean: Double?
  private(set) var trace = LearningTrace()
  private(set) var updates = UpdateTrace([])
  /// The evaluation of the trial's newest evaluated weights.
  private(set) var evaluation: Games?
  /// The same games in another environment, `evaluation.transferTo`.
  private(set) var transfer: Games?
  /// The last games of the training; nil while there are none.
  private(set) var lastGames: Games?
  private(set) var wallSeconds: Double?
  private(set) var cpuSeconds: Double?
  private(set) var provenance: Provenance?

  /// Whether it counts in tables and statistics.
  var isCounted: Bool { state == .finished && problem == nil && !score.isNaN }

  /// Whether it is finished and nothing is wrong with it.
  var isSound: Bool { state == .finished && problem == nil }

  /// The greatest running mean over 100 episodes among the curve's points, and the episode.
  var bestMean: (value: Double, episode: Int)? {
    let full = zip(trace.runningMeans, trace.episodes).filter {
      $0.0.isFinite && $0.1 >= Double(LearningTrace.window)
    }
    return full.max { $0.0 < $1.0 }.map { ($0.0, Int($0.1)) }
  }

  /// The games of the evaluation, else the last of the training.
  var games: Games? {
    if let evaluation, evaluation.lengths.count == evaluation.returns.count, lastGames != nil {
      return evaluation
    }
    return lastGames
  }

  /// - Parameters:
  ///   - threshold: of the running mean, for episodes to threshold; nil leaves them out.
  ///   - stride: episodes between two points of the curve.
  init(
    _ trial: RunSnapshot.Trial, score rule: Plan.Score, threshold: Double?, stride: Int,
    includesTiming: Bool
  ) {
    planned = trial.planned
    folder = trial.folder
    state = trial.state
    status = trial.status
    problem = trial.problem.map { Wording.problem($0) }
    guard state != .pending else { return }
    do {
      provenance = try folder.readProvenance()
      try read(rule: rule, threshold: threshold, stride: stride, includesTiming: includesTiming)
    } catch let error as ArtifactError {
      problem = problem ?? Wording.problem(error)
    } catch let error as RunStoreError {
      problem = problem ?? Wording.problem(error)
    } catch {
      problem = problem ?? "\(error)"
    }
    // The last row of a process that was killed may be half written: the next run cuts it off.
    if problem != nil && trial.problem == nil && status?.state != .running { state = .damaged }
  }

  /// The last lines of the trial's log; empty when there is none.
  func logTail(lines count: Int) -> String {
    guard let bytes = try? Disk.readIfPresent(folder.logPath) else { return "" }
    let text = String(decoding: bytes.suffix(16_384), as: UTF8.self)
    return text.split(separator: "\n", omittingEmptySubsequences: true).suffix(count)
      .joined(separator: "\n")
  }

  private mutating func read(
    rule: Plan.Score, threshold: Double?, stride: Int, includesTiming: Bool
  ) throws {
    var returns: [Double] = []
    var decisions: [Int] = []
    if Disk.isPresent(folder.episodesPath) {
      try readCSV(EpisodeRecord.self, at: folder.episodesPath) {
        returns.append($0.return)
        decisions.append($0.decisions)
        frameCount = $0.frames
      }
    }
    var timing: [TimingRecord] = []
    if includesTiming, Disk.isPresent(folder.timingPath) {
      timing = try readCSV(TimingRecord.self, at: folder.timingPath)
    }
    wallSeconds = timing.last?.wallSeconds
    cpuSeconds = timing.last?.cpuSeconds
    episodeCount = returns.count
    decisionCount = decisions.last ?? 0
    brokenEpisodes = returns.count { !$0.isFinite }
    finalMean = mean(returns.suffix(LearningTrace.window).filter(\.isFinite))
    trace = LearningTrace(
      returns: returns, decisionCounts: decisions, timing: timing, stride: stride)
    if Disk.isPresent(folder.updatesPath) {
      updates = UpdateTrace(try readCSV(UpdateRecord.self, at: folder.updatesPath))
    }
    evaluation = try Games(evaluatedAt: folder.evaluationsPath)
    problem =
      problem
      ?? status?.missing(episodes: episodeCount, games: evaluation?.returns.count ?? 0)
    transfer = try Games(evaluatedAt: folder.transfersPath)
    lastGames = returns.isEmpty ? nil : Games(lastOf: returns, decisions: decisions)
    if let threshold {
      // The goal of a score in episodes says nothing of the returns, which are to be great.
      self.threshold = timeToThreshold(
        returns, threshold: threshold, window: rule.thresholdWindow,
        goal: rule.metric == .episodesToThreshold ? .maximize : rule.goal)
    }
    if isSound {
      score =
        trialScore(rule, returns: returns, evaluationReturns: evaluation?.returns ?? []) ?? .nan
      // Infinite stands for a threshold that was never reached; a return beyond all numbers is none.
      if rule.metric != .episodesToThreshold, !score.isFinite { score = .nan }
    }
  }
}

/// Single games of one trial: those of an evaluation, or the last of its training.
struct Games: Equatable, Sendable {
  /// Training episodes that stand in where nothing was evaluated.
  static let lastEpisodes = 100

  /// Training episodes behind the evaluated weights; nil for games of the training.
  private(set) var checkpoint: Int?
  private(set) var returns: [Double] = []
  /// Decisions in each game.
  private(set) var lengths: [Int] = []

  /// The games of the newest weights in a file of evaluations; nil without any.
  init?(evaluatedAt path: String) throws {
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
    let first = max(0, returns.count - Self.lastEpisodes)
    self.returns = Array(returns[first...])
    lengths = (first..<decisions.count).map { index in
      decisions[index] - (index == 0 ? 0 : decisions[index - 1])
    }
  }

  var mean: Double? { Statistics.mean(returns) }

  /// Games with more points won than lost.
  var won: Int { returns.count { $0 > 0 } }

  /// Mean decisions a point of each whole game of Pong: 21 points to the winner and 21 − |return|
  /// to the other are 42 − |return| in all.
  ///
  /// Only the mean of a game is known, since points are not stored one by one; and a game that was
  /// cut off before 21 would be taken for one with more points than it had.
  var decisionsPerPoint: [Double] {
    zip(returns, lengths).compactMap { value, length in
      guard value.isFinite, value == value.rounded(), abs(value) <= 21, length > 0 else {
        return nil
      }
      return Double(length) / (42 - abs(value))
    }
  }
}
