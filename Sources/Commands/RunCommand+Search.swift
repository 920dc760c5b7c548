// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import RunStore
import Runner
import Search
import Trials

extension RunCommand {
  /// Runs a search, or claims until they are decided: round after round what is asked for, until nothing is left or the options
  /// or a signal end it.
  ///
  /// Each round finds all of it anew from the folder, so that one that was killed goes on as
  /// if it had not been.
  func searched(
    _ rounds: Rounds, in run: RunFolder, cluster: ClusterSettings
  ) async throws -> BatchOutcome {
    if fresh { _ = try emptied(RunSnapshot(run, plan: rounds.progress(in: run).plan)) }
    let begin = ContinuousClock.now
    var told: Set<String> = []
    var retriesFailed = retry == .failed
    var started = 0
    var last: BatchOutcome?
    while true {
      let progress = try rounds.progress(in: run, retriesFailed: retriesFailed)
      tell(progress.record, of: run, told: &told)
      if let last, progress.isOver || last.isResumable || last.ranOutOfTime {
        try write(progress, in: run)
        return last
      }
      var options = batchOptions
      if let limit = options.limit {
        // What is left of the limit; without any, the next round is planned and nothing started.
        guard limit > started else {
          try write(progress, in: run)
          return .nothing
        }
        options.limit = limit - started
      }
      if let time = options.stopAfter {
        let gone = (ContinuousClock.now - begin) / .seconds(1)
        options.stopAfter = DurationArgument(seconds: max(0.001, time.seconds - gone))
      }
      let plan = try write(progress, in: run)
      let outcome = try await ran(
        plan, in: run, options: options, retriesFailed: retriesFailed, cluster: cluster,
        title: progress.record.round)
      if progress.isOver { return outcome }
      let ended = outcome.finished + outcome.failures.count + outcome.stopped
      started += ended
      last = outcome
      retriesFailed = false
      // What could not be started now will not be a moment later.
      if ended == 0 || outcome.firstSignal != nil { return outcome }
      if options.onError == .stop, !outcome.failures.isEmpty { return outcome }
    }
  }

  /// Tells what is decided, once each.
  private func tell(_ record: any RoundRecord, of run: RunFolder, told: inout Set<String>) {
    for line in record.decisions + record.ended where told.insert(line).inserted {
      if !batchOptions.quiet { printError(line: line) }
      guard batchOptions.json else { continue }
      say(
        json: canonicalJSON([
          "event": "note", "run": .string(run.name), "reason": .string(line),
          "time": .string(Timestamp.text()),
        ]))
    }
  }

  /// Stores the plan and the decisions behind it.
  ///
  /// - Returns: the plan, with trials pointed at those that they continue.
  @discardableResult
  private func write(
    _ progress: any RoundProgress, in run: RunFolder
  ) throws(RunStoreError) -> Plan {
    let plan = try run.continued(progress, extends: extensionOption.extend != nil)
    try run.writePlan(plan)
    try run.write(progress.record)
    return plan
  }
}

extension BatchOutcome {
  /// Of a run that had nothing to do.
  static var nothing: BatchOutcome {
    var outcome = BatchOutcome()
    outcome.left = 1
    return outcome
  }
}
