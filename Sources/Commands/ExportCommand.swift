// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import ExperimentSpec
import RunStore

/// `rallybook export NAME`, or a checkpoint with `--format safetensors`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write everything that a run recorded for other programs.",
    discussion: """
      csv and jsonl write a file for each kind of row (trials, episodes, updates, evaluations, \
      timing), all trials together, with the trial's id, variant and seed in front; that of the \
      trials has their scores and whole configurations. tensorboard writes an event file for each \
      trial, with its hyperparameters; look at them with: tensorboard --logdir FOLDER

      safetensors writes the policy of one checkpoint with what its input is made of:
      rallybook export runs/NAME/trials/ID/checkpoints/002000.safetensors --format safetensors \
      --to policy.safetensors
      """)

  /// What other programs read.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl, tensorboard, safetensors
  }

  @Argument(help: "Name of a run; with safetensors, a checkpoint's file.") var name: String
  @Option(help: "csv, jsonl, tensorboard or safetensors.") var format: Format = .csv
  @Option(help: ArgumentHelp("Folder to write into; by default exports/NAME.", valueName: "dir"))
  var output: String?
  @Option(help: ArgumentHelp("With safetensors: the file to write.", valueName: "file"))
  var to: String?
  @OptionGroup var folders: FolderOptions

  func validate() throws {
    guard format == .safetensors else {
      guard to == nil else { throw ValidationError("--to is for --format safetensors only") }
      return
    }
    guard to != nil, output == nil else {
      throw ValidationError("--format safetensors wants --to FILE, and no --output")
    }
  }

  func run() throws {
    if format == .safetensors, let to {
      return try PolicyExport(checkpoint: name, file: to).run()
    }
    let run = try folders.run(name)
    let folder = output ?? "exports/\(name)"
    var export = try RunExport(RunSnapshot(run), to: folder)
    switch format {
    case .csv: try export.writeTables(as: CSVLines.self)
    case .jsonl: try export.writeTables(as: JSONLines.self)
    case .tensorboard: try export.writeEvents()
    case .safetensors: break
    }
    for file in export.files { say(file) }
    for problem in export.problems { printError(line: problem) }
  }
}
