// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import Diagnostics
import Environments
import Report
import RunStore
import Runner

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
    case let error as SlurmError: self.init(2, error.description)
    case let error as QueryError:
      self.init(2, rendered: error.rendered(usesColor: StandardStream.error.isColored(color)))
    case let error as EnvironmentError: self.init(1, "error[environment]: \(error)")
    case let error as ArtifactError: self.init(2, "error: \(error)")
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
