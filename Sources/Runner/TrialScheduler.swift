// SPDX-License-Identifier: MIT

package import RunStore

/// How trials are started, seen and ended: as processes of this machine, as tasks of a cluster, or
/// by others.
///
/// It lives inside the runner's actor, does nothing by itself, and never waits: what takes time runs
/// beside it and comes back as a message.
package protocol TrialScheduler: AnyObject, SendableMetatype {
  associatedtype Message: Sendable = Never

  /// Seconds between two looks at the trials' files.
  var lookSeconds: Double { get }
  /// Trials or tasks at the same time, where the scheduler itself sees to that; 0 where others run
  /// them.
  var workers: Int? { get }
  /// Whether it can be given trials just now.
  var takesTrials: Bool { get }
  /// What must be done before the runner may go.
  var unfinished: [Task<Void, Never>] { get }

  /// Takes over what an earlier run left with it.
  func begin(_ batch: Batch) throws -> [TrialReport]
  func start(_ jobs: [Int], _ channel: SchedulerChannel<Message>) throws
  /// Asks jobs to checkpoint and end.
  func ask(_ jobs: [Int])
  /// Ends jobs at once, or leaves them alone where they can go on without us.
  func end(_ jobs: [Int])
  /// Stops or continues all processes of ours, for Ctrl-Z.
  func setPaused(_ isPaused: Bool)
  /// What is to be found out before a look; nil where the files tell all.
  func survey() -> (@Sendable () async -> Message)?
  func take(_ message: Message) -> [TrialReport]
  /// Looks at the trials.
  ///
  /// - Parameters:
  ///   - statuses: of jobs that run or are held, and the last ones of those that ran.
  ///   - elapsed: seconds that the trials could have run since the last look.
  ///   - seconds: since the batch began.
  func look(
    _ statuses: [Int: TrialStatus], after elapsed: Double, at seconds: Double
  ) -> [TrialReport]

  /// What people are told when so many trials are asked to stop.
  func stopping(_ trials: Int, signal: Int32?, ranOutOfTime: Bool) -> String
  /// What they are told when so many are left alone; nil for nothing.
  func leaving(_ trials: Int) -> String?
}

/// A scheduler that starts nothing and ends nothing.
extension TrialScheduler {
  package var workers: Int? { nil }
  package var takesTrials: Bool { true }
  package var unfinished: [Task<Void, Never>] { [] }
  package func start(_ jobs: [Int], _ channel: SchedulerChannel<Message>) {}
  package func ask(_ jobs: [Int]) {}
  package func end(_ jobs: [Int]) {}
  package func setPaused(_ isPaused: Bool) {}
  package func survey() -> (@Sendable () async -> Message)? { nil }
  package func take(_ message: Message) -> [TrialReport] { [] }
  package func stopping(_ trials: Int, signal: Int32?, ranOutOfTime: Bool) -> String { "" }
  package func leaving(_ trials: Int) -> String? { nil }
}

/// What a scheduler tells of its trials; jobs are places in `Batch.jobs`.
package enum TrialReport: Sendable {
  /// An earlier run started it, and it goes on.
  case adopted(Int)
  case started(Int, pid: Int32)
  /// - Parameter isRecorded: whether its folder already says why, as far as it ever will.
  case ended(Int, AttemptEnd, isRecorded: Bool)
  /// What people are told of an end that is not ours to decide on; others start it again.
  case told(Int, JobEnd.Result)
  case overdue(Int, Overdue)
  case noted(String)
  /// Nothing can go on, or need to.
  case broken(any Error)
}

/// How a scheduler has something done beside the runner, and hears of it.
package struct SchedulerChannel<Message: Sendable>: Sendable {
  /// Trials that run or may come to.
  let open: Int
  let spawn: @Sendable (@escaping @Sendable () async -> Void) -> Void
  let send: @Sendable (Message) -> Void
}
