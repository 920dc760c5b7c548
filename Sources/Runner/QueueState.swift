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
    /// Trials at the same time, at least 1; nil for as many as the scheduler takes.
    package var jobs: Int?
    package var onError: OnError
    /// Trials that may be started; nil for all.
    package var limit: Int?
    /// Attempts at a trial whose process crashes; at least 1. Failures are never tried again.
    package var attempts: Int
    /// Signals at which we leave what runs to itself, as we then do at any second one; none where it
    /// ends with us.
    package var leaveSignals: Set<Int32>

    package init(
      jobs: Int?, onError: OnError = .continue, limit: Int? = nil, attempts: Int = 1,
      leaveSignals: Set<Int32> = []
    ) {
      precondition(
        jobs ?? 1 >= 1 && attempts >= 1, "jobs \(jobs ?? 1), attempts \(attempts): both ≥ 1")
      (self.jobs, self.onError, self.limit) = (jobs, onError, limit)
      (self.attempts, self.leaveSignals) = (attempts, leaveSignals)
    }
  }

  package enum Event: Hashable, Sendable {
    case begin
    /// An earlier run started it, and it goes on.
    case adopted(Int)
    /// The scheduler may take more than before.
    case looked
    /// The process that trained a held job from outside has ended.
    case released(Int, isComplete: Bool)
    /// SIGINT, SIGTERM or SIGHUP reached the runner.
    case stopRequested(signal: Int32)
    /// The jobs that were asked to stop have had their time.
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
    /// Ask the job to checkpoint and end.
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
  /// Whether the scheduler takes trials just now.
  package var isOpen = true
  /// Attempts of each job that brought nothing, the one under way among them.
  private var attempts: [Int]
  /// Why running jobs are being ended.
  package private(set) var overdue: [Int: Overdue] = [:]
  private var started = 0
  private var hasBegun = false
  // The same by state, so that nothing is searched for among all jobs: a batch may have many.
  private var active: Set<Int> = []
  private var held: Set<Int>
  /// Those that wait for their first attempt, the last first, and for a further one.
  private var unstarted: [Int]
  private var putBack: Set<Int> = []

  /// A queue of `count` jobs, of which those in `held` are trained by someone else just now.
  package init(count: Int, held: Set<Int> = [], rules: Rules) {
    (self.rules, self.held) = (rules, held)
    jobs = (0..<count).map { held.contains($0) ? .held : .waiting }
    attempts = Array(repeating: 0, count: count)
    unstarted = (0..<count).reversed().filter { !held.contains($0) }
  }

  /// Jobs that run, in order.
  package var running: [Int] { active.sorted() }

  /// Jobs that run or are trained by someone else, in order.
  package var followed: [Int] { active.union(held).sorted() }

  /// How many run or may come to.
  package var open: Int { active.count + held.count + unstarted.count + putBack.count }

  /// Whether nothing runs, or is waited for, and nothing will be.
  package var isDone: Bool {
    guard hasBegun else { return false }
    switch phase {
    case .running: return active.isEmpty && held.isEmpty && next == nil
    case .stopping: return active.isEmpty
    case .killing: return active.isEmpty || !rules.leaveSignals.isEmpty
    }
  }

  /// Takes in what happened and says what to do. Events that no longer matter give no actions.
  package mutating func handle(_ event: Event) -> [Action] {
    switch event {
    case .begin:
      hasBegun = true
    case .adopted(let job):
      held.remove(job)
      if let place = unstarted.lastIndex(of: job) { unstarted.remove(at: place) }
      started += 1
      begin(job)
      attempts[job] = 1
      return []
    case .looked:
      break
    case .released(let job, let isComplete):
      guard held.remove(job) != nil else { break }
      jobs[job] = isComplete ? .finished : .waiting
      if !isComplete { unstarted = (unstarted + [job]).sorted(by: >) }
    case .stopRequested(let signal):
      signals.append(signal)
      let leaves = rules.leaveSignals.contains(signal)
      return signals.count == 1 && phase == .running && !leaves ? stop() : kill()
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

  /// Takes in how an attempt ended.
  ///
  /// - Returns: what people are told of it, and what to do.
  package mutating func end(
    _ job: Int, _ end: AttemptEnd
  ) -> (result: JobEnd.Result, actions: [Action]) {
    guard jobs[job] == .running else { return (.stopped, []) }
    let result = result(of: job, end)
    active.remove(job)
    switch result {
    case .finished: jobs[job] = .finished
    case .stopped: jobs[job] = .stopped
    case .again, .later:
      jobs[job] = .waiting
      putBack.insert(job)
    case .failed(let reason):
      jobs[job] = .failed(reason)
      // A program that cannot be started for one trial cannot be for the next.
      let isHopeless = if case .notStarted = end { true } else { false }
      if phase == .running, rules.onError == .stop || isHopeless { return (result, stop()) }
    }
    return (result, starts())
  }

  /// The job that may start next. A further attempt is not a further trial, so the limit does not
  /// count it.
  private var next: Int? {
    let first = rules.limit.map { started < $0 } ?? true ? unstarted.last : nil
    return [first, putBack.min()].compactMap { $0 }.min()
  }

  private mutating func starts() -> [Action] {
    guard phase == .running, isOpen else { return [] }
    var actions: [Action] = []
    while active.count < rules.jobs ?? .max, let job = next {
      if putBack.remove(job) == nil {
        unstarted.removeLast()
        started += 1
      }
      begin(job)
      attempts[job] += 1
      overdue[job] = nil
      actions.append(.start(job))
    }
    return actions
  }

  private mutating func begin(_ job: Int) {
    jobs[job] = .running
    active.insert(job)
  }

  private mutating func stop() -> [Action] {
    phase = .stopping
    let asked = running.map(Action.ask)
    return asked.isEmpty ? [] : asked + [.startGrace]
  }

  private mutating func kill() -> [Action] {
    guard phase != .killing else { return [] }
    phase = .killing
    return rules.leaveSignals.isEmpty ? running.map(Action.kill) : []
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

  private mutating func result(of job: Int, _ end: AttemptEnd) -> JobEnd.Result {
    if let why = overdue[job] {
      switch (why, end) {
      case (_, .finished), (_, .failed): break
      case (.hung, _) where mayTryAgain(job): return .again(reason: why.reason)
      default: return .failed(reason: why.reason)
      }
    }
    switch end {
    case .finished: return .finished
    case .stopped: return .stopped
    case .failed(let reason), .notStarted(let reason): return .failed(reason: reason)
    case .crashed(let signal, let reason):
      // Ended by our own asking or killing: it resumes from its last checkpoint, nothing failed.
      if phase != .running, let signal, Self.stopSignals.contains(signal) { return .stopped }
      return mayTryAgain(job) ? .again(reason: reason) : .failed(reason: reason)
    case .interrupted(let reason, let hasProgress, let wasAsked):
      if hasProgress { attempts[job] = 0 }
      guard mayTryAgain(job) else { return .failed(reason: reason) }
      let asked = "its task was asked to end, and it checkpointed; it is submitted again"
      return wasAsked ? .later(reason: asked) : .again(reason: reason)
    }
  }

  private func mayTryAgain(_ job: Int) -> Bool {
    phase == .running && attempts[job] < rules.attempts
  }

  /// SIGINT, SIGKILL and SIGTERM have these numbers on every system.
  private static let stopSignals: Set<Int32> = [2, 9, 15]
}
