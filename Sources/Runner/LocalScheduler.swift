// SPDX-License-Identifier: MIT

import ExperimentSpec
import Glibc
package import RunStore
import Subprocess

/// Runs trials as processes of this machine: `PROGRAM trial RUNDIR ID --watch-stdin --plan -`, with
/// the trial's part of the plan on standard input.
package final class LocalScheduler: TrialScheduler {
  package enum Message: Sendable {
    case started(Int, pid: Int32)
    case ended(Int, AttemptEnd.Termination, errorTail: String)
  }

  package let lookSeconds: Double
  private let program: String
  private let arguments: [String]
  private let timeLimit: Double?
  private let hungAfter: Double?
  private let cores: Int
  private let threads: Int?
  private var batch: Batch?
  private var jobs: [Batch.Job] { batch?.jobs ?? [] }
  /// The processes that run, by job.
  private var pids: [Int: Int32] = [:]
  /// Signals for processes of which no number is known yet, by job.
  private var owed: [Int: [Int32]] = [:]
  private var detectors: [Int: StallDetector] = [:]

  /// - Parameters:
  ///   - program: the executable that trains.
  ///   - arguments: more words for every trial's process.
  ///   - cores: processors for all trials together: where fewer trials are left, each has several.
  ///   - threads: of every trial; nil for what its share of the cores is.
  ///   - timeLimit: seconds that one trial may run; nil for as long as it takes.
  ///   - hungAfter: seconds without a heartbeat after which a trial counts as hung; nil for never.
  package init(
    program: String, arguments: [String] = [], cores: Int = 1, threads: Int? = nil,
    timeLimit: Double? = nil,
    hungAfter: Double? = nil, lookSeconds: Double = 0.5
  ) {
    (self.program, self.arguments) = (program, arguments)
    (self.cores, self.threads) = (cores, threads)
    (self.timeLimit, self.hungAfter, self.lookSeconds) = (timeLimit, hungAfter, lookSeconds)
  }

  package func begin(_ batch: Batch) -> [TrialReport] {
    self.batch = batch
    // A trial that ends before it has read its plan must not end us.
    signal(SIGPIPE, SIG_IGN)
    return []
  }

  package func start(_ starts: [Int], _ channel: SchedulerChannel<Message>) {
    guard let batch else { return }
    let threads = threads ?? cores / max(1, channel.open)
    let more = (threads > 1 ? ["--threads", "\(threads)"] : []) + arguments
    for job in starts {
      detectors[job] = StallDetector()
      owed[job] = []
      let trial = jobs[job].trial
      let words = ["trial", batch.run.path, trial.id, "--watch-stdin", "--plan", "-"] + more
      let (program, plan) = (program, batch.plan.only(trial).encoded())
      channel.spawn {
        let (end, tail) = await Self.run(program, words, input: plan) { pid in
          channel.send(.started(job, pid: pid))
        }
        channel.send(.ended(job, end, errorTail: tail))
      }
    }
  }

  package func ask(_ jobs: [Int]) {
    send(SIGTERM, to: jobs)
    // One that was paused by someone else could not hear it.
    send(SIGCONT, to: jobs)
  }

  package func end(_ jobs: [Int]) { send(SIGKILL, to: jobs) }

  /// Trials have process groups of their own, which the terminal's Ctrl-Z does not reach.
  package func setPaused(_ isPaused: Bool) {
    send(isPaused ? SIGSTOP : SIGCONT, to: Array(pids.keys))
  }

  private func send(_ signal: Int32, to jobs: [Int]) {
    for job in jobs {
      if let pid = pids[job] { kill(pid, signal) } else { owed[job]?.append(signal) }
    }
  }

  package func take(_ message: Message) -> [TrialReport] {
    switch message {
    case .started(let job, let pid):
      pids[job] = pid
      for signal in owed.removeValue(forKey: job) ?? [] { kill(pid, signal) }
      return [.started(job, pid: pid)]
    case .ended(let job, let termination, let errorTail):
      (pids[job], owed[job], detectors[job]) = (nil, nil, nil)
      let folder = jobs[job].folder
      let status = (try? folder.readStatus()) ?? nil
      let end = AttemptEnd(termination, status: status, errorTail: errorTail)
      // The process itself could not.
      if case .crashed(_, let reason) = end { folder.appendLog(reason) }
      let couldNot = if case .notStarted = termination { true } else { false }
      let hasFinished = termination == .exited(1) && status?.state == .finished
      return [.ended(job, end, isRecorded: couldNot || hasFinished)]
    }
  }

  package func look(
    _ statuses: [Int: TrialStatus], after elapsed: Double, at seconds: Double
  ) -> [TrialReport] {
    var reports: [TrialReport] = []
    // Those of other processes are waited for.
    let others = statuses.filter { $0.value.state == .running }.keys
    for job in Set(pids.keys).union(others).sorted() {
      let isOurs = pids[job] != nil
      let overdue = detectors[job, default: StallDetector()].look(
        after: elapsed, mark: statuses[job]?.signOfLife, hungAfter: hungAfter,
        timeLimit: isOurs ? timeLimit : nil)
      guard let overdue else { continue }
      if isOurs {
        reports.append(.overdue(job, overdue))
      } else if let process = statuses[job]?.process, process.isAlive {
        // One that another process started, and that is waited for.
        kill(process.pid, SIGKILL)
      }
    }
    return reports
  }

  package func stopping(_ trials: Int, signal: Int32?, ranOutOfTime: Bool) -> String {
    let why = ranOutOfTime ? "the time is up: " : signal == nil ? "a trial failed: " : ""
    return why + "asked \(Wording.trials(trials)) to stop; they checkpoint and end; Ctrl-C again "
      + "ends them at once"
  }
}

