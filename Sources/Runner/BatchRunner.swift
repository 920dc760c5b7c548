// SPDX-License-Identifier: MIT

import Glibc
import RunStore

/// Runs a batch: carries out what the queue says, by way of a scheduler.
package actor BatchRunner<Scheduler: TrialScheduler> {
  private enum Input: Sendable {
    case work(@Sendable () async -> Void)
    case queue(QueueState.Event)
    case message(Scheduler.Message)
    case signal(Int32)
    case tick, wake, look
  }

  private let batch: Batch
  private let scheduler: Scheduler
  private let graceSeconds: Double?
  private let stopAfterSeconds: Double?
  private let recordsFailures: Bool
  private let signals: AsyncStream<Int32>
  private let inputs: AsyncStream<Input>
  private let source: AsyncStream<Input>.Continuation
  private var audience: Audience
  private var queue: QueueState
  private var failure: (any Error)?
  private var startTimes: [Int: Double] = [:]
  /// What the trials last wrote of themselves, by job.
  private var statuses: [Int: TrialStatus] = [:]
  /// The processes whose place to go on is told, or was before this batch.
  private var introduced: [Int: ProcessIdentity]
  private var followers: [Int: TrialFollower] = [:]
  private let clock = SuspendingClock()
  private var lastLook: SuspendingClock.Instant

  /// - Parameters:
  ///   - graceSeconds: from asking the trials to checkpoint until they are killed; nil for as long as
  ///     it takes.
  ///   - stopAfterSeconds: after which the whole batch stops; nil for never.
  ///   - recordsFailures: whether a trial that fails without a word of its own is marked as failed in
  ///     its folder; not where someone else decides whether it is tried again.
  ///   - signals: those that reach this process.
  package init(
    _ batch: Batch, rules: QueueState.Rules, scheduler: sending Scheduler,
    graceSeconds: Double? = 120, stopAfterSeconds: Double? = nil, recordsFailures: Bool = true,
    observers: [any BatchObserver], signals: AsyncStream<Int32> = RunnerSignals.stream()
  ) {
    self.batch = batch
    self.scheduler = scheduler
    self.graceSeconds = graceSeconds
    self.stopAfterSeconds = stopAfterSeconds
    self.recordsFailures = recordsFailures
    self.signals = signals
    audience = Audience(observers)
    (inputs, source) = AsyncStream.makeStream()
    let earlier = batch.jobs.enumerated().compactMap { job, value in
      value.earlier.map { (job, $0) }
    }
    introduced = Dictionary(uniqueKeysWithValues: earlier)
    let held = batch.jobs.indices.filter { batch.jobs[$0].holder != nil }
    queue = QueueState(count: batch.jobs.count, held: Set(held), rules: rules)
    lastLook = clock.now
  }

  /// Runs until nothing runs and nothing will; call it once.
  ///
  /// - Throws: what keeps the scheduler from going on. What is with a cluster goes on all the same.
  package func run() async throws -> BatchOutcome {
    await withDiscardingTaskGroup { group in
      begin()
      for await input in inputs {
        if case .work(let body) = input { group.addTask(operation: body) } else { take(input) }
        if queue.isDone || failure != nil { break }
      }
      group.cancelAll()
    }
    // A second signal does not wait for a scheduler that may not answer.
    if queue.signals.count < 2 { for task in scheduler.unfinished { await task.value } }
    let outcome = BatchOutcome(batch, queue, wallSeconds: audience.seconds)
    let left = queue.running.count
    if failure == nil, left > 0, let sentence = scheduler.leaving(left) {
      audience.tell(.noted(sentence))
    }
    audience.tell(failure == nil && scheduler.workers != 0 ? .done(outcome) : .suspending)
    if let failure { throw failure }
    return outcome
  }

  private func begin() {
    let workers = scheduler.workers ?? queue.rules.jobs ?? batch.jobs.count
    audience.tell(.began(batch, workers: workers))
    let (signals, source) = (signals, source)
    spawn { for await number in signals { source.yield(.signal(number)) } }
    if audience.isMoving { after(0.25, .tick) }
    if let stopAfterSeconds { after(stopAfterSeconds, .queue(.timeIsUp)) }
    do { report(try scheduler.begin(batch)) } catch { failure = error }
    for (job, state) in queue.jobs.enumerated() where state == .held {
      audience.tell(.held(job: job, pid: batch.jobs[job].holder?.pid ?? 0))
    }
    queue.isOpen = scheduler.takesTrials
    perform(queue.handle(.begin))
    source.yield(.wake)
  }

  private func take(_ input: Input) {
    switch input {
    case .work: break
    case .queue(let event): perform(queue.handle(event))
    case .message(let message): report(scheduler.take(message))
    case .signal(SIGTSTP): suspend()
    case .signal(let number): perform(queue.handle(.stopRequested(signal: number)))
    case .tick:
      audience.tell(.tick)
      after(0.25, .tick)
    case .wake:
      guard let survey = scheduler.survey() else { return look() }
      spawn { [source] in
        source.yield(.message(await survey()))
        source.yield(.look)
      }
    case .look: look()
    }
  }

  /// Done beside the runner; its end is waited for.
  private func spawn(_ body: @escaping @Sendable () async -> Void) { source.yield(.work(body)) }

  private func after(_ seconds: Double, _ input: Input) {
    spawn { [source] in
      guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
      source.yield(input)
    }
  }

  private func perform(_ actions: [QueueState.Action]) {
    var (starts, asked, killed): ([Int], [Int], [Int]) = ([], [], [])
    for action in actions {
      switch action {
      case .start(let job): starts.append(job)
      case .ask(let job): asked.append(job)
      case .kill(let job): killed.append(job)
      case .startGrace:
        let sentence = scheduler.stopping(
          queue.running.count, signal: queue.signals.first, ranOutOfTime: queue.ranOutOfTime)
        audience.tell(.stopping(running: queue.running.count, sentence))
        if let graceSeconds { after(graceSeconds, .queue(.graceExpired)) }
      case .startJobGrace(let job):
        if let graceSeconds { after(graceSeconds, .queue(.jobGraceExpired(job))) }
      }
    }
    if !asked.isEmpty { scheduler.ask(asked) }
    if !killed.isEmpty {
      if queue.phase == .killing { audience.tell(.killing(running: queue.running.count)) }
      scheduler.end(killed)
    }
    guard !starts.isEmpty else { return }
    let source = source
    let channel = SchedulerChannel<Scheduler.Message>(
      open: queue.open, spawn: { source.yield(.work($0)) }, send: { source.yield(.message($0)) })
    do { try scheduler.start(starts, channel) } catch { failure = error }
    queue.isOpen = scheduler.takesTrials
  }

  private func report(_ reports: [TrialReport]) {
    queue.isOpen = scheduler.takesTrials
    var actions: [QueueState.Action] = []
    for report in reports {
      switch report {
      case .adopted(let job): actions += queue.handle(.adopted(job))
      case .started(let job, let pid): started(job, pid)
      case .ended(let job, let end, let isRecorded): actions += ended(job, end, isRecorded)
      case .told(let job, let result): tellEnd(job, result)
      case .overdue(let job, let why): actions += queue.handle(.overdue(job, why))
      case .noted(let sentence): audience.tell(.noted(sentence))
      case .broken(let error): failure = error
      }
    }
    perform(actions)
  }

  private func started(_ job: Int, _ pid: Int32) {
    startTimes[job] = audience.seconds
    followers[job] = TrialFollower(
      job, batch.jobs[job], showsTrend: audience.isMoving, at: audience.seconds)
    audience.tell(.started(job: job, pid: pid))
    let (folder, target) = (batch.jobs[job].startFolder, batch.jobs[job].targetEpisodes)
    if audience.isMoving, let trend = Trend(of: folder, target: target) {
      audience.tell(.remembered(job: job, trend))
    }
  }

  private func ended(_ job: Int, _ end: AttemptEnd, _ isRecorded: Bool) -> [QueueState.Action] {
    let why = queue.overdue[job]
    let (result, actions) = queue.end(job, end)
    let folder = batch.jobs[job].folder
    read(job)
    introduce(job)
    if case .failed(let reason) = result, recordsFailures, !isRecorded,
      statuses[job]?.saysWhyItFailed != true
    {
      // Every other command reads there what is told here. Out of time is no fault of the trial's.
      let isOutOfTime = if case .timeLimit? = why { true } else { false }
      do throws(RunStoreError) {
        try folder.record(isOutOfTime ? .stopped : .failed, reason: reason)
      } catch {
        audience.tell(.noted("why a trial ended could not be stored: \(error)"))
      }
      read(job)
    }
    tellEnd(job, result)
    return actions
  }

  private func tellEnd(_ job: Int, _ result: JobEnd.Result) {
    let spent = startTimes.removeValue(forKey: job).map { audience.seconds - $0 } ?? 0
    followers[job] = nil
    audience.tell(
      .ended(job: job, JobEnd(result: result, status: statuses[job], seconds: spent)))
  }

  private func read(_ job: Int) {
    if let status = (try? batch.jobs[job].folder.readStatus()) ?? nil { statuses[job] = status }
  }

  /// Tells once of each process where it goes on.
  private func introduce(_ job: Int) {
    guard let status = statuses[job], status.process != introduced[job],
      let resumption = status.resumption
    else { return }
    introduced[job] = status.process
    if resumption.isWorthTelling { audience.tell(.continued(job: job, resumption)) }
  }

  private func look() {
    let now = clock.now
    // A pause much longer than asked for was the machine's sleep or ours, in which no trial ran.
    let elapsed = min((now - lastLook) / .seconds(1), 2 * scheduler.lookSeconds)
    lastLook = now
    let followed = queue.followed
    for job in followed { read(job) }
    for job in followed where queue.jobs[job] == .held {
      let status = statuses[job]
      if status?.isAtWork() == true { continue }
      let isComplete =
        status?.state == .finished
        && (status?.evaluated ?? 0) >= batch.jobs[job].evaluationEpisodes
      perform(queue.handle(.released(job, isComplete: isComplete)))
    }
    report(scheduler.look(statuses, after: elapsed, at: audience.seconds))
    perform(queue.handle(.looked))
    for job in followers.keys.sorted() {
      guard let status = statuses[job] else { continue }
      introduce(job)
      audience.tell(followers[job]?.news(status, at: audience.seconds) ?? [])
    }
    after(scheduler.lookSeconds, .wake)
  }

  /// Ctrl-Z: at once, since nothing of ours runs after our own pause begins.
  private func suspend() {
    audience.tell(.suspending)
    scheduler.setPaused(true)
    RunnerSignals.pause()
    scheduler.setPaused(false)
    audience.tell(.resumed)
  }
}
