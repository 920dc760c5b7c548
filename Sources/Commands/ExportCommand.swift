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
      csv and jsonl write one file for each kind of row (trials, curves, episodes, updates, \
      evaluations, timing) with all trials in it; each row begins with the trial's id, variant and seed. The rows \
      of trials have scores and whole configurations. tensorboard writes an event file for each \
      trial, with its hyperparameters; look at them with: tensorboard --logdir FOLDER

      safetensors and onnx write the policy of one checkpoint with what its input is made of:
      rallybook export runs/NAME/trials/ID/checkpoints/002000.safetensors --format safetensors \
      --to policy.safetensors
      """)

  /// What other programs read.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl, tensorboard, safetensors, onnx

    var isOfPolicy: Bool { self == .safetensors || self == .onnx }
  }

  @Argument(
    help: "Name of a run; with safetensors or onnx, a checkpoint's file.", completion: .runs)
  var name: String
  @Option(help: "csv, jsonl, tensorboard, safetensors or onnx.") var format: Format = .csv
  @Option(help: ArgumentHelp("Folder to write into; by default exports/NAME.", valueName: "dir"))
  var output: String?
  @Option(help: ArgumentHelp("With safetensors or onnx: the file to write.", valueName: "file"))
  var to: String?
  @OptionGroup var folders: FolderOptions

  func validate() throws {
    guard format.isOfPolicy else {
      guard to == nil else {
        throw ValidationError("--to is for --format safetensors and onnx only")
      }
      return
    }
    guard to != nil, output == nil else {
      throw ValidationError("--format \(format.rawValue) wants --to FILE, and no --output")
    }
  }

  func run() throws {
    if format.isOfPolicy, let to { return try writePolicy(to: to) }
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

  /// Writes the policy of a checkpoint, or of an exported policy, reads what is read here back from the
  /// disk, and says what it holds; an older file is replaced.
  private func writePolicy(to file: String) throws {
    let stored = try Checkpoint(contentsOf: name)
    let policy =
      PolicyFile.isPolicy(stored) ? stored : try PolicyFile.policy(of: stored, path: name)
    let isNetwork = format == .onnx
    let bytes =
      isNetwork ? try PolicyFile.network(of: policy, path: name).encoded() : policy.encoded()
    try AtomicFile.write(bytes, to: file)
    do throws(ArtifactError) {
      let contents = try PolicyFile.contents(
        of: isNetwork ? policy : Checkpoint(contentsOf: file), path: file)
      let parts = policy.tensors.map { tensor in
        "\(tensor.name) [\(tensor.shape.map(String.init).joined(separator: ", "))]"
      }
      say(
        "\(file): \(parts.joined(separator: ", ")); \(contents.actions); "
          + "after \(contents.episode) episodes")
    } catch {
      throw end(1, "error: \(error)")
    }
  }
}
