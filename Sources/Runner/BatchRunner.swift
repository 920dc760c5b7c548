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

    package init(executablePath: String, rules: QueueState.Rules, graceSeconds: Double = 120) {
      self.executablePath = executablePath
      self.rules = rules
      self.graceSeconds = graceSeconds
    }
  }

  private enum Input: Sendable {
    case queue(QueueState.Event)
    case started(Int, pid: Int32)
    case progressed(Int, ProgressLine)
    case childEnded(Int, TrialProcess.Result)
    case signal(Int32)
    case tick
  }

  private let batch: Batch
  private let options: Options
  private let signals: AsyncStream<Int32>
  private var observers: [any BatchObserver]
  private var queue: QueueState
  /// Ways to send signals to the processes that run, by job.
  private var senders: [Int: AsyncStream<Int32>.Continuation] = [:]
  private var startTimes: [Int: Double] = [:]
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
      for (index, job) in batch.jobs.enumerated() {
        guard let holder = job.holder else { continue }
        tell(.held(job: index, pid: holder.pid))
        group.addTask { await Self.awaitEnd(of: holder, of: job, at: index, source) }
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
      tell(.started(job: job, pid: pid))
    case .progressed(let job, let line):
      tell(.progressed(job: job, line))
    case .childEnded(let job, let result):
      childEnded(job, result, in: &group, source)
    case .signal(SIGTSTP):
      suspend()
    case .signal(let number):
      perform(queue.handle(.stopRequested(signal: number)), in: &group, source)
    case .tick:
      tell(.tick)
    }
  }

  private func perform(
    _ actions: [QueueState.Action], in group: inout DiscardingTaskGroup,
    _ source: AsyncStream<Input>.Continuation
  ) {
    if actions.contains(.startGrace) {
      tell(.stopping(running: queue.running.count, signal: queue.signals.first))
    } else if actions.contains(where: { if case .kill = $0 { true } else { false } }) {
      tell(.killing(running: queue.running.count))
    }
    for action in actions {
      switch action {
      case .start(let job): start(job, in: &group, source)
      case .ask(let job): senders[job]?.yield(SIGTERM)
      case .kill(let job): senders[job]?.yield(SIGKILL)
      case .startGrace:
        let grace = options.graceSeconds
        group.addTask {
          guard (try? await Task.sleep(for: .seconds(grace))) != nil else { return }
          source.yield(.queue(.graceExpired))
        }
      }
    }
  }

  private func start(
    _ index: Int, in group: inout DiscardingTaskGroup, _ source: AsyncStream<Input>.Continuation
  ) {
    let process = TrialProcess(
      executablePath: options.executablePath,
      arguments: ["trial", batch.run.path, batch.jobs[index].trial.id, "--watch-stdin"],
      graceSeconds: options.graceSeconds)
    let (orders, sender) = AsyncStream.makeStream(of: Int32.self)
    senders[index] = sender
    startTimes[index] = seconds
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
    let status = (try? batch.jobs[index].folder.readStatus()) ?? nil
    let end = ChildEnd(result.termination, status: status, errorTail: result.errorTail)
    let actions = queue.handle(.ended(index, end))
    tell(
      .ended(
        job: index,
        JobEnd(
          result: jobResult(index, end), status: status,
          seconds: seconds - (startTimes[index] ?? seconds), errorTail: result.errorTail)))
    perform(actions, in: &group, source)
  }

  private func jobResult(_ index: Int, _ end: ChildEnd) -> JobEnd.Result {
    switch queue.jobs[index] {
    case .finished: return .finished
    case .failed(let reason): return .failed(reason: reason)
    case .waiting, .running:
      if case .crashed(_, let reason) = end { return .again(reason: reason) }
      return .stopped
    case .stopped, .held: return .stopped
    }
  }

  /// Ctrl-Z: trials have process groups of their own, so they are paused and continued by us.
  private func suspend() {
    tell(.suspending)
    for sender in senders.values { sender.yield(SIGSTOP) }
    kill(getpid(), SIGSTOP)
    for sender in senders.values { sender.yield(SIGCONT) }
    tell(.resumed)
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
        .init(trial: job.trial, label: job.label, reason: reason, logPath: job.folder.logPath))
    }
    func count(_ states: [QueueState.Job]) -> Int { queue.jobs.count { states.contains($0) } }
    return BatchOutcome(
      total: batch.total, alreadyComplete: batch.alreadyComplete, finished: count([.finished]),
      failures: failures, failedEarlier: batch.failedEarlier.count, stopped: count([.stopped]),
      left: count([.waiting, .held]), firstSignal: queue.signals.first,
      secondSignal: queue.signals.dropFirst().first, wallSeconds: seconds)
  }

  private static func sendTicks(_ source: AsyncStream<Input>.Continuation) async {
    while (try? await Task.sleep(for: .milliseconds(250))) != nil { source.yield(.tick) }
  }

  /// Waits until a process that is not our child has ended: it can only be asked about.
  private static func awaitEnd(
    of holder: ProcessIdentity, of job: Batch.Job, at index: Int,
    _ source: AsyncStream<Input>.Continuation
  ) async {
    while holder.isAlive {
      guard (try? await Task.sleep(for: .milliseconds(500))) != nil else { return }
    }
    let status = (try? job.folder.readStatus()) ?? nil
    let isComplete =
      status?.state == .finished && (status?.evaluated ?? 0) >= job.evaluationEpisodes
    source.yield(.queue(.released(index, isComplete: isComplete)))
  }
}
