// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema

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
