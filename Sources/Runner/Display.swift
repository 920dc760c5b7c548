// SPDX-License-Identifier: MIT

package import Diagnostics
import FoundationEssentials
import Glibc

/// What a command asks of the display, and what its terminal offers.
package struct Display: Hashable, Sendable {
  /// `-q`: only problems.
  package var isQuiet: Bool
  /// Not `--no-progress`.
  package var showsProgress: Bool
  /// `--json`: events on stdout.
  package var isJSON: Bool
  package var color: ColorChoice

  package init(
    isQuiet: Bool = false, showsProgress: Bool = true, isJSON: Bool = false,
    color: ColorChoice = .auto
  ) {
    self.isQuiet = isQuiet
    self.showsProgress = showsProgress
    self.isJSON = isJSON
    self.color = color
  }

  /// Those who show a batch: a live table when stderr is a terminal that can move its cursor, else
  /// a line for each change; with `--json` also events on stdout.
  package func observers(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    isTerminal: Bool = isatty(2) == 1
  ) -> [any BatchObserver] {
    var observers: [any BatchObserver] = []
    let canMove = isTerminal && environment["TERM"] != "dumb" && environment["TERM"] != nil
    if isQuiet {
      observers.append(PlainLines(level: .problems))
    } else if showsProgress && canMove {
      observers.append(LiveTable(style: style(environment: environment, isTerminal: isTerminal)))
    } else {
      observers.append(PlainLines())
    }
    if isJSON { observers.append(EventLines()) }
    return observers
  }

  /// What the terminal can show, by `--color`, `NO_COLOR`, `TERM` and the locale.
  package func style(environment: [String: String], isTerminal: Bool) -> TerminalStyle {
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty } ?? ""
    let name = locale.lowercased()
    return TerminalStyle(
      usesColor: color.isOn(isTerminal: isTerminal, environment: environment),
      usesUnicode: name.contains("utf-8") || name.contains("utf8"))
  }
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
