// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import ExperimentSpec
import RunStore

/// `rallybook export NAME`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write everything that a run recorded for other programs.",
    discussion: """
      csv and jsonl write a file for each kind of row (trials, episodes, updates, evaluations, \
      timing), all trials together, with the trial's id, variant and seed in front. tensorboard \
      writes an event file for each trial; look at them with: tensorboard --logdir FOLDER
      """)

  /// What other programs read.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl, tensorboard
  }

  @Argument(help: "Name of a run.") var name: String
  @Option(help: "csv, jsonl or tensorboard.") var format: Format = .csv
  @Option(help: ArgumentHelp("Folder to write into; by default exports/NAME.", valueName: "dir"))
  var output: String?
  @OptionGroup var folders: FolderOptions

  func run() throws {
    let run = try knownRun(name, folders)
    let folder = output ?? "exports/\(name)"
    do {
      let snapshot = try RunSnapshot(run)
      var export = try RunExport(snapshot, to: folder)
      switch format {
      case .csv: try export.writeTables(as: CSVRows.self)
      case .jsonl: try export.writeTables(as: JSONLines.self)
      case .tensorboard: try export.writeEvents()
      }
      for file in export.files { print(file) }
      for problem in export.problems { printError(problem) }
    } catch let error as RunStoreError {
      throw end(error.exitStatus, "error: \(error)")
    } catch let error as ArtifactError {
      throw end(1, "error: \(error)")
    }
  }
}
