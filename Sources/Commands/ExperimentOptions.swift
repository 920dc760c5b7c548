// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec
import ParameterSchema

/// What verbs that read an experiment share.
struct ExperimentOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override one value; VALUE is a JSON literal. May be given several times.",
      valueName: "path=value"))
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Seeds instead of the file's: 5, 0..4 or 0,3,7.", valueName: "seeds"))
  var seeds: String?

  @Option(help: "Colour in errors: auto, always or never.")
  var color: ColorChoice = .auto

  /// Reads the file and prints what was found.
  ///
  /// - Throws: exit status 2 where anything is an error.
  func load(_ path: String) throws -> Plan { try loadExperiment(path).plan }

  /// The same with the file's `cluster` block.
  func loadExperiment(_ path: String) throws -> (plan: Plan, cluster: ClusterSettings) {
    let loaded = ExperimentSpec.loadExperiment(
      path: path, catalogue: .standard, overrides: overrides, seedsOverride: seeds)
    if !loaded.findings.isEmpty {
      printError(loaded.renderedFindings(usesColor: usesColor(color)))
    }
    guard let plan = loaded.plan else { throw ExitCode(2) }
    return (plan, loaded.cluster)
  }
}

/// Where runs and reports lie.
struct FolderOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the runs.", valueName: "dir"))
  var runs = "runs"

  @Option(help: ArgumentHelp("Folder of the reports.", valueName: "dir"))
  var reports = "reports"
}
