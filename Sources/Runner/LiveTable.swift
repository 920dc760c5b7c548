// SPDX-License-Identifier: MIT

import ExperimentSpec
import Glibc

/// Shows a batch on a terminal: a table redrawn in place, and a line above it for what ended.
package struct LiveTable: BatchObserver {
  package let isMoving = true

  private let descriptor: Int32
  private let renderer: BoardRenderer
  private var board = BatchBoard()
  private var jobs: [Batch.Job] = []
  private var drawn: [TerminalText] = []
  private var drawnColumns = 0
  private var lastDraw = -1.0

  /// - Parameter descriptor: the terminal; 2 is stderr.
  package init(descriptor: Int32 = 2, style: BoardStyle) {
    self.descriptor = descriptor
    renderer = BoardRenderer(style: style)
  }

  package mutating func receive(_ event: BatchEvent, at seconds: Double) {
    board.apply(event, at: seconds)
    switch event {
    case .began(let batch, let workers):
      jobs = batch.jobs
      CursorGuard.hide(on: descriptor)
      draw(above: [TerminalText(renderer.style.shown(Wording.began(batch, workers: workers)))])
    case .held(let job, let pid):
      draw(above: [TerminalText(renderer.style.shown(Wording.held(jobs[job], pid: pid)), .caution)])
    case .ended(let job, let end):
      let line = renderer.line(
        ended: end, label: jobs[job].label, seed: jobs[job].trial.seed,
        labelColumns: board.widestLabel, columns: size.columns)
      draw(above: [line])
    case .stopping(let running, let signal, let ranOutOfTime):
      let sentence = Wording.stopping(
        running: running, signal: signal, ranOutOfTime: ranOutOfTime)
      draw(above: [TerminalText(renderer.style.shown(sentence), .caution)])
    case .noted(let sentence):
      draw(above: [TerminalText(renderer.style.shown(sentence), .faint)])
    case .killing(let running):
      draw(above: [TerminalText(Wording.killing(running: running), .caution)])
    case .started, .remembered, .resumed:
      if case .resumed = event { CursorGuard.hide(on: descriptor) }
      draw(above: [])
    case .progressed:
      // The ticks draw it; here only the first news after a while.
      if seconds - lastDraw >= 0.25 { draw(above: []) }
    case .tick:
      if seconds - lastDraw >= 0.2 { draw(above: []) }
    case .suspending:
      erase()
      CursorGuard.show()
    case .done:
      erase()
      CursorGuard.show()
    }
  }

  /// Draws the region anew below `lines`, which stay; one write, so that nothing flickers.
  private mutating func draw(above lines: [TerminalText]) {
    let (columns, rows) = size
    let next = renderer.lines(board, columns: columns, height: max(3, rows - 1))
    lastDraw = board.seconds
    if lines.isEmpty && next == drawn && columns == drawnColumns { return }
    var frame = "\u{1B}[?2026h" + returnToTop(columns: columns)
    for line in lines + next {
      frame += line.rendered(color: renderer.style.usesColor) + "\u{1B}[K\n"
    }
    frame += "\u{1B}[J\u{1B}[?2026l"
    write(frame)
    (drawn, drawnColumns) = (next, columns)
  }

  private mutating func erase() {
    write("\u{1B}[?2026h" + returnToTop(columns: size.columns) + "\u{1B}[J\u{1B}[?2026l")
    drawn = []
  }

  /// To the first line of what was drawn. After the window became narrower its lines wrap, so there
  /// are more of them to go up.
  private func returnToTop(columns: Int) -> String {
    let rows = drawn.reduce(0) { $0 + max(1, ($1.width + columns - 1) / max(1, columns)) }
    return rows > 0 ? "\r\u{1B}[\(rows)A" : "\r"
  }

  private var size: (columns: Int, rows: Int) { TerminalSize.of(descriptor) ?? (80, 24) }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      // A closed terminal ends the display, not the trials.
      if count < 0 && errno != EINTR && errno != EAGAIN { return }
      sent += max(0, count)
    }
  }
}
