// SPDX-License-Identifier: MIT

/// Which trials are with Slurm and what became of them, as a pure state machine: what the files and
/// the queue show goes in, events come out. No clock, no process.
///
/// The files decide: a trial whose records are complete is done, whatever Slurm says of its task.
/// Jobs are places in the batch, from 0; submissions are known by their numbers.
package struct SlurmState: Hashable, Sendable {
  /// What a trial's own files show at one moment.
  package struct Trial: Hashable, Sendable {
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

  package struct Place: Hashable, Sendable {
    package let submission: Int
    package let task: Int
  }

  package enum Event: Hashable, Sendable {
    case started(Int)
    /// Slurm put the job's task back into its queue.
    case putBack(Int)
    case ended(Int, AttemptEnd)
    /// Tell Slurm to end a submission.
    case cancel(Int)
    /// All of a submission is decided.
    case close(Int)
  }

  private struct Submitted: Hashable, Sendable {
    var tasks: [[Submission.Item]]
    /// When a task was first seen to have ended, seconds.
    var endedSince: [Int: Double] = [:]
    /// Whether some of it waits for what will never come.
    var isBlocked = false
    var hasStrangers = false
  }

  /// Slurm's own default of MaxArraySize is 1001.
  package static let largestArray = 1_000

  /// Tasks that may run at once; nil for all.
  private let concurrency: Int?
  private let trialsPerTask: Int
  /// Seconds after a task's end for its files to arrive, as on a network file system.
  private let graceSeconds: Double
  /// The jobs of the batch, by the ids of their trials.
  private let ids: [String: Int]
  private var submissions: [Int: Submitted] = [:]
  /// Where the jobs are that are with Slurm.
  package private(set) var places: [Int: Place] = [:]
  /// Jobs of which it was told that they started.
  private var shown: Set<Int> = []
  /// Whether Slurm was asked about all open submissions and answered.
  private var isKnown = false
  private var isStopping = false

  /// - Parameter ids: of the batch's trials, in its order.
  package init(
    _ ids: [String], concurrency: Int? = nil, trialsPerTask: Int = 1, graceSeconds: Double = 30
  ) {
    self.ids = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($0.element, $0.offset) })
    self.concurrency = concurrency
    self.trialsPerTask = trialsPerTask
    self.graceSeconds = graceSeconds
  }

  /// Submissions that Slurm must be asked about.
  package var openSubmissions: [Int] { submissions.keys.sorted() }

  /// Tasks that may run beside those that are in flight; nil for all.
  package var freeTasks: Int? { concurrency.map { $0 - Set(places.values).count } }

  /// Whether more may be submitted: not while Slurm cannot be asked.
  package var takesTrials: Bool { isKnown && freeTasks ?? 1 > 0 }

  /// A list for each task of a new submission.
  package func tasks(of jobs: [Int]) -> [[Int]] {
    let needed = (jobs.count + Self.largestArray - 1) / Self.largestArray
    let size = max(trialsPerTask, needed)
    return stride(from: 0, to: jobs.count, by: size).map {
      Array(jobs[$0..<min($0 + size, jobs.count)])
    }
  }

  /// Takes in a submission, a new one or one that an earlier run left; the newest of a trial counts.
  ///
  /// - Parameters:
  ///   - tasks: the trials of each task, also those that the batch does not have.
  ///   - hasStrangers: whether one of those is still to be decided, by a run that asks for it.
  package mutating func add(
    submission: Int, tasks: [[Submission.Item]], hasStrangers: Bool = false
  ) {
    submissions[submission] = Submitted(tasks: tasks, hasStrangers: hasStrangers)
    for (task, items) in tasks.enumerated() {
      for job in items.compactMap({ ids[$0.trial] })
      where places[job].map({ $0.submission <= submission }) ?? true {
        places[job] = Place(submission: submission, task: task)
      }
    }
  }

  /// Ends all that is with Slurm.
  package mutating func stop() -> [Event] {
    guard !isStopping else { return [] }
    isStopping = true
    return openSubmissions.map { .cancel($0) }
  }

  /// Takes in what the files and the queue show.
  ///
  /// - Parameters:
  ///   - seconds: since any fixed moment, never going back.
  ///   - trials: by job.
  ///   - queues: by submission.
  package mutating func look(
    at seconds: Double, trials: [Trial], queues: [Int: SlurmQueue]
  ) -> [Event] {
    var events: [Event] = []
    for (job, place) in places.sorted(by: { $0.key < $1.key }) {
      let end = follow(job, place, at: seconds, trials, queues[place.submission], &events)
      guard let end else { continue }
      places[job] = nil
      shown.remove(job)
      events.append(.ended(job, end))
    }
    for number in openSubmissions where !places.values.contains(where: { $0.submission == number })
    {
      guard let closed = submissions.removeValue(forKey: number), !closed.hasStrangers else {
        continue
      }
      events += (closed.isBlocked ? [.cancel(number)] : []) + [.close(number)]
    }
    isKnown = queues.values.allSatisfy { if case .unknown = $0 { false } else { true } }
    return events
  }

  private mutating func follow(
    _ job: Int, _ place: Place, at seconds: Double, _ trials: [Trial], _ queue: SlurmQueue?,
    _ events: inout [Event]
  ) -> AttemptEnd? {
    let trial = trials[job]
    if trial.isComplete { return .finished }
    let items = submissions[place.submission]?.tasks[place.task] ?? []
    let isNew = items.contains { ids[$0.trial] == job && $0.mark != trial.mark }
    if isNew, !trial.isAtWork, let failure = trial.failure { return .failed(failure) }
    if isNew, trial.isAtWork, shown.insert(job).inserted { events.append(.started(job)) }
    let task: SlurmTask?
    switch queue {
    case nil, .unknown: return nil
    case .gone: task = nil
    case .tasks(let tasks): task = tasks[place.task]
    }
    guard let task, task.isActive else {
      return settle(job, place, items, task, at: seconds, trials)
    }
    submissions[place.submission]?.endedSince[place.task] = nil
    if task.waitsForEver {
      submissions[place.submission]?.isBlocked = true
      return .failed(
        "Slurm will never run its task: \(task.reason); see the file's cluster block and `sinfo`")
    }
    if task.isRequeued, !trial.isAtWork, shown.remove(job) != nil { events.append(.putBack(job)) }
    return nil
  }

  /// A task has ended, or Slurm knows nothing of it, and its trial is not complete.
  private mutating func settle(
    _ job: Int, _ place: Place, _ items: [Submission.Item], _ task: SlurmTask?, at seconds: Double,
    _ trials: [Trial]
  ) -> AttemptEnd? {
    let since = submissions[place.submission]?.endedSince[place.task] ?? seconds
    submissions[place.submission]?.endedSince[place.task] = since
    // A heartbeat tells more than the queue.
    guard !trials[job].isAtWork, isStopping || seconds - since >= graceSeconds else { return nil }
    if isStopping || task?.kind == .cancelled { return .stopped }
    let reason = SlurmTask.end(task)
    if task?.kind == .outOfMemory { return .failed(reason) }
    // What one trial of a task did speaks for the others: their turn may just not have come.
    let known = items.compactMap { item in ids[item.trial].map { (item, trials[$0]) } }
    let hasProgress = known.contains { $1.isComplete || $1.progress > $0.progress }
    // A task that is asked to end, as before its time limit, ends with a status that Slurm calls a
    // failure; its trials know better.
    let wasAsked = known.contains { $1.isStopped && $1.mark != $0.mark }
    return .interrupted(reason, hasProgress: hasProgress, wasAsked: wasAsked)
  }
}
