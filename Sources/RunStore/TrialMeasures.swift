// SPDX-License-Identifier: MIT

import Artifacts
package import ExperimentSpec
import Statistics

/// What can be told of a trial only by reading its records through: what an index keeps.
package struct TrialMeasures: Codable, Hashable, Sendable {
  /// By the experiment's rule; nil unless the trial is finished; infinite for a threshold that was
  /// never reached.
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
  /// What keeps its records from being read; nil when nothing does.
  package var problem: String?

  package init() {}

  /// Reads the records of a trial, 1 ms for some thousand episodes.
  ///
  /// - Parameters:
  ///   - status: what its `status.json` says; a score needs one that is finished.
  ///   - rule: nil where no plan says how to judge.
  package init(_ folder: TrialFolder, status: TrialStatus?, rule: Plan.Score?) {
    do {
      try read(folder, status: status, rule: rule)
    } catch {
      problem = String(describing: error)
    }
  }

  private mutating func read(
    _ folder: TrialFolder, status: TrialStatus?, rule: Plan.Score?
  ) throws {
    var returns: [Double] = []
    if Disk.isPresent(folder.episodesPath) {
      try readCSV(EpisodeRecord.self, at: folder.episodesPath) { returns.append($0.return) }
    }
    finalMean = mean(returns.suffix(100).filter(\.isFinite))
    let evaluation = try newestEvaluation(of: folder)
    evaluationMean = mean(evaluation)
    if let missing = status?.missing(episodes: returns.count, games: evaluation.count) {
      problem = "\(folder.path): \(missing)"
    } else if status?.state == .finished, let rule {
      score = trialScore(rule, returns: returns, evaluationReturns: evaluation)
    }
    if Disk.isPresent(folder.timingPath) {
      try readCSV(TimingRecord.self, at: folder.timingPath) {
        wallSeconds = $0.wallSeconds
        cpuSeconds = $0.cpuSeconds
      }
    }
    if let session = try folder.readProvenance()?.trainingSession {
      commit = session.git.map { String($0.commit.prefix(12)) + ($0.dirty ? "+" : "") }
      cpu = session.machine?.cpu
    }
  }

  private func newestEvaluation(of folder: TrialFolder) throws -> [Double] {
    guard Disk.isPresent(folder.evaluationsPath) else { return [] }
    var (checkpoint, returns) = (-1, [Double]())
    try readCSV(EvaluationRecord.self, at: folder.evaluationsPath) {
      if $0.checkpoint > checkpoint { (checkpoint, returns) = ($0.checkpoint, []) }
      if $0.checkpoint == checkpoint { returns.append($0.return) }
    }
    return returns
  }
}
