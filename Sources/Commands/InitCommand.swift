// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec
import ParameterSchema
import RunStore

/// `rallybook init NAME`
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a starter experiment and, beside it, the schema that editors complete from.")

  @Argument(help: "The experiment's name: a-z, 0-9 and hyphens.") var name: String

  @Option(help: ArgumentHelp("Folder to write into.", valueName: "dir"))
  var directory = "experiments"

  func validate() throws {
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
    guard let first = name.first, first != "-", name.count <= 64, name.allSatisfy(allowed.contains)
    else {
      throw ValidationError(
        "the name \"\(name)\" is not allowed: 1 to 64 of a-z, 0-9 and -, not beginning with -")
    }
  }

  func run() throws {
    let path = "\(directory)/\(name).json"
    do {
      if Disk.isPresent(path) { throw end(4, "error: \(path) exists; nothing was written") }
      try Disk.makeFolder(directory)
      try AtomicFile.write(
        Array(jsonSchema(for: .standard).utf8), to: "\(directory)/experiment.schema.json")
      try AtomicFile.write(Array(starterExperiment(name: name).utf8), to: path)
    } catch let error as RunStoreError {
      throw end(error.exitStatus, String(describing: error))
    }
    print("\(path)")
    printError("next: edit its question, then rallybook plan \(path)")
  }
}
