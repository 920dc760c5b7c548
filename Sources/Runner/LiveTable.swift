// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Glibc

/// Shows a batch on a terminal: a table redrawn in place, and a line above it for what ended.
package struct LiveTable: BatchObserver {
  package let isMoving = true

  private let descriptor: Int32
  private let output: StandardStream
  private let renderer: TableRenderer
  private var progress = BatchProgress()
  private var jobs: [Batch.Job] = []
  private var drawn: [TerminalText] = []
  private var drawnColumns = 0
  private var lastDraw = -1.0
  /// Lines that wait for a terminal that takes nothing just now.
  private var held: [TerminalText] = []

  /// - Parameter descriptor: the terminal; 2 is stderr.
  package init(descriptor: Int32 = 2, style: TerminalStyle) {
    self.descriptor = descriptor
    output = descriptor == 2 ? .error : StandardStream(descriptor)
    renderer = TableRenderer(style: style)
  }

  package mutating func receive(_ event: BatchEvent, at seconds: Double) {
    progress.apply(event, at: seconds)
    switch event {
    case .began(let batch, _):
      jobs = batch.jobs
      hideCursor()
    case .resumed: hideCursor()
    // The ticks draw it; here only the first news after a while.
    case .progressed where seconds - lastDraw < 0.25: return
    case .tick where seconds - lastDraw < 0.2: return
    case .suspending, .done:
      write(held, below: [])
      (held, drawn) = ([], [])
      showCursor()
      return
    default: break
    }
    draw(above: lines(event))
  }

  /// What stays above the table: of a failure all that is known, for it is said once.
  private func lines(_ event: BatchEvent) -> [TerminalText] {
    if case .started = event { return [] }
    if case .ended(let job, let end) = event {
      guard case .failed = end.result else {
        return [
          renderer.line(
            ended: end, label: jobs[job].label, seed: jobs[job].trial.seed,
            labelColumns: progress.widestLabel, columns: size.columns)
        ]
      }
    }
    guard let (text, role) = event.sentence(jobs) else { return [] }
    return text.split(separator: "\n").map {
      TerminalText(renderer.style.shown(String($0)), role)
    }
  }

  /// Draws the table anew below `lines`, which stay.
  ///
  /// A terminal that has not taken the last frame is given none: what is to stay waits.
  private mutating func draw(above lines: [TerminalText]) {
    held += lines
    guard !output.isBehind else { return }
    let (columns, rows) = size
    let next = renderer.lines(progress, columns: columns, height: max(3, rows - 1))
    lastDraw = progress.seconds
    if held.isEmpty && next == drawn && columns == drawnColumns { return }
    write(held, below: next)
    (held, drawn, drawnColumns) = ([], next, columns)
  }

  /// In one write, so that nothing flickers.
  private func write(_ lines: [TerminalText], below table: [TerminalText]) {
    // After the window became narrower its lines wrap, so there are more of them to go up.
    let columns = max(1, size.columns)
    let rows = drawn.reduce(0) { $0 + max(1, ($1.width + columns - 1) / columns) }
    var frame = "\u{1B}[?2026h" + (rows > 0 ? "\r\u{1B}[\(rows)A" : "\r")
    for line in lines + table {
      frame += line.rendered(color: renderer.style.usesColor) + "\u{1B}[K\n"
    }
    output.write(frame + "\u{1B}[J\u{1B}[?2026l")
  }

  private func hideCursor() {
    output.write("\u{1B}[?25l")
    CursorGuard.begin(on: descriptor)
  }

  private func showCursor() {
    output.write(CursorGuard.showing)
    output.settle()
    CursorGuard.end()
  }

  private var size: (columns: Int, rows: Int) { output.size ?? (80, 24) }
}

/// Sees to it that a hidden cursor comes back, also when the process dies of a trap.
private enum CursorGuard {
  static let showing = "\u{1B}[?25h"
  private static let fatal = [SIGQUIT, SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE]

  /// Called when the cursor of the terminal `descriptor` was hidden.
  static func begin(on descriptor: Int32) {
    guard guardedDescriptor < 0 else { return }
    guardedDescriptor = descriptor
    previousHandlers = fatal.map { signal($0, restoreCursor) }
  }

  /// Called when it is shown again.
  static func end() {
    guard guardedDescriptor >= 0 else { return }
    guardedDescriptor = -1
    for (number, handler) in zip(fatal, previousHandlers) { signal(number, handler) }
  }
}

// A signal's handler can reach nothing but globals. One display at a time writes them, before the
// handlers are set and after they are gone.
nonisolated(unsafe) private var guardedDescriptor: Int32 = -1
nonisolated(unsafe) private var previousHandlers: [(@convention(c) (Int32) -> Void)?] = []

private let restoreCursor: @convention(c) (Int32) -> Void = { number in
  var output = pollfd(fd: guardedDescriptor, events: Int16(POLLOUT), revents: 0)
  // One that takes nothing would be waited for.
  if poll(&output, 1, 0) > 0 { _ = write(guardedDescriptor, "\u{1B}[?25h", 6) }
  signal(number, SIG_DFL)
  raise(number)
}
