// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec

/// `rallybook check FILE…`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate experiment files; exit status 0 or 2.",
    discussion: "A JSON Schema among the files, such as `init` writes, is skipped.")

  @Argument(help: "Experiment files.", completion: .experiments) var files: [String]
  @OptionGroup var experiment: ExperimentOptions

  func run() throws {
    var failures = 0
    for file in files {
      let loaded = experiment.read(file)
      if loaded.isSchema {
        printError(line: "\(file): a JSON Schema, skipped")
        continue
      }
      experiment.tell(loaded)
      if let plan = loaded.plan { say("\(file): \(plan.arithmetic)") } else { failures += 1 }
    }
    if failures > 0 { throw ExitCode(2) }
  }
}
