// SPDX-License-Identifier: MIT

import Diagnostics
package import ExperimentSpec
package import RunStore

/// Runs trials as tasks of Slurm's job arrays: carries out what `SlurmState` says, with Slurm's
/// programs and the shared folder. It may die at any moment; the next one reads the folder and goes
/// on.
package final class SlurmScheduler: TrialScheduler {
  package enum Message: Sendable {
    case looked([Int: SlurmQueue])
    case submitted(Submission, Result<Slurm.Answer, SlurmError>)
    case broken(SlurmError)
  }

  package let lookSeconds: Double
  package let workers: Int?
  package private(set) var unfinished: [Task<Void, Never>] = []
  /// What every task runs, and in which folder.
  private let words: [String]
  private let workingFolder: String
  private let settings: ClusterSettings
  private let folder: ClusterFolder
  private let run: RunFolder
  private var plan: Plan?
  private var jobs: [Batch.Job] = []
  private var state = SlurmState([])
  private var submissions: [Int: Submission] = [:]
  /// Submissions whose `sbatch` has not yet answered.
  private var awaited: Set<Int> = []
  private var queues: [Int: SlurmQueue] = [:]
  private var isSilent = false
  private var isStopping = false

  /// - Parameters:
  ///   - run: the run's folder, by an absolute path.
  ///   - program: the executable that tasks run.
  ///   - workingFolder: the folder in which they do.
  ///   - arguments: words that every task is given, such as `--timeout 3600`.
  ///   - concurrency: tasks at the same time; nil for all.
  ///   - lookSeconds: between two looks at the queue.
  package init(
    _ run: RunFolder, program: String, workingFolder: String, arguments: [String] = [],
    settings: ClusterSettings, concurrency: Int?, lookSeconds: Double
  ) {
    (self.run, folder, self.settings) = (run, ClusterFolder(run), settings)
    (words, self.workingFolder) = ([program] + arguments, workingFolder)
    (self.lookSeconds, workers) = (lookSeconds, concurrency)
  }

  package var takesTrials: Bool { state.takesTrials }

  /// Takes over what an earlier run submitted and did not see the end of.
  package func begin(_ batch: Batch) throws -> [TrialReport] {
    (plan, jobs) = (batch.plan, batch.jobs)
    let ids = jobs.map(\.trial.id)
    let known = Set(ids)
    state = SlurmState(
      ids, concurrency: workers, trialsPerTask: settings.trialsInTask,
      graceSeconds: 2 * lookSeconds)
    var reports: [TrialReport] = []
    for submission in try folder.submissions() where !submission.isClosed {
      submissions[submission.number] = submission
      let trials = submission.tasks.joined().map(\.trial)
      let strangers = trials.filter { !known.contains($0) }
      state.add(
        submission: submission.number, tasks: submission.tasks,
        hasStrangers: !strangers.allSatisfy(isDecided))
      if strangers.count == trials.count { continue }
      let name = submission.job.map { "Slurm job \($0)" } ?? "a submission without a number"
      reports.append(.noted("follows \(name), which an earlier run submitted"))
    }
    return reports + state.places.keys.map { .adopted($0) }
  }

  /// Whether a trial that this batch does not have is over.
  private func isDecided(_ id: String) -> Bool {
    let status = (try? run.trial(id).readStatus()) ?? nil
    return status?.state == .finished || status?.saysWhyItFailed == true
  }

  package func start(_ starts: [Int], _ channel: SchedulerChannel<Message>) throws {
    let tasks = state.tasks(of: starts).map { task in
      task.map { job in
        let trial = trial(job, (try? jobs[job].folder.readStatus()) ?? nil)
        return Submission.Item(
          trial: jobs[job].trial.id, progress: trial.progress, mark: trial.mark)
      }
    }
    guard let plan else { return }
    let submission = try Submission.create(
      number: folder.nextNumber(), in: folder.path, tasks: tasks, plan: plan)
    let script = submission.script(
      name: Self.jobName(try folder.runID(), submission), concurrency: state.freeTasks, settings,
      running: words, in: workingFolder)
    try AtomicFile.write(Array(script.utf8), to: submission.scriptPath)
    submissions[submission.number] = submission
    state.add(submission: submission.number, tasks: tasks)
    awaited.insert(submission.number)
    channel.spawn {
      do throws(SlurmError) {
        let answer = try await Slurm.submit(scriptIn: submission.folder)
        channel.send(.submitted(submission, .success(answer)))
      } catch {
        channel.send(.submitted(submission, .failure(error)))
      }
    }
  }

  package func ask(_ jobs: [Int]) {
    isStopping = true
    _ = perform(state.stop())
  }

  /// Asks Slurm about all open submissions, an array a call: of several, unknown ones are left out
  /// without a word.
  package func survey() -> (@Sendable () async -> Message)? {
    let open = state.openSubmissions.compactMap { submissions[$0] }
    let (awaited, folder) = (awaited, folder)
    return {
      var queues: [Int: SlurmQueue] = [:]
      for submission in open {
        do throws(SlurmError) {
          queues[submission.number] =
            awaited.contains(submission.number)
            ? .unknown("sbatch has not yet answered")
            : try await Self.look(at: submission, in: folder)
        } catch {
          return .broken(error)
        }
      }
      return .looked(queues)
    }
  }

  package func take(_ message: Message) -> [TrialReport] {
    switch message {
    case .broken(let error):
      return [.broken(error)]
    case .looked(let found):
      queues = found
      var silence: String?
      for (number, queue) in queues where !awaited.contains(number) {
        if case .unknown(let words) = queue { silence = words }
      }
      defer { isSilent = silence != nil }
      if let silence, !isSilent { return [.noted(Self.unknown(silence))] }
      return silence == nil && isSilent ? [.noted("Slurm answers again")] : []
    case .submitted(let submission, let answer):
      awaited.remove(submission.number)
      do { return [try note(submission, answer.get())] } catch { return [.broken(error)] }
    }
  }

  private func note(_ submission: Submission, _ answer: Slurm.Answer) throws -> TrialReport {
    let job = answer.output.split(whereSeparator: { $0 == ";" || $0.isWhitespace }).first
    if answer.status == 0, let job {
      try submission.write(job: String(job))
      // Told to stop while Slurm was taking it in.
      if isStopping { cancel(String(job)) }
      let trials = submission.tasks.joined().count
      return .noted(
        "submitted \(Wording.trials(trials)) in \(Numbers.count(submission.tasks.count, "task")) "
          + "as Slurm job \(job); logs in \(submission.folder)")
    }
    // It may have been taken in all the same: the next look asks for it by its name.
    if answer.isSilence { return .noted(Self.unknown(answer.words)) }
    try submission.close("refused: \(answer.words)")
    throw SlurmError(.refused, detail: "\(submission.scriptPath): \(answer.words)")
  }

  package func look(
    _ statuses: [Int: TrialStatus], after elapsed: Double, at seconds: Double
  ) -> [TrialReport] {
    let trials = jobs.indices.map { trial($0, statuses[$0]) }
    return perform(state.look(at: seconds, trials: trials, queues: queues)) {
      statuses[$0]?.process.pid ?? 0
    }
  }

  private func perform(
    _ events: [SlurmState.Event], pid: (Int) -> Int32 = { _ in 0 }
  ) -> [TrialReport] {
    events.compactMap { event in
      switch event {
      case .started(let job): return .started(job, pid: pid(job))
      case .putBack(let job):
        return .told(job, .later(reason: "Slurm put its task back into the queue"))
      case .ended(let job, let end): return .ended(job, end, isRecorded: false)
      case .cancel(let number):
        if let job = submissions[number]?.job { cancel(job) }
      case .close(let number):
        try? submissions[number]?.close("decided")
      }
      return nil
    }
  }

  /// Tells Slurm to end a job, also when we are about to go ourselves. Whether it could be told shows
  /// in the queue; `scancel` of what is over is no error.
  private func cancel(_ job: String) {
    unfinished.append(.init { _ = try? await Slurm.cancel(job: job) })
  }

  package func stopping(_ trials: Int, signal: Int32?, ranOutOfTime: Bool) -> String {
    "asked Slurm to end \(Wording.trials(trials)); they checkpoint and end; Ctrl-C again leaves at "
      + "once, and they end all the same"
  }

  package func leaving(_ trials: Int) -> String? {
    "left \(Wording.trials(trials)) with Slurm; the next run follows them"
  }

  private static func unknown(_ reason: String) -> String {
    "Slurm cannot be asked just now (\(reason)); nothing is known, so nothing is done"
  }
}

