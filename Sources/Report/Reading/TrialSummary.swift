// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import RunStore
import Statistics

/// What the report needs of one trial, read once; some kilobytes, however long the training was.
struct TrialSummary: Sendable {
  var planned: Plan.PlannedTrial
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
  /// Why a finished and sound trial has no score.
  private(set) var lackOfScore: String?
  /// By the scores that hypotheses have of their own; without those that have no value.
  private(set) var otherScores: [Plan.Score: Double] = [:]
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
  /// Where its numbers come from; nil of a trial of our own.
  private(set) var imported: ImportRecord?

  /// Whether it counts in tables and statistics.
  var isCounted: Bool { state == .finished && problem == nil && !score.isNaN }

  /// Whether it is finished and nothing is wrong with it.
  var isSound: Bool { state == .finished && problem == nil }

  /// The greatest running mean over 100 episodes among the curve's points, and the episode.
  var bestMean: (value: Double, episode: Int)? {
    let full = zip(trace.runningMeans, trace.episodes).filter {
      $0.0.isFinite && ($0.1 >= Double(TrialRecords.window) || imported?.rows == .means)
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
    _ trial: RunSnapshot.Trial, score rule: Plan.Score, others: [Plan.Score] = [],
    threshold: Double?, stride: Int, includesTiming: Bool
  ) {
    planned = trial.planned
    folder = trial.folder
    state = trial.state
    status = trial.status
    problem = trial.problem.map { Wording.problem($0) }
    guard state != .pending else { return }
    do {
      provenance = try folder.readProvenance()
      try read(
        rule: rule, others: others, threshold: threshold, stride: stride,
        includesTiming: includesTiming)
    } catch {
      problem = problem ?? Wording.problem(error)
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
    rule: Plan.Score, others: [Plan.Score], threshold: Double?, stride: Int, includesTiming: Bool
  ) throws {
    let records = TrialRecords(folder, for: others + [rule])
    let timing = includesTiming ? records.timing : []
    imported = records.imported
    wallSeconds = timing.last?.wallSeconds
    cpuSeconds = includesTiming ? records.cpuSeconds : nil
    episodeCount = records.returns.count
    decisionCount = records.decisions.last ?? 0
    frameCount = records.frames
    brokenEpisodes = records.returns.count { !$0.isFinite }
    finalMean = records.finalMean
    trace = LearningTrace(
      returns: records.returns, decisionCounts: records.decisions, timing: timing, stride: stride,
      window: records.meanWindow)
    evaluation = records.evaluation
    if let problem = records.problem { throw problem }
    if Disk.isPresent(folder.updatesPath) {
      let rows = try readCSV(UpdateRecord.self, at: folder.updatesPath)
      updates = UpdateTrace(rows)
      trace.setPasses(rows)
    }
    problem = problem ?? records.missing(of: status, in: folder).map { Wording.problem($0) }
    transfer = try Games(evaluatedAt: folder.transfersPath)
    lastGames = records.lastGames
    self.threshold = threshold.map { records.timeToThreshold($0, rule) }
    if isSound {
      for other in others { otherScores[other] = records.score(other) }
      score = records.score(rule) ?? .nan
      lackOfScore = records.lackOfScore(rule)
    }
  }
}

extension Games {
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
