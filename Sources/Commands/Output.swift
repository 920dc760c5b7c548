// SPDX-License-Identifier: MIT

import ArgumentParser
import Glibc
import Runner

/// Writes a line to standard error: progress, warnings and errors go there.
func printError(_ text: String) {
  let line = text.hasSuffix("\n") ? text : text + "\n"
  UnblockedOutput.standardError.write(line)
  UnblockedOutput.standardError.settle()
}

/// Ends the verb with an exit status of the contract.
func end(_ status: Int32, _ sentence: String? = nil) -> any Error {
  if let sentence { printError(sentence) }
  return ExitCode(status)
}

/// Whether findings may be coloured.
func usesColor(_ choice: ColorChoice) -> Bool {
  switch choice {
  case .always: true
  case .never: false
  case .auto: isatty(2) == 1 && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
  }
}

/// `--color`.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}
