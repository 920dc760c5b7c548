// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import ExperimentSpec
import RunStore
import Trials

/// `rallybook export NAME`, or a checkpoint with `--format safetensors`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write everything that a run recorded for other programs.",
    discussion: """
      csv and jsonl write one file for each kind of row (trials, episodes, updates, evaluations, \
      timing) with all trials in it; each row begins with the trial's id, variant and seed. The rows \
      of trials have scores and whole configurations. tensorboard writes an event file for each \
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
    if format == .safetensors, let to { return try writePolicy(to: to) }
    var export = try RunExport(
      RunSnapshot(folders.run(name)), to: output ?? "exports/\(name)")
    if let rows = RowFormat(rawValue: format.rawValue) {
      try export.writeTables(as: rows)
    } else {
      try export.writeEvents()
    }
    for file in export.files { say(file) }
    for problem in export.problems { printError(line: problem) }
  }

  /// Writes the checkpoint's policy, reads it back from the disk, and says what it holds; an older
  /// file is replaced.
  private func writePolicy(to file: String) throws {
    let policy = try PolicyFile.policy(of: Checkpoint(contentsOf: name), path: name)
    try AtomicFile.write(policy.encoded(), to: file)
    do throws(ArtifactError) {
      let contents = try PolicyFile.contents(of: Checkpoint(contentsOf: file), path: file)
      let parts = policy.tensors.map { tensor in
        "\(tensor.name) [\(tensor.shape.map(String.init).joined(separator: ", "))]"
      }
      say(
        "\(file): \(parts.joined(separator: ", ")); \(contents.actions.joined(separator: ", ")); "
          + "after \(contents.episode) episodes")
    } catch {
      throw end(1, "error: \(error)")
    }
  }
}