extension LocalScheduler {
  /// Starts a process and stays until it ends.
  ///
  /// Its stdin is a pipe that stays open as long as we live: when we die, however we die, it reads
  /// the end of that pipe, checkpoints and ends. First its plan comes through the pipe: a line with
  /// the count of its bytes, then those. It has a process group of its own, so that the
  /// terminal's Ctrl-C reaches us alone and it is we who decide what a trial is told.
  ///
  /// - Returns: how it ended, and the last lines that it wrote on stderr.
  private static func run(
    _ program: String, _ arguments: [String], input: [UInt8], started: @Sendable (Int32) -> Void
  ) async -> (AttemptEnd.Termination, errorTail: String) {
    var options = PlatformOptions()
    options.processGroupID = 0
    // Left to itself glibc keeps what weights and checkpoints needed for a moment, up to 10 MB of a
    // trial of the post's size.
    let environment = Environment.inherit.updating(["MALLOC_MMAP_THRESHOLD_": "4194304"])
    do {
      let outcome = try await Subprocess.run(
        .path(literal(program)), arguments: Arguments(arguments), environment: environment,
        platformOptions: options, input: .inputWriter, output: .discarded, error: .sequence
      ) { execution in
        started(execution.processIdentifier.value)
        // One that ended before it read this says why.
        _ = try? await execution.standardInputWriter.write(Array("\(input.count)\n".utf8) + input)
        var tail = OutputTail()
        var buffers = execution.standardError.makeAsyncIterator()
        while let buffer = try? await buffers.next() { buffer.withUnsafeBytes { tail.add($0) } }
        return tail.text()
      }
      let end: AttemptEnd.Termination =
        switch outcome.terminationStatus {
        case .exited(let code): .exited(code)
        case .signaled(let signal): .signalled(signal)
        }
      return (end, outcome.closureResult)
    } catch {
      let words = (error as? SubprocessError)?.description ?? "\(error)"
      return (.notStarted("\(program) could not be started: \(words)"), "")
    }
  }

  /// Subprocess takes paths in a type of a package of its own, which is none of ours to import; a
  /// value that may stand as a string literal can be made without its name.
  private static func literal<Value: ExpressibleByStringLiteral>(_ text: String) -> Value
  where Value.StringLiteralType == String {
    Value(stringLiteral: text)
  }
}
