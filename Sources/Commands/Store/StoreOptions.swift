// SPDX-License-Identifier: MIT

import ArgumentParser
import Glibc
import RunStore
import Runner

/// What verbs over stored runs share.
struct StoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the runs.", valueName: "dir"))
  var runs = "runs"

  @Option(help: "Colour on standard output: auto, always or never.")
  var color: ColorChoice = .auto

  /// The names of the runs, or those that were asked for.
  ///
  /// - Throws: exit status 2 for a name that is not there.
  func names(_ asked: [String]) throws -> [String] {
    let known = try RunFolder.names(in: runs)
    for name in asked where !known.contains(name) {
      throw end(2, Wording.noRun(name, in: runs, known: known))
    }
    return asked.isEmpty ? known : asked
  }

  /// The runs as they stand; what cannot be read at all is said and left out.
  func storedRuns(_ asked: [String] = []) throws -> [StoredRun] {
    try names(asked).compactMap { name in
      do throws(RunStoreError) {
        return try StoredRun(RunFolder(runs: runs, name: name))
      } catch {
        printError(error.description)
        return nil
      }
    }
  }

  /// Columns of the terminal on standard output; nil where it is none.
  var width: Int? { TerminalSize.of(1)?.columns }

  /// Whether standard output may be coloured.
  var usesColor: Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto:
      isatty(1) == 1 && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
        && getenv("TERM").map { String(cString: $0) } ?? "dumb" != "dumb"
    }
  }

  /// Prints a table, fitted to the terminal.
  func say(_ table: TextTable) {
    for line in table.lines(width: width, color: usesColor) { Commands.say(rendered: line) }
  }
}
