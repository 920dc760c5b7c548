// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import Diagnostics
import Environments
import Imports
import Report
import RunStore
import Runner
import Serving

/// Writes a line for people to standard output. Whatever a file put into it, it stays one line and
/// moves no cursor.
func say(_ line: String) { StandardStream.output.writeAll(DisplayText.escaped(line) + "\n") }

/// The same for several lines, ended by line feeds.
func say(lines: String) { StandardStream.output.writeAll(DisplayText.escapedLines(lines) + "\n") }

/// Writes a line that is safe to show already, and may be coloured.
func say(rendered line: String) { StandardStream.output.writeAll(line + "\n") }

/// Writes a JSON text as a line to standard output, for programs.
func say(json: String) { StandardStream.output.writeAll(DisplayText.escapedJSON(json) + "\n") }

/// Writes lines to standard error: progress, warnings and errors go there.
func printError(_ text: String) { printError(rendered: DisplayText.escapedLines(text)) }

/// The same for one line, whatever stands in it.
func printError(line: String) { printError(rendered: DisplayText.escaped(line)) }

/// The same for what is safe to show already, and may be coloured.
func printError(rendered text: String) {
  let line = text.hasSuffix("\n") ? text : text + "\n"
  StandardStream.error.write(line)
  StandardStream.error.settle()
}

extension ColorChoice: ExpressibleByArgument {}

/// Why a verb ends: what it says on standard error, and the exit status of the contract.
///
/// A verb throws its modules' errors as they are; here alone they become sentence and status.
struct Ending: Error {
  let status: Int32
  /// Safe to show, and may be coloured.
  let text: String

  /// - Parameter findings: rendered already.
  init(_ status: Int32, rendered findings: String) {
    self.status = status
    text = findings
  }

  init(_ status: Int32, _ sentence: String) {
    self.init(status, rendered: DisplayText.escapedLines(sentence))
  }

  /// Nil for what the argument parser explains itself.
  init?(_ error: any Error, color: ColorChoice) {
    switch error {
    case let ending as Ending: self = ending
    case let error as RunStoreError: self.init(error.exitStatus, error.description)
    case let error as RunRefusal: self.init(error.exitStatus, error.description)
    case let error as ServingError:
      self.init(2, "error[\(error.code.rawValue)]: \(error)")
    case let error as SlurmError: self.init(2, error.description)
    case let error as QueryError:
      self.init(2, rendered: error.rendered(usesColor: StandardStream.error.isColored(color)))
    case let error as EnvironmentError: self.init(1, "error[environment]: \(error)")
    case let error as ArtifactError: self.init(2, "error: \(error)")
    case let error as ImportError: self.init(2, "error: \(error.sentence)")
    case let error as ReportError:
      self.init([.foreignFolder, .notAFolder].contains(error.code) ? 4 : 1, "error: \(error)")
    default: return nil
    }
  }
}

/// Ends the verb with a sentence and an exit status of the contract.
func end(_ status: Int32, _ sentence: String) -> Ending { Ending(status, sentence) }

/// A verb with `--color`, which decides how its errors are shown too.
protocol ChoosesColor {
  var color: ColorChoice { get }
}
