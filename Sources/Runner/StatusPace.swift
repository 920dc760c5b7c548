// SPDX-License-Identifier: MIT

package import RunStore

/// Turns what a trial writes about itself into what its process would say on stdout: for those who
/// see its folder only.
package struct StatusPace: Sendable {
  private var last: (updatedAt: String, decisions: Int, seconds: Double)?
  private var rate: Double?

  package init() {}

  /// The news in a status, or nil when there are none since the last look.
  ///
  /// - Parameter seconds: of a clock that never goes back; rates are reckoned by it.
  package mutating func news(
    _ status: TrialStatus, of job: Batch.Job, at seconds: Double
  ) -> ProgressLine? {
    if let last, last.updatedAt == status.updatedAt, last.decisions == status.decisions {
      return nil
    }
    if let last, seconds > last.seconds, status.decisions > last.decisions {
      rate = Double(status.decisions - last.decisions) / (seconds - last.seconds)
    }
    last = (status.updatedAt, status.decisions, seconds)
    let target = status.knownTarget ?? job.targetEpisodes
    let isEvaluating = target > 0 && status.episodes >= target && job.evaluationEpisodes > 0
    return ProgressLine(
      episodes: status.episodes, targetEpisodes: target, decisions: status.decisions,
      smoothedMean: status.smoothedMean,
      rate: isEvaluating ? nil : rate, phase: isEvaluating ? .evaluating : .training,
      evaluated: status.evaluated, activity: status.activity)
  }
}
