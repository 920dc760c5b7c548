// SPDX-License-Identifier: MIT


/// Which trials are with Slurm and what became of them, as a pure state machine: what the files and
/// the queue show goes in, actions come out. No clock, no process.
///
/// The files decide: a trial whose records are complete is done, whatever Slurm says of its task.
/// Jobs are places in the batch, from 0; submissions are known by their numbers.
package struct ClusterState: Hashable, Sendable {
  package struct Rules: Hashable, Sendable {
    /// Tasks that may run at once; nil for all.
    package var concurrency: Int?
    package var trialsPerTask: Int
    /// Attempts at a trial without any progress; at least 1.
    package var attempts: Int
    /// Seconds after a task's end for its files to arrive, as on a network file system.
    package var graceSeconds: Double
    /// Trials that may be submitted; nil for all.
    package var limit: Int?
    package var onError: QueueState.OnError

    package init(
      concurrency: Int? = nil, trialsPerTask: Int = 1, attempts: Int = 3,
      graceSeconds: Double = 30, limit: Int? = nil, onError: QueueState.OnError = .continue
    ) {
      self.concurrency = concurrency
      self.trialsPerTask = trialsPerTask
      self.attempts = attempts
      self.graceSeconds = graceSeconds
      self.limit = limit
      self.onError = onError
    }
  }

  /// What a trial's own files show at one moment.
  package struct TrialSight: Hashable, Sendable {
    package var isComplete = false
    /// Its own words, when it says that it failed.
    package var failure: String?
    /// Whether it says that it was asked to end, and checkpointed.
    package var isStopped = false
    /// Whether its process is alive, here or by its heartbeat elsewhere.
    package var isAtWork = false
    /// Training and evaluation episodes done.
    package var progress = 0
    /// Names the process that last wrote; see `Submission.Item.mark`.
    package var mark = ""

    package init() {}
  }

  package enum Job: Hashable, Sendable {
    case waiting
    case inFlight(submission: Int, task: Int)
    case finished
    case stopped
    case failed(String)
  }

  package enum Action: Hashable, Sendable {
    /// Submit these trials, a list for each task.
    case submit([[Int]], concurrency: Int?)
    /// Tell Slurm to end a submission.
    case cancel(Int)
    /// All of a submission is decided.
    case close(Int)
    case started(Int)
    case ended(Int, JobEnd.Result)
  }

  /// How far the batch is from going on.
  package enum Phase: Hashable, Sendable {
    case running
    /// Slurm was told to end everything.
    case stopping
    /// What is with Slurm stays there; we go.
    case leaving
  }

  private struct Flight: Hashable, Sendable {
    /// For each task its jobs, and how they stood when they were submitted.
    var tasks: [[Item]]
    /// When a task was first seen to have ended, seconds.
    var endedSince: [Int: Double] = [:]
    var isBlocked = false
    var hasStrangers = false
  }

  private struct Item: Hashable, Sendable {
    var job: Int
    var progress: Int
    var mark: String
  }

  package let rules: Rules
  package private(set) var jobs: [Job]
  package private(set) var phase = Phase.running
  private var flights: [Int: Flight] = [:]
  /// Attempts of each job that brought nothing.
  private var fruitless: [Int]
  private var shown: Set<Int> = []
  private var submitted: Set<Int> = []

  package init(count: Int, rules: Rules) {
    self.rules = rules
    jobs = Array(repeating: .waiting, count: count)
    fruitless = Array(repeating: 0, count: count)
  }

  /// Jobs that are with Slurm.
  package var inFlight: [Int] {
    jobs.indices.filter { if case .inFlight = jobs[$0] { true } else { false } }
  }

  /// Submissions that Slurm must be asked about.
  package var openSubmissions: [Int] { flights.keys.sorted() }

  /// Whether there is nothing to wait for.
  package var isDone: Bool {
    switch phase {
    case .running: inFlight.isEmpty && !jobs.indices.contains { maySubmit($0) }
    case .stopping: inFlight.isEmpty
    case .leaving: true
    }
  }

  /// Takes in a submission, a new one or one that an earlier run left; the newest of a trial counts.
  ///
  /// - Parameters:
  ///   - tasks: for each task its jobs with progress and mark at the time; a trial that the batch
  ///     does not have is nil.
  ///   - hasStrangers: whether one of those is still to be decided, by a run that asks for it.
  package mutating func add(
    submission: Int, tasks: [[(job: Int, progress: Int, mark: String)?]], hasStrangers: Bool = false
  ) {
    flights[submission] = Flight(
      tasks: tasks.map { task in
        task.compactMap { $0.map { Item(job: $0.job, progress: $0.progress, mark: $0.mark) } }
      }, hasStrangers: hasStrangers)
    for (place, task) in tasks.enumerated() {
      for item in task.compactMap({ $0 }) {
        if case .inFlight(let other, _) = jobs[item.job], other > submission { continue }
        jobs[item.job] = .inFlight(submission: submission, task: place)
        submitted.insert(item.job)
      }
    }
  }

  /// Takes in what the files and the queue show.
  ///
  /// - Parameters:
  ///   - seconds: since any fixed moment, never going back.
  ///   - trials: by job.
  ///   - queues: by submission.
  package mutating func look(
    at seconds: Double, trials: [TrialSight], queues: [Int: QueueSight]
  ) -> [Action] {
    var actions: [Action] = []
    for job in jobs.indices {
      let before = jobs[job]
      switch before {
      case .waiting:
        if trials[job].isComplete { jobs[job] = .finished }
      case .inFlight(let submission, let task):
        actions += follow(
          job, submission, task, at: seconds, trials: trials, queue: queues[submission])
      case .finished, .stopped, .failed:
        continue
      }
      if jobs[job] != before, let result = result(of: job) {
        shown.remove(job)
        actions.append(.ended(job, result))
      }
    }
    let hasFailed = actions.contains { if case .ended(_, .failed) = $0 { true } else { false } }
    actions += closings()
    if hasFailed && rules.onError == .stop { actions += stop() }
    let isKnown = queues.values.allSatisfy { if case .unknown = $0 { false } else { true } }
    if phase == .running && isKnown { actions += submissions(trials) }
    return actions
  }

  /// Ends all that is with Slurm.
  package mutating func stop() -> [Action] {
    guard phase == .running else { return [] }
    phase = .stopping
    return openSubmissions.map { .cancel($0) }
  }

  /// Leaves all that is with Slurm as it is.
  package mutating func leave() { phase = .leaving }

  // MARK: - One trial

  private mutating func follow(
    _ job: Int, _ submission: Int, _ place: Int, at seconds: Double, trials: [TrialSight],
    queue: QueueSight?
  ) -> [Action] {
    let trial = trials[job]
    guard let item = flights[submission]?.tasks[place].first(where: { $0.job == job }) else {
      return []
    }
    let isNew = trial.mark != item.mark
    if trial.isComplete {
      jobs[job] = .finished
      return []
    }
    if isNew, !trial.isAtWork, let failure = trial.failure {
      jobs[job] = .failed(failure)
      return []
    }
    var actions: [Action] = []
    if isNew, trial.isAtWork, shown.insert(job).inserted { actions.append(.started(job)) }
    switch queue {
    case nil, .unknown: break
    case .gone:
      settle(job, submission, place, nil, at: seconds, trials)
    case .tasks(let tasks):
      guard let task = tasks[place], task.isActive else {
        settle(job, submission, place, tasks[place], at: seconds, trials)
        break
      }
      flights[submission]?.endedSince[place] = nil
      if task.waitsForEver {
        flights[submission]?.isBlocked = true
        jobs[job] = .failed(SlurmWording.waitsForEver(task))
      } else if task.isRequeued, !trial.isAtWork, shown.remove(job) != nil {
        actions.append(.ended(job, .later(reason: SlurmWording.requeued)))
      }
    }
    return actions
  }

  /// A task has ended, or Slurm knows nothing of it, and its trial is not complete.
  private mutating func settle(
    _ job: Int, _ submission: Int, _ place: Int, _ task: SlurmTask?, at seconds: Double,
    _ trials: [TrialSight]
  ) {
    let since = flights[submission]?.endedSince[place] ?? seconds
    flights[submission]?.endedSince[place] = since
    // A heartbeat is a better witness than the queue.
    let isOver =
      !trials[job].isAtWork && (phase != .running || seconds - since >= rules.graceSeconds)
    guard isOver else { return }
    if phase != .running || task?.kind == .cancelled {
      jobs[job] = .stopped
      return
    }
    // What one trial of a task did speaks for the others: their turn may just not have come.
    let items = flights[submission]?.tasks[place] ?? []
    let hasProgress = items.contains {
      trials[$0.job].isComplete || trials[$0.job].progress > $0.progress
    }
    fruitless[job] = hasProgress ? 0 : fruitless[job] + 1
    // A task that is asked to end, as before its time limit, ends with a status that Slurm calls a
    // failure; its trials know better.
    let wasAsked = items.contains { trials[$0.job].isStopped && trials[$0.job].mark != $0.mark }
    let reason = SlurmWording.ended(task)
    let isTriedAgain = fruitless[job] < rules.attempts && task?.kind != .outOfMemory
    jobs[job] = isTriedAgain ? .waiting : .failed(reason)
    lastEnd = wasAsked ? .later(reason: SlurmWording.askedToEnd) : .again(reason: reason)
  }

  /// How the last trial ended that waits again.
  private var lastEnd = JobEnd.Result.stopped

  private func result(of job: Int) -> JobEnd.Result? {
    switch jobs[job] {
    case .finished: .finished
    case .stopped: .stopped
    case .failed(let reason): .failed(reason: reason)
    case .waiting: lastEnd
    case .inFlight: nil
    }
  }

  // MARK: - Submissions

  private mutating func closings() -> [Action] {
    var actions: [Action] = []
    for (number, flight) in flights.sorted(by: { $0.key < $1.key }) {
      let isOpen = flight.tasks.joined().contains {
        if case .inFlight(number, _) = jobs[$0.job] { true } else { false }
      }
      guard !isOpen else { continue }
      flights[number] = nil
      if flight.hasStrangers { continue }
      if flight.isBlocked { actions.append(.cancel(number)) }
      actions.append(.close(number))
    }
    return actions
  }

  private func maySubmit(_ job: Int) -> Bool {
    guard jobs[job] == .waiting else { return false }
    return submitted.contains(job) || rules.limit.map { submitted.count < $0 } ?? true
  }

  private mutating func submissions(_ trials: [TrialSight]) -> [Action] {
    var chosen: [Int] = []
    for job in jobs.indices where maySubmit(job) && !trials[job].isAtWork {
      submitted.insert(job)
      chosen.append(job)
    }
    guard !chosen.isEmpty else { return [] }
    let busy = Set(
      inFlight.map { job -> [Int] in
        if case .inFlight(let submission, let task) = jobs[job] { [submission, task] } else { [] }
      }
    ).count
    let room = rules.concurrency.map { $0 - busy }
    if let room, room < 1 { return [] }
    let perTask = max(
      rules.trialsPerTask, (chosen.count + Self.largestArray - 1) / Self.largestArray)
    let tasks = stride(from: 0, to: chosen.count, by: perTask).map {
      Array(chosen[$0..<min($0 + perTask, chosen.count)])
    }
    return [.submit(tasks, concurrency: room)]
  }

  /// Slurm's own default of MaxArraySize is 1001.
  package static let largestArray = 1_000
}
