// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec

/// `rallybook check FILE…`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate experiment files; exit status 0 or 2.")

  @Argument(help: "Experiment files.") var files: [String]
  @OptionGroup var experiment: ExperimentOptions

  func run() throws {
    var failures = 0
    for file in files {
      if let plan = try? experiment.load(file) {
        print("\(file): \(plan.arithmetic)")
      } else {
        failures += 1
      }
    }
    if failures > 0 { throw ExitCode(2) }
  }
}
