// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
package import ParameterSchema

/// `rallybook schema`
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema (2020-12) of experiment files, for editors.")

  @Flag(help: "Print the parameters as Markdown tables instead.") var markdown = false

  func run() {
    StandardStream.output.writeAll(
      markdown ? Catalogue.standard.parameterReference : jsonSchema(for: .standard))
  }
}

extension Catalogue {
  /// The catalogue as Markdown tables: the generated half of `docs/reference/experiment.md`.
  package var parameterReference: String {
    var text = ""
    for section in sections {
      text += "\n## `\(section.name)`\n\n\(section.doc)\n"
      for component in section.components {
        if let selector = section.selector {
          text += "\n`\"\(selector)\": \"\(component.id)\"`. \(component.doc)\n"
        }
        guard !component.parameters.isEmpty else { continue }
        text += "\n| key | allowed | default | meaning |\n|---|---|---|---|\n"
        for parameter in component.parameters {
          let allowed = allowedSentence(
            parameter.kind, name: parameter.name, unit: parameter.unit)
          text +=
            "| `\(parameter.name)` | \(allowed) | `\(canonicalJSON(parameter.defaultValue))` "
            + "| \(parameter.doc) |\n"
        }
      }
    }
    text += "\n## Presets\n\n| `base.preset` | |\n|---|---|\n"
    for preset in presets { text += "| `\(preset.id)` | \(preset.doc) |\n" }
    return text
  }
}
