// SPDX-License-Identifier: MIT

package import ExperimentSpec
import Glibc
import RunStore

/// Runs a batch on a cluster: carries out what `ClusterState` says, with Slurm's programs and the
/// shared folder. It may die at any moment; the next one reads the folder and goes on.
package actor ClusterRunner {
  package struct Options: Sendable {
    package var executablePath: String
    /// The folder in which tasks run.
    package var workingFolder: String
    package var settings: ClusterSettings
    package var rules: ClusterState.Rules
    /// Seconds between two looks at the queue.
    package var pollSeconds: Double
    /// Seconds after which the whole batch stops; nil for never.
    package var stopAfterSeconds: Double?
    /// Words that every task is given, such as `--timeout 3600`.
    package var taskArguments: [String]

    package init(
      executablePath: String, workingFolder: String, settings: ClusterSettings,
      rules: ClusterState.Rules, pollSeconds: Double = 15, stopAfterSeconds: Double? = nil,
      taskArguments: [String] = []
    ) {
      self.executablePath = executablePath
      self.workingFolder = workingFolder
      self.settings = settings
      self.rules = rules
      self.pollSeconds = pollSeconds
      self.stopAfterSeconds = stopAfterSeconds
      self.taskArguments = taskArguments
    }
  }

  private enum Input: Sendable {
    case looked([Int: QueueSight])
    case submitted(Submission, Result<Slurm.Answer, SlurmError>)
    case noted(String)
    case broken(SlurmError)
    case signal(Int32)
    case timeIsUp
    case tick
  }

  private let batch: Batch
  private let plan: Plan
  private let options: Options
  private let signals: AsyncStream<Int32>
  private let folder: ClusterFolder
  private let slurm = Slurm()
  private var observers: [any BatchObserver]
  private var state: ClusterState
  private var submissions: [Int: Submission] = [:]
  /// Submissions whose `sbatch` has not yet answered.
  private var awaited: Set<Int> = []
  private var paces: [StatusPace]
  private var startTimes: [Int: Double] = [:]
  private var stopSignals: [Int32] = []
  private var ranOutOfTime = false
  private var isSilent = false
  private var failure: (any Error)?
  private var cancels: [Task<Void, Never>] = []
  private let begin = ContinuousClock.now

  /// - Parameters:
  ///   - batch: what is missing; its run's folder by an absolute path.
  ///   - plan: the frozen plan that tasks follow.
  package init(
    _ batch: Batch, plan: Plan, options: Options, observers: [any BatchObserver],
    signals: AsyncStream<Int32> = RunnerSignals.stream()
  ) {
    self.batch = batch
    self.plan = plan
    self.options = options
    self.observers = observers
    self.signals = signals
    folder = ClusterFolder(batch.run)
    state = ClusterState(count: batch.jobs.count, rules: options.rules)
    paces = batch.jobs.map { _ in StatusPace() }
  }

  /// Runs until all is decided, or until it is told to leave; call it once.
  ///
  /// - Throws: `SlurmError` when Slurm is not there or refuses; `RunStoreError` when the folder
  ///   cannot be written. What is with Slurm goes on all the same.
  package func run() async throws -> BatchOutcome {
    let (inputs, source) = AsyncStream.makeStream(of: Input.self)
    tell(.began(batch, workers: options.rules.concurrency ?? batch.jobs.count))
    do { try adopt() } catch { failure = error }
    await withDiscardingTaskGroup { group in
      let signals = signals
      group.addTask { for await number in signals { source.yield(.signal(number)) } }
      if observers.contains(where: \.isMoving) {
        group.addTask {
          while (try? await Task.sleep(for: .milliseconds(250))) != nil { source.yield(.tick) }
        }
      }
      if let limit = options.stopAfterSeconds {
        group.addTask {
          guard (try? await Task.sleep(for: .seconds(limit))) != nil else { return }
          source.yield(.timeIsUp)
        }
      }
      if failure == nil && !batch.jobs.isEmpty {
        poll(after: 0, in: &group, source)
        for await input in inputs {
          take(input, in: &group, source)
          if failure != nil || state.isDone { break }
        }
      }
      group.cancelAll()
    }
    // A second signal does not wait for a controller that may not answer.
    if stopSignals.count < 2 { for cancel in cancels { await cancel.value } }
    if let failure { throw failure }
    let left = state.inFlight.count
    if left > 0 { tell(.noted(SlurmWording.leaving(left))) }
    let outcome = outcome
    tell(.done(outcome))
    return outcome
  }

  private func take(
    _ input: Input, in group: inout DiscardingTaskGroup, _ source: AsyncStream<Input>.Continuation
  ) {
    switch input {
    case .looked(let queues):
      noteSilence(queues)
      let statuses = batch.jobs.map { (try? $0.folder.readStatus()) ?? nil }
      let sights = zip(batch.jobs, statuses).map { Self.sight($0, $1) }
      perform(
        state.look(at: seconds, trials: sights, queues: queues), statuses, in: &group, source)
      showProgress(statuses)
      if !state.isDone { poll(after: options.pollSeconds, in: &group, source) }
    case .submitted(let submission, let answer):
      awaited.remove(submission.number)
      note(submission, answer)
    case .noted(let sentence):
      tell(.noted(sentence))
    case .broken(let error):
      failure = error
    case .signal(SIGTSTP):
      tell(.suspending)
      RunnerSignals.pause()
      tell(.resumed)
    case .signal(let number):
      stopSignals.append(number)
      // A terminal that goes away is no wish to end what runs elsewhere.
      if number == SIGHUP || stopSignals.count > 1 { return state.leave() }
      tell(.noted(SlurmWording.cancelling(state.inFlight.count)))
      perform(state.stop(), [], in: &group, source)
    case .timeIsUp:
      ranOutOfTime = true
      tell(.noted(SlurmWording.cancelling(state.inFlight.count)))
      perform(state.stop(), [], in: &group, source)
    case .tick:
      tell(.tick)
    }
  }

  private func perform(
    _ actions: [ClusterState.Action], _ statuses: [TrialStatus?],
    in group: inout DiscardingTaskGroup, _ source: AsyncStream<Input>.Continuation
  ) {
    for action in actions {
      switch action {
      case .submit(let tasks, let concurrency):
        do {
          try submit(tasks, concurrency: concurrency, statuses, in: &group, source)
        } catch {
          failure = error
        }
      case .cancel(let number):
        guard let job = submissions[number]?.job else { continue }
        cancel(job)
      case .close(let number):
        try? submissions[number]?.close("decided")
      case .started(let job):
        startTimes[job] = seconds
        tell(.started(job: job, pid: statuses[job]?.process.pid ?? 0))
        if observers.contains(where: \.isMoving) {
          tell(.remembered(job: job, Trend(of: batch.jobs[job])))
        }
      case .ended(let job, let result):
        let spent = startTimes.removeValue(forKey: job).map { seconds - $0 } ?? 0
        if case .failed(let reason) = result, !Self.saysWhy(statuses[job]) {
          // Every other command reads there what is told here.
          try? batch.jobs[job].folder.record(.failed, reason: reason)
        }
        tell(.ended(job: job, JobEnd(result: result, status: statuses[job], seconds: spent)))
      }
    }
  }

  private func showProgress(_ statuses: [TrialStatus?]) {
    for job in state.inFlight {
      guard let status = statuses[job], startTimes[job] != nil,
        let line = paces[job].news(status, of: batch.jobs[job], at: seconds)
      else { continue }
      tell(.progressed(job: job, line))
    }
  }

  // MARK: - Submissions

  /// Takes over what an earlier coordinator submitted and did not see the end of.
  private func adopt() throws {
    for submission in try folder.submissions() where !submission.isClosed {
      submissions[submission.number] = submission
      let places = Dictionary(
        uniqueKeysWithValues: batch.jobs.enumerated().map { ($0.element.trial.id, $0.offset) })
      let tasks = submission.tasks.map { task in
        task.map { item in places[item.trial].map { ($0, item.progress, item.mark) } }
      }
      let strangers = submission.tasks.joined().filter { places[$0.trial] == nil }
      state.add(
        submission: submission.number, tasks: tasks,
        hasStrangers: strangers.contains { !isDecided($0.trial) })
      if tasks.joined().contains(where: { $0 != nil }) {
        tell(.noted(SlurmWording.adopted(submission, job: submission.job)))
      }
    }
  }

  /// Whether a trial that this batch does not have is over.
  private func isDecided(_ id: String) -> Bool {
    let status = (try? batch.run.trial(id).readStatus()) ?? nil
    return status?.state == .finished || Self.saysWhy(status)
  }

  private func submit(
    _ tasks: [[Int]], concurrency: Int?, _ statuses: [TrialStatus?],
    in group: inout DiscardingTaskGroup, _ source: AsyncStream<Input>.Continuation
  ) throws {
    let runID = try folder.runID()
    let items = tasks.map { task in
      task.map { job in
        let sight = Self.sight(batch.jobs[job], statuses[job])
        return Submission.Item(
          trial: batch.jobs[job].trial.id, progress: sight.progress, mark: sight.mark)
      }
    }
    let submission = try Submission.create(
      number: folder.nextNumber(), in: folder.path, tasks: items, plan: plan)
    let script = JobScript(
      name: Self.jobName(runID, submission), taskCount: tasks.count, concurrency: concurrency,
      settings: options.settings, workingFolder: options.workingFolder,
      program: options.executablePath, submission: submission, taskArguments: options.taskArguments)
    try AtomicFile.write(Array(script.text.utf8), to: submission.scriptPath)
    submissions[submission.number] = submission
    state.add(
      submission: submission.number,
      tasks: zip(tasks, items).map { zip($0, $1).map { ($0, $1.progress, $1.mark) } })
    awaited.insert(submission.number)
    let slurm = slurm
    group.addTask {
      do throws(SlurmError) {
        source.yield(
          .submitted(submission, .success(try await slurm.submit(scriptIn: submission.folder))))
      } catch {
        source.yield(.submitted(submission, .failure(error)))
      }
    }
  }

  private func note(_ submission: Submission, _ answer: Result<Slurm.Answer, SlurmError>) {
    do {
      let answer = try answer.get()
      let job = answer.output.split(whereSeparator: { $0 == ";" || $0.isWhitespace }).first
      if answer.status == 0, let job {
        try submission.write(job: String(job))
        tell(.noted(SlurmWording.submitted(submission, job: String(job))))
        // Told to stop while Slurm was taking it in.
        if state.phase == .stopping { cancel(String(job)) }
      } else if Self.isSilence(answer.error) {
        // It may have been taken in all the same: the next look asks for it by its name.
        tell(.noted(SlurmWording.unknown(answer.words)))
      } else {
        try submission.close("refused: \(answer.words)")
        failure = SlurmError(.refused, detail: "\(submission.scriptPath): \(answer.words)")
      }
    } catch {
      failure = error
    }
  }

  /// Tells Slurm to end a job, also when we are about to go ourselves. Whether it could be told shows
  /// in the queue; `scancel` of what is over is no error.
  private func cancel(_ job: String) {
    let slurm = slurm
    cancels.append(Task { _ = try? await slurm.cancel(job: job) })
  }

  // MARK: - Looking

  /// Asks Slurm about all open submissions, an array a call: of several, unknown ones are left out
  /// without a word.
  private func poll(
    after pause: Double, in group: inout DiscardingTaskGroup,
    _ source: AsyncStream<Input>.Continuation
  ) {
    let slurm = slurm
    let folder = folder
    group.addTask {
      guard (try? await Task.sleep(for: .seconds(pause))) != nil else { return }
      var queues: [Int: QueueSight] = [:]
      for (submission, isAwaited) in await self.open {
        do throws(SlurmError) {
          queues[submission.number] =
            isAwaited
            ? .unknown("sbatch has not yet answered")
            : try await Self.look(at: submission, in: folder, slurm)
        } catch {
          source.yield(.broken(error))
          return
        }
      }
      source.yield(.looked(queues))
    }
  }

  private var open: [(Submission, isAwaited: Bool)] {
    state.openSubmissions.compactMap { number in
      submissions[number].map { ($0, awaited.contains(number)) }
    }
  }

  private func noteSilence(_ queues: [Int: QueueSight]) {
    var reason: String?
    for (number, queue) in queues where !awaited.contains(number) {
      if case .unknown(let words) = queue { reason = words }
    }
    if let reason, !isSilent { tell(.noted(SlurmWording.unknown(reason))) }
    if reason == nil, isSilent { tell(.noted(SlurmWording.knownAgain)) }
    isSilent = reason != nil
  }

  // MARK: - Ends

  private func tell(_ event: BatchEvent) {
    let now = seconds
    for index in observers.indices { observers[index].receive(event, at: now) }
  }

  private var seconds: Double { (ContinuousClock.now - begin) / .seconds(1) }

  private var outcome: BatchOutcome {
    var failures: [BatchOutcome.Failure] = []
    var (finished, stopped, left) = (0, 0, 0)
    for (job, end) in zip(batch.jobs, state.jobs) {
      switch end {
      case .finished: finished += 1
      case .stopped: stopped += 1
      case .waiting, .inFlight: left += 1
      case .failed(let reason):
        failures.append(
          .init(
            trial: job.trial, label: job.label, reason: reason, logPath: job.folder.logPath,
            state: TrialState((try? job.folder.readStatus()) ?? nil)))
      }
    }
    return BatchOutcome(
      total: batch.total, alreadyComplete: batch.alreadyComplete, finished: finished,
      failures: failures, failedEarlier: batch.failedEarlier.count, stopped: stopped, left: left,
      firstSignal: stopSignals.first,
      secondSignal: stopSignals.dropFirst().first, ranOutOfTime: ranOutOfTime,
      wallSeconds: seconds)
  }
}
