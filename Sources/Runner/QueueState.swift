// SPDX-License-Identifier: MIT

/// The queue of a batch as a pure state machine: an event in, actions out, no clock, no process.
///
/// Jobs are known by their place in the batch, from 0.
package struct QueueState: Hashable, Sendable {
  /// What a failed trial means for the others.
  package enum OnError: String, Hashable, Sendable, CaseIterable {
    case `continue`, stop
  }

  package struct Rules: Hashable, Sendable {
    /// Processes at the same time; at least 1.
    package var jobs: Int
    package var onError: OnError
    /// Trials that may be started; nil for all.
    package var limit: Int?
    /// Attempts at a trial whose process crashes; at least 1. Failures are never tried again.
    package var attempts: Int

    package init(jobs: Int, onError: OnError = .continue, limit: Int? = nil, attempts: Int = 1) {
      precondition(jobs >= 1 && attempts >= 1, "jobs \(jobs), attempts \(attempts): both ≥ 1")
      self.jobs = jobs
      self.onError = onError
      self.limit = limit
      self.attempts = attempts
    }
  }

  package enum Event: Hashable, Sendable {
    case begin
    case ended(Int, ChildEnd)
    /// The process that trained a held job from outside has ended.
    case released(Int, isComplete: Bool)
    /// SIGINT, SIGTERM or SIGHUP reached the runner.
    case stopRequested(signal: Int32)
    /// The children that were asked to stop have had their time.
    case graceExpired
    /// A running job hangs, or has run for as long as it may.
    case overdue(Int, Overdue)
    /// A job that was asked to stop for being overdue has had its time.
    case jobGraceExpired(Int)
    /// The batch has run for as long as it may.
    case timeIsUp
  }

  package enum Action: Hashable, Sendable {
    case start(Int)
    /// Ask the job's process to checkpoint and end.
    case ask(Int)
    case kill(Int)
    /// Send `graceExpired` after the grace.
    case startGrace
    /// Send `jobGraceExpired` for the job after the grace.
    case startJobGrace(Int)
  }

  package enum Job: Hashable, Sendable {
    /// A process of someone else trains it; it is looked at again when that ends.
    case held
    case waiting
    case running
    case finished
    case stopped
    case failed(String)
  }

  /// How far the batch is from going on.
  package enum Phase: Int, Hashable, Sendable {
    case running, stopping, killing
  }

  package let rules: Rules
  package private(set) var jobs: [Job]
  package private(set) var phase = Phase.running
  /// The first and the second stop signal.
  package private(set) var signals: [Int32] = []
  /// Whether the batch was stopped because its time was up.
  package private(set) var ranOutOfTime = false
  private var attempts: [Int]
  private var overdue: [Int: Overdue] = [:]
  private var startedJobs = 0
  private var hasBegun = false

  /// A queue of `count` jobs, of which those in `held` are trained by someone else just now.
  package init(count: Int, held: Set<Int> = [], rules: Rules) {
    self.rules = rules
    jobs = (0..<count).map { held.contains($0) ? .held : .waiting }
    attempts = Array(repeating: 0, count: count)
  }

  /// Jobs whose process runs, in order.
  package var running: [Int] { jobs.indices.filter { jobs[$0] == .running } }

  /// Whether nothing runs and nothing will.
  package var isDone: Bool {
    hasBegun && running.isEmpty
      && (phase != .running || !jobs.contains { $0 == .held || mayStart($0) })
  }

  /// Takes in what happened and says what to do. Events that no longer matter give no actions.
  package mutating func handle(_ event: Event) -> [Action] {
    switch event {
    case .begin:
      hasBegun = true
    case .released(let job, let isComplete):
      if jobs[job] == .held { jobs[job] = isComplete ? .finished : .waiting }
    case .ended(let job, let end):
      guard jobs[job] == .running else { return [] }
      jobs[job] = outcome(of: job, end)
      let mustStop = rules.onError == .stop || isHopeless(end)
      if case .failed = jobs[job], mustStop, phase == .running { return stop() }
    case .stopRequested(let signal):
      signals.append(signal)
      return signals.count == 1 && phase == .running ? stop() : kill()
    case .graceExpired:
      return phase == .stopping ? kill() : []
    case .overdue(let job, let why):
      return late(job, why)
    case .jobGraceExpired(let job):
      return jobs[job] == .running && overdue[job] != nil ? [.kill(job)] : []
    case .timeIsUp:
      guard phase == .running else { return [] }
      ranOutOfTime = true
      return stop()
    }
    return hasBegun ? starts() : []
  }

  private func mayStart(_ job: Job) -> Bool {
    job == .waiting && rules.limit.map { startedJobs < $0 } ?? true
  }

  private mutating func starts() -> [Action] {
    guard phase == .running else { return [] }
    var free = rules.jobs - running.count
    var actions: [Action] = []
    for index in jobs.indices where jobs[index] == .waiting && free > 0 {
      // A further attempt is not a further trial, so the limit does not count it.
      guard attempts[index] > 0 || mayStart(jobs[index]) else { continue }
      if attempts[index] == 0 { startedJobs += 1 }
      attempts[index] += 1
      jobs[index] = .running
      free -= 1
      actions.append(.start(index))
    }
    return actions
  }

  private mutating func stop() -> [Action] {
    phase = .stopping
    let asked = running.map(Action.ask)
    return asked.isEmpty ? [] : asked + [.startGrace]
  }

  private mutating func kill() -> [Action] {
    guard phase != .killing else { return [] }
    phase = .killing
    return running.map(Action.kill)
  }

  /// A trial that only takes long can still checkpoint; one that hangs cannot be asked.
  private mutating func late(_ job: Int, _ why: Overdue) -> [Action] {
    guard phase == .running, jobs[job] == .running, overdue[job] == nil else { return [] }
    overdue[job] = why
    switch why {
    case .hung: return [.kill(job)]
    case .timeLimit: return [.ask(job), .startJobGrace(job)]
    }
  }

  private mutating func outcome(of job: Int, _ end: ChildEnd) -> Job {
    switch (overdue.removeValue(forKey: job), end) {
    case (_, .finished), (_, .failed), (nil, _): break
    case (let why?, _):
      let isHung = if case .hung = why { true } else { false }
      if isHung && phase == .running && attempts[job] < rules.attempts { return .waiting }
      return .failed(Wording.overdue(why))
    }
    switch end {
    case .finished: return .finished
    case .stopped: return .stopped
    case .failed(let reason), .notStarted(let reason): return .failed(reason)
    case .crashed(let signal, let reason):
      // Ended by our own asking or killing: it resumes from its last checkpoint, nothing failed.
      if phase != .running, let signal, Self.stopSignals.contains(signal) { return .stopped }
      return phase == .running && attempts[job] < rules.attempts ? .waiting : .failed(reason)
    }
  }

  /// A program that cannot be started for one trial cannot be for the next.
  private func isHopeless(_ end: ChildEnd) -> Bool {
    if case .notStarted = end { true } else { false }
  }

  /// SIGINT, SIGKILL and SIGTERM have these numbers on every system.
  private static let stopSignals: Set<Int32> = [2, 9, 15]
}
