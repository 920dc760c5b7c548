// SPDX-License-Identifier: MIT

import Subprocess

/// One trial's process: `EXECUTABLE trial RUNDIR ID --watch-stdin`.
struct TrialProcess: Sendable {
  let executablePath: String
  let arguments: [String]
  /// Seconds from asking it to stop to killing it, when our own task is cancelled.
  let graceSeconds: Double

  /// How it ended, and the last lines that it wrote on stderr.
  struct Result: Sendable {
    var termination: ChildTermination
    var errorTail: String
  }

  /// Starts the process and stays until it ends.
  ///
  /// Its stdin is a pipe that stays open as long as we live: when we die, however we die, it reads
  /// the end of that pipe, checkpoints and ends. It has a process group of its own, so that the
  /// terminal's Ctrl-C reaches us alone and it is we who decide what a trial is told.
  ///
  /// - Parameter signals: what is sent to the process while it lives.
  func run(
    signals: AsyncStream<Int32>, started: @Sendable (Int32) -> Void,
    progressed: @escaping @Sendable (ProgressLine) -> Void
  ) async -> Result {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .gracefulShutDown(allowedDurationToNextStep: .seconds(graceSeconds))
    ]
    do {
      let outcome = try await Subprocess.run(
        .path(literal(executablePath)), arguments: Arguments(arguments), platformOptions: options,
        input: .inputWriter, output: .sequence, error: .sequence
      ) { execution in
        started(execution.processIdentifier.value)
        async let tail = Self.tail(of: execution.standardError)
        // Cancelled when this closure ends, which is when the process has closed its output.
        async let _: Void = Self.send(signals, to: execution)
        await Self.readProgress(execution.standardOutput, progressed)
        return await tail
      }
      return Result(
        termination: Self.termination(outcome.terminationStatus), errorTail: outcome.closureResult)
    } catch let error as SubprocessError {
      return Result(
        termination: .notStarted(Wording.notStarted(executablePath, error.description)),
        errorTail: "")
    } catch {
      return Result(
        termination: .notStarted(Wording.notStarted(executablePath, "\(error)")), errorTail: "")
    }
  }

  private static func send<Input, Output, Error>(
    _ signals: AsyncStream<Int32>, to execution: Execution<Input, Output, Error>
  ) async {
    for await signal in signals {
      // It may have ended just before; its end is reported all the same.
      try? execution.send(signal: Signal(rawValue: signal))
    }
  }

  private static func readProgress(
    _ output: SubprocessOutputSequence, _ progressed: @Sendable (ProgressLine) -> Void
  ) async {
    var splitter = LineSplitter()
    // An error while reading ends the display of this trial, not the trial.
    var buffers = output.makeAsyncIterator()
    while let buffer = try? await buffers.next() {
      let lines = buffer.withUnsafeBytes { splitter.lines(adding: $0) }
      // Only the newest counts for the display.
      if let newest = lines.lazy.reversed().compactMap({ ProgressLine(line: $0) }).first {
        progressed(newest)
      }
    }
  }

  private static func tail(of errors: SubprocessOutputSequence) async -> String {
    var tail = OutputTail()
    var buffers = errors.makeAsyncIterator()
    while let buffer = try? await buffers.next() {
      buffer.withUnsafeBytes { tail.add($0) }
    }
    return tail.text()
  }

  private static func termination(_ status: TerminationStatus) -> ChildTermination {
    switch status {
    case .exited(let code): .exited(code)
    case .signaled(let signal): .signalled(signal)
    }
  }

  /// Subprocess takes paths in a type of a package of its own, which is none of ours to import; a
  /// value that may stand as a string literal can be made without its name.
  private func literal<Value: ExpressibleByStringLiteral>(_ text: String) -> Value
  where Value.StringLiteralType == String {
    Value(stringLiteral: text)
  }
}