extension SlurmScheduler {
  /// What Slurm says of a submission; one without a number is looked for by its name.
  private static func look(
    at submission: Submission, in folder: ClusterFolder
  ) async throws(SlurmError) -> SlurmQueue {
    if let job = submission.job {
      return submission.completed(try await Slurm.look(atJob: job))
    }
    // Whoever submitted it died before the number was written down.
    guard let runID = try? folder.runID() else { return .unknown("no run-id") }
    guard let jobs = try await Slurm.jobs(named: jobName(runID, submission)) else {
      return .unknown("squeue gives no answer")
    }
    guard let job = jobs.first else { return .gone }
    try? submission.write(job: job)
    return submission.completed(try await Slurm.look(atJob: job))
  }

  /// By what name Slurm knows a submission.
  private static func jobName(_ runID: String, _ submission: Submission) -> String {
    "rallybook-\(runID)-\(submission.number)"
  }

  /// What a trial's own files show.
  private func trial(_ job: Int, _ status: TrialStatus?) -> SlurmState.Trial {
    var trial = SlurmState.Trial()
    guard let status else { return trial }
    trial.isComplete =
      status.state == .finished && status.evaluated >= jobs[job].evaluationEpisodes
    trial.failure = status.saysWhyItFailed ? status.message ?? Wording.noReason : nil
    trial.isStopped = status.state == .stopped
    trial.isAtWork = status.isAtWork()
    trial.progress = status.episodes + status.evaluated
    trial.mark = "\(status.process.pid) \(status.process.startTicks) \(status.startedAt)"
    return trial
  }
}
