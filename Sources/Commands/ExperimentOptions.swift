// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore
import Trials

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

  /// Reads the file.
  ///
  /// - Parameter extension: `--extend`, of verbs that have it.
  func read(_ path: String, extension: String? = nil) -> LoadedExperiment {
    ExperimentSpec.loadExperiment(
      path: path, catalogue: .standard, overrides: overrides, seedsOverride: seeds,
      extension: `extension`)
  }

  /// Prints what was found.
  func tell(_ loaded: LoadedExperiment) {
    if !loaded.findings.isEmpty {
      printError(
        rendered: loaded.renderedFindings(usesColor: StandardStream.error.isColored(color)))
    }
  }

  /// Reads the file and prints what was found.
  ///
  /// - Throws: exit status 2 where anything is an error.
  func loadExperiment(
    _ path: String, extension: String? = nil
  ) throws -> (plan: Plan, cluster: ClusterSettings, rounds: Rounds?) {
    let loaded = read(path, extension: `extension`)
    tell(loaded)
    guard let plan = loaded.plan else { throw ExitCode(2) }
    return (plan, loaded.cluster, Rounds(loaded))
  }
}

/// `--extend`, of `plan` and `run`.
struct ExtensionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Train longer: finished trials are continued, with the numbers of one long training.",
      valueName: "training.episodes=N"))
  var extend: String?

  /// The plan with each trial pointed at the finished one that it continues.
  func pointed(_ plan: Plan, in run: RunFolder) throws(RunStoreError) -> Plan {
    extend == nil ? plan : try plan.continuingFinishedTrials(in: run, catalogue: .standard)
  }
}
