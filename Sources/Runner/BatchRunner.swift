// SPDX-License-Identifier: MIT

import ExperimentSpec
import Glibc
import RunStore

/// Runs a batch: carries out what the queue says, with a process for each trial.
package actor BatchRunner {
  package struct Options: Sendable {
    /// The program that trains: it is run as `PROGRAM trial RUNDIR ID --watch-stdin`.
    package var executablePath: String
    package var rules: QueueState.Rules
    /// Seconds from asking the trials to checkpoint until they are killed.
    package var graceSeconds: Double
    /// Seconds that one trial may run; nil for as long as it takes.
    package var trialSeconds: Double?
    /// Seconds after which the whole batch stops; nil for never.
    package var stopAfterSeconds: Double?
    /// Seconds without a heartbeat after which a trial counts as hung; nil for never.
    package var hungAfterSeconds: Double?
    /// Seconds between two looks at the heartbeats.
    package var watchSeconds: Double
    /// The plan that the trials follow, where that is not the run's own.
    package var planPath: String?
    /// Whether a trial that fails without a word of its own is marked as failed in its folder; not
    /// where someone else decides whether it is tried again.
    package var recordsFailures: Bool
    /// More words for each trial's process.
    package var trialArguments: [String] = []

    package init(
      executablePath: String, rules: QueueState.Rules, graceSeconds: Double = 120,
      trialSeconds: Double? = nil, stopAfterSeconds: Double? = nil,
      hungAfterSeconds: Double? = nil, watchSeconds: Double = 2, planPath: String? = nil,
      recordsFailures: Bool = true
    ) {
      self.recordsFailures = recordsFailures
      self.executablePath = executablePath
      self.rules = rules
      self.graceSeconds = graceSeconds
      self.trialSeconds = trialSeconds
      self.stopAfterSeconds = stopAfterSeconds
      self.hungAfterSeconds = hungAfterSeconds
      self.watchSeconds = watchSeconds
      self.planPath = planPath
    }
  }

  private enum Input: Sendable {
    case queue(QueueState.Event)
    case started(Int, pid: Int32)
    case progressed(Int, ProgressLine)
    case childEnded(Int, TrialProcess.Result)
    case signal(Int32)
    case tick
    case look(after: Double)
  }

  private let batch: Batch
  private let options: Options
  private let signals: AsyncStream<Int32>
  private var observers: [any BatchObserver]
  private var queue: QueueState
  /// Ways to send signals to the processes that run, by job.
  private var senders: [Int: AsyncStream<Int32>.Continuation] = [:]
  /// The processes that run, by job.
  private var pids: [Int: Int32] = [:]
  private var startTimes: [Int: Double] = [:]
  /// Jobs of which it was said that no episode ends.
  private var endless: Set<Int> = []
  private var vigil: Vigil
  /// Why running trials are being ended, by job.
  private var late: [Int: Overdue] = [:]
  private let begin = ContinuousClock.now

  /// - Parameter signals: those that reach this process; `RunnerSignals.stream()`.
  package init(
    _ batch: Batch, options: Options, observers: [any BatchObserver],
    signals: AsyncStream<Int32> = RunnerSignals.stream()
  ) {
    self.batch = batch
    self.options = options
    self.observers = observers
    self.signals = signals
    let held = batch.jobs.indices.filter { batch.jobs[$0].holder != nil }
    vigil = Vigil(hungAfter: options.hungAfterSeconds, timeLimit: options.trialSeconds)
    queue = QueueState(count: batch.jobs.count, held: Set(held), rules: options.rules)
  }

  /// Runs until nothing runs and nothing will; call it once.
  package func run() async -> BatchOutcome {
    let (inputs, source) = AsyncStream.makeStream(of: Input.self)
    await withDiscardingTaskGroup { group in
      tell(.began(batch, workers: options.rules.jobs))
      let signals = signals
      group.addTask { for await number in signals { source.yield(.signal(number)) } }
      if observers.contains(where: \.isMoving) {
        group.addTask { await Self.sendTicks(source) }
      }
      if vigil.isNeeded {
        let pause = options.watchSeconds
        group.addTask { await Self.sendLooks(every: pause, source) }
      }
      if let limit = options.stopAfterSeconds {
        group.addTask {
          guard (try? await Task.sleep(for: .seconds(limit))) != nil else { return }
          source.yield(.queue(.timeIsUp))
        }
      }
      for (index, job) in batch.jobs.enumerated() {
        guard let holder = job.holder else { continue }
        tell(.held(job: index, pid: holder.pid))
        let (limit, pause) = (options.hungAfterSeconds, options.watchSeconds)
        group.addTask {
          await Self.awaitEnd(of: job, at: index, hungAfter: limit, pause: pause, source)
        }
      }
      perform(queue.handle(.begin), in: &group, source)
      if !queue.isDone {
        for await input in inputs {
          take(input, in: &group, source)
          if queue.isDone { break }
        }
      }
      group.cancelAll()
    }
    let outcome = outcome
    tell(.done(outcome))
    return outcome
  }

  private func take(
    _ input: Input, in group: inout DiscardingTaskGroup,
    _ source: AsyncStream<Input>.Continuation
  ) {
    switch input {
    case .queue(let event):
      perform(queue.handle(event), in: &group, source)
    case .started(let job, let pid):
      pids[job] = pid
      tell(.started(job: job, pid: pid))
      if batch.jobs[job].startEpisodes > 0, observers.contains(where: \.isMoving) {
        tell(.remembered(job: job, Trend(of: batch.jobs[job])))
      }
    case .progressed(let job, let line):
      tell(.progressed(job: job, line))
      noteEndless(job, line)
    case .childEnded(let job, let result):
      childEnded(job, result, in: &group, source)
    case .signal(SIGTSTP):
      suspend()
    case .signal(let number):
      perform(queue.handle(.stopRequested(signal: number)), in: &group, source)
    case .tick:
      tell(.tick)
    case .look(let elapsed):
      let found = vigil.look(after: elapsed) { Self.signOfLife(of: batch.jobs[$0]) }
      for (job, why) in found {
        late[job] = late[job] ?? why
        perform(queue.handle(.overdue(job, why)), in: &group, source)
      }
    }
  }

  private func perform(
    _ actions: [QueueState.Action], in group: inout DiscardingTaskGroup,
    _ source: AsyncStream<Input>.Continuation
  ) {
    if actions.contains(.startGrace) {
      tell(
        .stopping(
          running: queue.running.count, signal: queue.signals.first,
          ranOutOfTime: queue.ranOutOfTime))
    } else if queue.phase == .killing,
      actions.contains(where: { if case .kill = $0 { true } else { false } })
    {
      tell(.killing(running: queue.running.count))
    }
    for action in actions {
      switch action {
      case .start(let job): start(job, in: &group, source)
      case .ask(let job):
        senders[job]?.yield(SIGTERM)
        // One that was paused by someone else could not hear it.
        senders[job]?.yield(SIGCONT)
      case .kill(let job): senders[job]?.yield(SIGKILL)
      case .startGrace:
        let grace = options.graceSeconds
        group.addTask {
          guard (try? await Task.sleep(for: .seconds(grace))) != nil else { return }
          source.yield(.queue(.graceExpired))
        }
      case .startJobGrace(let job):
        let grace = options.graceSeconds
        group.addTask {
          guard (try? await Task.sleep(for: .seconds(grace))) != nil else { return }
          source.yield(.queue(.jobGraceExpired(job)))
        }
      }
    }
  }

  private func start(
    _ index: Int, in group: inout DiscardingTaskGroup, _ source: AsyncStream<Input>.Continuation
  ) {
    let process = TrialProcess(
      executablePath: options.executablePath,
      arguments: ["trial", batch.run.path, batch.jobs[index].trial.id, "--watch-stdin"]
        + (options.planPath.map { ["--plan", $0] } ?? []) + options.trialArguments,
      graceSeconds: options.graceSeconds)
    let (orders, sender) = AsyncStream.makeStream(of: Int32.self)
    senders[index] = sender
    startTimes[index] = seconds
    vigil.begin(index)
    group.addTask {
      let result = await process.run(
        signals: orders,
        started: { source.yield(.started(index, pid: $0)) },
        progressed: { source.yield(.progressed(index, $0)) })
      source.yield(.childEnded(index, result))
    }
  }

  private func childEnded(
    _ index: Int, _ result: TrialProcess.Result, in group: inout DiscardingTaskGroup,
    _ source: AsyncStream<Input>.Continuation
  ) {
    senders.removeValue(forKey: index)?.finish()
    pids[index] = nil
    vigil.end(index)
    let why = late.removeValue(forKey: index)
    let folder = batch.jobs[index].folder
    var status = (try? folder.readStatus()) ?? nil
    let end = ChildEnd(result.termination, status: status, errorTail: result.errorTail)
    // The process itself could not.
    if case .crashed(_, let reason) = end { folder.appendLog(reason) }
    let actions = queue.handle(.ended(index, end))
    if case .failed(let reason) = queue.jobs[index],
      let state = recordedState(status, why, result.termination)
    {
      // Every other command reads there what is told here.
      try? folder.record(state, reason: reason)
      status = (try? folder.readStatus()) ?? status
    }
    tell(
      .ended(
        job: index,
        JobEnd(
          result: jobResult(index, end, why), status: status,
          seconds: seconds - (startTimes[index] ?? seconds), errorTail: result.errorTail)))
    perform(actions, in: &group, source)
  }

  /// The state to be recorded of a trial that the queue counts as failed; nil where its own process
  /// has said all.
  private func recordedState(
    _ status: TrialStatus?, _ why: Overdue?, _ termination: ChildTermination
  ) -> TrialStatus.State? {
    guard options.recordsFailures else { return nil }
    if case .notStarted = termination { return nil }
    if status?.state == .failed || status?.state == .couldNotStart { return nil }
    // Out of time is no fault of the trial's: it goes on from its checkpoint.
    if case .timeLimit? = why { return .stopped }
    return termination == .exited(1) && status?.state == .finished ? nil : .failed
  }

  private func jobResult(_ index: Int, _ end: ChildEnd, _ why: Overdue?) -> JobEnd.Result {
    switch queue.jobs[index] {
    case .finished: return .finished
    case .failed(let reason): return .failed(reason: reason)
    case .waiting, .running:
      if case .crashed(_, let reason) = end {
        return .again(reason: why.map(Wording.overdue) ?? reason)
      }
      return .stopped
    case .stopped, .held: return .stopped
    }
  }

  /// Ctrl-Z: trials have process groups of their own, so they are paused and continued by us. At
  /// once, since nothing of ours runs after our own pause begins.
  private func suspend() {
    tell(.suspending)
    signalAll(SIGSTOP)
    RunnerSignals.pause()
    signalAll(SIGCONT)
    tell(.resumed)
  }

  private func signalAll(_ number: Int32) {
    for pid in pids.values { kill(pid, number) }
  }

  /// Says once of a trial that its first episode takes long: it may be one that never ends.
  private func noteEndless(_ index: Int, _ line: ProgressLine) {
    let job = batch.jobs[index]
    guard job.startEpisodes == 0, let decisions = line.decisionsWithoutEnd,
      seconds - (startTimes[index] ?? seconds) >= Self.longEpisode,
      endless.insert(index).inserted
    else { return }
    tell(.noted(Wording.endless(job, decisions: decisions)))
  }

  /// Seconds after which a first episode is worth a word.
  private static let longEpisode = 20.0

  /// What changes as long as a trial does something; nil where nothing can be read.
  private static func signOfLife(of job: Batch.Job) -> [UInt8]? {
    if let status = (try? job.folder.readStatus()) ?? nil { return Array(status.signOfLife.utf8) }
    return try? Disk.read(job.folder.statusPath)
  }

  private func tell(_ event: BatchEvent) {
    let now = seconds
    for index in observers.indices { observers[index].receive(event, at: now) }
  }

  /// Since the batch began.
  private var seconds: Double { (ContinuousClock.now - begin) / .seconds(1) }

  private var outcome: BatchOutcome {
    var failures: [BatchOutcome.Failure] = []
    for (job, state) in zip(batch.jobs, queue.jobs) {
      guard case .failed(let reason) = state else { continue }
      failures.append(
        .init(
          trial: job.trial, label: job.label, reason: reason, logPath: job.folder.logPath,
          state: TrialState((try? job.folder.readStatus()) ?? nil)))
    }
    func count(_ states: [QueueState.Job]) -> Int { queue.jobs.count { states.contains($0) } }
    return BatchOutcome(
      total: batch.total, alreadyComplete: batch.alreadyComplete, finished: count([.finished]),
      failures: failures, failedEarlier: batch.failedEarlier.count, stopped: count([.stopped]),
      left: count([.waiting, .held]), firstSignal: queue.signals.first,
      secondSignal: queue.signals.dropFirst().first, ranOutOfTime: queue.ranOutOfTime,
      wallSeconds: seconds)
  }

  private static func sendTicks(_ source: AsyncStream<Input>.Continuation) async {
    while (try? await Task.sleep(for: .milliseconds(250))) != nil { source.yield(.tick) }
  }

  /// Tells how long the trials could have run since the last look. A pause much longer than asked
  /// for was the machine's sleep or ours, in which no trial ran.
  private static func sendLooks(
    every pause: Double, _ source: AsyncStream<Input>.Continuation
  ) async {
    let clock = SuspendingClock()
    var last = clock.now
    while (try? await Task.sleep(for: .seconds(pause), clock: clock)) != nil {
      let elapsed = (clock.now - last) / .seconds(1)
      last = clock.now
      source.yield(.look(after: min(elapsed, 2 * pause)))
    }
  }

  /// Waits until a process that is not our child has ended: it can only be asked about. One of this
  /// machine whose heartbeat stands still is ended.
  private static func awaitEnd(
    of job: Batch.Job, at index: Int, hungAfter: Double?, pause: Double,
    _ source: AsyncStream<Input>.Continuation
  ) async {
    var vigil = Vigil(hungAfter: hungAfter, timeLimit: nil)
    vigil.begin(index)
    var status = (try? job.folder.readStatus()) ?? nil
    while let held = status, held.isAtWork() {
      let late = vigil.look(after: min(pause, 0.5)) { _ in signOfLife(of: job) }
      if !late.isEmpty, held.process.isAlive { kill(held.process.pid, SIGKILL) }
      guard (try? await Task.sleep(for: .seconds(min(pause, 0.5)))) != nil else { return }
      status = (try? job.folder.readStatus()) ?? nil
    }
    let isComplete =
      status?.state == .finished && (status?.evaluated ?? 0) >= job.evaluationEpisodes
    source.yield(.queue(.released(index, isComplete: isComplete)))
  }
}
