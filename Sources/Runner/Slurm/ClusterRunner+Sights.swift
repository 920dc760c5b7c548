// SPDX-License-Identifier: MIT

import RunStore

/// What is seen of submissions and trials: of Slurm's answers and of the files, without any state.
extension ClusterRunner {
  /// What Slurm says of a submission; one without a number is looked for by its name.
  static func look(
    at submission: Submission, in folder: ClusterFolder, _ slurm: Slurm
  ) async throws(SlurmError) -> QueueSight {
    if let job = submission.job {
      return TaskLog.completed(try await slurm.look(atJob: job), submission)
    }
    // Whoever submitted it died before the number was written down.
    guard let runID = try? folder.runID() else { return .unknown("no run-id") }
    guard let jobs = try await slurm.jobs(named: jobName(runID, submission)) else {
      return .unknown("squeue gives no answer")
    }
    guard let job = jobs.first else { return .gone }
    try? submission.write(job: job)
    return TaskLog.completed(try await slurm.look(atJob: job), submission)
  }

  /// Whether words of Slurm say that it could not be asked.
  static func isSilence(_ words: String) -> Bool {
    ["Unable to contact", "timed out", "Connection refused", "temporarily"]
      .contains { words.contains($0) }
  }

  /// By what name Slurm knows a submission.
  static func jobName(_ runID: String, _ submission: Submission) -> String {
    "rallybook-\(runID)-\(submission.number)"
  }

  /// Whether a trial has itself said why it ended.
  static func saysWhy(_ status: TrialStatus?) -> Bool {
    status?.state == .failed || status?.state == .couldNotStart
  }

  /// What a trial's own files show.
  static func sight(_ job: Batch.Job, _ status: TrialStatus?) -> ClusterState.TrialSight {
    var sight = ClusterState.TrialSight()
    guard let status else { return sight }
    sight.isComplete = status.state == .finished && status.evaluated >= job.evaluationEpisodes
    sight.failure = saysWhy(status) ? status.message ?? "it gave no reason" : nil
    sight.isStopped = status.state == .stopped
    sight.isAtWork = status.isAtWork()
    sight.progress = status.episodes + status.evaluated
    sight.mark = "\(status.process.pid) \(status.process.startTicks) \(status.startedAt)"
    return sight
  }
}
