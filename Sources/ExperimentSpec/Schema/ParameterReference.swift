// SPDX-License-Identifier: MIT

package import ParameterSchema

/// Every key of an experiment file as Markdown tables: the generated half of
/// `docs/reference/experiment.md`.
package func parameterReference(for catalogue: Catalogue) -> String {
  var text = "\n## The file\n" + table(FileKeys.all)
  for section in FileKeys.all.compactMap({ section(of: $0.kind) }) + catalogue.sections {
    text += "\n## `\(section.name)`\n" + (section.doc.isEmpty ? "" : "\n\(section.doc)\n")
    for component in section.components {
      if let selector = section.selector {
        text += "\n`\"\(selector)\": \"\(component.id)\"`. \(component.doc)\n"
      }
      text += table(component.parameters)
    }
  }
  text += "\n## Presets\n\n| `base.preset` | |\n|---|---|\n"
  for preset in catalogue.presets { text += "| `\(preset.id)` | \(preset.doc) |\n" }
  return text
}

/// The section that a kind is, or that its elements are.
private func section(of kind: Parameter.Kind) -> Section? {
  switch kind {
  case .file(.section(let section)): section
  case .file(.elements(let element, count: _, areDistinct: _)): section(of: element.kind)
  default: nil
  }
}

private func table(_ parameters: [Parameter]) -> String {
  if parameters.isEmpty { return "" }
  let rows = parameters.map { parameter in
    var isNullable = false
    if case .nullable = parameter.kind { isNullable = true }
    let normal = parameter.defaultValue
    let shown = normal == .null && !isNullable ? "" : "`\(canonicalJSON(normal))`"
    return "| `\(parameter.name)` | \(parameter.allowedSentence) | \(shown) | \(parameter.doc) |\n"
  }
  return "\n| key | allowed | default | meaning |\n|---|---|---|---|\n" + rows.joined()
}
