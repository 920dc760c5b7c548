// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore

/// `rallybook init NAME`
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a starter experiment and, beside it, the schema that editors complete from.")

  @Argument(help: "The experiment's name: A-Z, a-z, 0-9, _ and hyphens.") var name: String

  @Option(help: ArgumentHelp("Folder to write into.", valueName: "dir"))
  var directory = "experiments"

  func validate() throws {
    guard isExperimentName(name) else {
      throw ValidationError("the name \"\(name)\" is not allowed: \(experimentNameRule)")
    }
  }

  func run() throws {
    let path = "\(directory)/\(name).json"
    if Disk.isPresent(path) { throw end(4, "error: \(path) exists; nothing was written") }
    try Disk.makeFolder(directory)
    try AtomicFile.write(
      Array(jsonSchema(for: .standard).utf8), to: "\(directory)/experiment.schema.json")
    try AtomicFile.write(Array(starterExperiment(name: name).utf8), to: path)
    say("\(path)")
    printError("next: edit its question, then rallybook plan \(path)")
  }
}

/// `rallybook schema`
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema (2020-12) of experiment files, for editors.")

  @Flag(help: "Print the parameters as Markdown tables instead.") var markdown = false

  func run() {
    StandardStream.output.writeAll(
      markdown ? parameterReference(for: .standard) : jsonSchema(for: .standard))
  }
}
