// SPDX-License-Identifier: MIT

import ExperimentSpec

/// Shows a batch on a terminal: a table redrawn in place, and a line above it for what ended.
package struct LiveTable: BatchObserver {
  package let isMoving = true

  private let descriptor: Int32
  private let output: UnblockedOutput
  private let renderer: BoardRenderer
  private var board = BatchBoard()
  private var jobs: [Batch.Job] = []
  private var drawn: [TerminalText] = []
  private var drawnColumns = 0
  private var lastDraw = -1.0
  /// Lines that wait for a terminal that takes nothing just now.
  private var held: [TerminalText] = []

  /// - Parameter descriptor: the terminal; 2 is stderr.
  package init(descriptor: Int32 = 2, style: BoardStyle) {
    self.descriptor = descriptor
    output = descriptor == 2 ? .standardError : UnblockedOutput(descriptor)
    renderer = BoardRenderer(style: style)
  }

  package mutating func receive(_ event: BatchEvent, at seconds: Double) {
    board.apply(event, at: seconds)
    switch event {
    case .began(let batch, let workers):
      jobs = batch.jobs
      hideCursor()
      draw(above: [TerminalText(renderer.style.shown(Wording.began(batch, workers: workers)))])
    case .held(let job, let pid):
      draw(above: [TerminalText(renderer.style.shown(Wording.held(jobs[job], pid: pid)), .caution)])
    case .ended(let job, let end):
      draw(above: lines(job, end))
    case .stopping(_, let sentence):
      draw(above: [TerminalText(renderer.style.shown(sentence), .caution)])
    case .noted(let sentence):
      draw(above: [TerminalText(renderer.style.shown(sentence), .faint)])
    case .killing(let running):
      draw(above: [TerminalText(Wording.killing(running: running), .caution)])
    case .started, .remembered, .resumed:
      if case .resumed = event { hideCursor() }
      draw(above: [])
    case .progressed:
      // The ticks draw it; here only the first news after a while.
      if seconds - lastDraw >= 0.25 { draw(above: []) }
    case .tick:
      if seconds - lastDraw >= 0.2 { draw(above: []) }
    case .suspending, .done:
      erase()
      showCursor()
    }
  }

  /// What stays of a trial that ended: of a failure all that is known, for it is said once.
  private func lines(_ job: Int, _ end: JobEnd) -> [TerminalText] {
    if case .failed = end.result {
      return Wording.ended(jobs[job], end).split(separator: "\n").map {
        TerminalText(renderer.style.shown(String($0)), .bad)
      }
    }
    return [
      renderer.line(
        ended: end, label: jobs[job].label, seed: jobs[job].trial.seed,
        labelColumns: board.widestLabel, columns: size.columns)
    ]
  }

  /// Draws the region anew below `lines`, which stay; one write, so that nothing flickers.
  ///
  /// A terminal that has not taken the last frame is given none: what is to stay waits.
  private mutating func draw(above new: [TerminalText]) {
    guard !output.isBehind else {
      held += new
      return
    }
    let lines = held + new
    held = []
    let (columns, rows) = size
    let next = renderer.lines(board, columns: columns, height: max(3, rows - 1))
    lastDraw = board.seconds
    if lines.isEmpty && next == drawn && columns == drawnColumns { return }
    var frame = "\u{1B}[?2026h" + returnToTop(columns: columns)
    for line in lines + next {
      frame += line.rendered(color: renderer.style.usesColor) + "\u{1B}[K\n"
    }
    frame += "\u{1B}[J\u{1B}[?2026l"
    output.write(frame)
    (drawn, drawnColumns) = (next, columns)
  }

  private mutating func erase() {
    let lines = held.map { $0.rendered(color: renderer.style.usesColor) + "\u{1B}[K\n" }
    held = []
    output.write(
      "\u{1B}[?2026h" + returnToTop(columns: size.columns) + lines.joined()
        + "\u{1B}[J\u{1B}[?2026l")
    drawn = []
  }

  private func hideCursor() {
    output.write(CursorGuard.hiding)
    CursorGuard.begin(on: descriptor)
  }

  private func showCursor() {
    output.write(CursorGuard.showing)
    output.settle()
    CursorGuard.end()
  }

  /// To the first line of what was drawn. After the window became narrower its lines wrap, so there
  /// are more of them to go up.
  private func returnToTop(columns: Int) -> String {
    let rows = drawn.reduce(0) { $0 + max(1, ($1.width + columns - 1) / max(1, columns)) }
    return rows > 0 ? "\r\u{1B}[\(rows)A" : "\r"
  }

  private var size: (columns: Int, rows: Int) { TerminalSize.of(descriptor) ?? (80, 24) }
}
