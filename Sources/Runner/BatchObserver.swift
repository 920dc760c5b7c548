// SPDX-License-Identifier: MIT

package import Diagnostics
import FoundationEssentials
import Glibc
package import RunStore

/// Shows what happens in a batch. Called in order, one event at a time.
package protocol BatchObserver: Sendable {
  /// Whether it wants `tick`.
  var isMoving: Bool { get }

  /// - Parameter seconds: since the batch began.
  mutating func receive(_ event: BatchEvent, at seconds: Double)
}

/// All who are told, and the clock that they share.
struct Audience: Sendable {
  private var observers: [any BatchObserver]
  private let begin = ContinuousClock.now

  init(_ observers: [any BatchObserver]) { self.observers = observers }

  /// Whether any of them wants `tick`.
  var isMoving: Bool { observers.contains(where: \.isMoving) }

  /// Since the batch began.
  var seconds: Double { (ContinuousClock.now - begin) / .seconds(1) }

  mutating func tell(_ events: [BatchEvent]) { for event in events { tell(event) } }

  mutating func tell(_ event: BatchEvent) {
    let now = seconds
    for index in observers.indices { observers[index].receive(event, at: now) }
  }
}

/// Those who show a batch to people and programs: a live table when stderr is a terminal that can
/// move its cursor, else a line for each change; with `--json` also events on stdout.
///
/// - Parameters:
///   - isQuiet: `-q`: only problems.
///   - showsProgress: not `--no-progress`.
package func batchObservers(
  isQuiet: Bool = false, showsProgress: Bool = true, isJSON: Bool = false,
  color: ColorChoice = .auto,
  environment: [String: String] = ProcessInfo.processInfo.environment,
  isTerminal: Bool = isatty(2) == 1
) -> [any BatchObserver] {
  let canMove = isTerminal && environment["TERM"] != "dumb" && environment["TERM"] != nil
  let isLive = !isQuiet && showsProgress && canMove
  let style = TerminalStyle(color, environment: environment, isTerminal: isTerminal)
  let shown: any BatchObserver =
    isLive ? LiveTable(style: style) : PlainLines(level: isQuiet ? .problems : .all)
  return isJSON ? [shown, EventLines()] : [shown]
}

/// Shows a batch where nothing can be redrawn: a line for each change.
package struct PlainLines: BatchObserver {
  package let isMoving = false

  /// What is told: everything, or only what went wrong.
  package enum Level: Hashable, Sendable { case all, problems }

  private let level: Level
  private let put: @Sendable (String) -> Void
  private var jobs: [Batch.Job] = []

  /// - Parameter put: takes each line, without its line end; stderr by default.
  package init(
    level: Level = .all,
    put: @escaping @Sendable (String) -> Void = { StandardStream.error.write($0 + "\n") }
  ) {
    self.level = level
    self.put = put
  }

  package mutating func receive(_ event: BatchEvent, at seconds: Double) {
    if case .began(let batch, _) = event { jobs = batch.jobs }
    if case .done = event { StandardStream.error.settle() }
    guard let (text, role) = event.sentence(jobs) else { return }
    if level == .all || role == .bad || role == .caution { put(DisplayText.escapedLines(text)) }
  }
}

/// What happens in a batch, for those who show it. Jobs are places in `Batch.jobs`.
package enum BatchEvent: Sendable {
  /// - Parameter workers: trials at the same time; 0 where someone else runs them.
  case began(Batch, workers: Int)
  /// Another process trains the job; it will be looked at when that ends.
  case held(job: Int, pid: Int32)
  case started(job: Int, pid: Int32)
  /// The job's process knows where it goes on.
  case continued(job: Int, Resumption)
  /// How the running mean went before, as the files tell.
  case remembered(job: Int, Trend)
  /// Something that is worth a line and belongs to no trial.
  case noted(String)
  /// Its files show that it got on.
  ///
  /// - Parameter rate: decisions of the training a second; nil where nobody can tell, and while it
  ///   evaluates.
  case progressed(job: Int, TrialStatus, rate: Double?)
  case ended(job: Int, JobEnd)
  /// The running trials were asked to checkpoint, in words.
  case stopping(running: Int, String)
  /// The running trials are killed.
  case killing(running: Int)
  /// About four times a second, for observers that move.
  case tick
  /// Ctrl-Z: the terminal goes to the shell, and comes back.
  case suspending
  case resumed
  case done(BatchOutcome)
}

/// How a job ended, with what is worth telling about it.
package struct JobEnd: Sendable, Hashable {
  package enum Result: Sendable, Hashable {
    case finished, stopped
    case failed(reason: String)
    /// It crashed and is tried again.
    case again(reason: String)
    /// It was asked to end, or put back, and goes on by itself.
    case later(reason: String)
  }

  package let result: Result
  /// What the trial's process last wrote of itself.
  package let status: TrialStatus?
  /// From its start to its end here.
  package let seconds: Double
}

extension TrialStatus {
  /// Whether the trial has itself said why it did not come to its end.
  var saysWhyItFailed: Bool { state == .failed || state == .couldNotStart }
}
