// SPDX-License-Identifier: MIT

package import ParameterSchema

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
          let unit = parameter.unit.map { " (\($0))" } ?? ""
          text +=
            "| `\(parameter.name)` | \(Self.allowed(parameter.kind))\(unit) "
            + "| `\(Self.literal(parameter.defaultValue))` | \(parameter.doc) |\n"
        }
      }
    }
    text += "\n## Presets\n\n| `base.preset` | |\n|---|---|\n"
    for preset in presets { text += "| `\(preset.id)` | \(preset.doc) |\n" }
    return text
  }

  private static func allowed(_ kind: Parameter.Kind) -> String {
    switch kind {
    case .boolean: "true or false"
    case .integer(let range): "whole, \(range.lowerBound) … \(range.upperBound)"
    case .number(let range): number(range)
    case .choice(let names):
      names.count > 6
        ? "one of \(names.count) names" : names.map { "`\"\($0)\"`" }.joined(separator: ", ")
    case .text(let rule):
      rule.prefix.isEmpty ? rule.rest : "`\(rule.prefix)` and \(rule.rest)"
    case .nullable(let kind): "`null` (off) or " + allowed(kind)
    case .integerOrInterval(let range):
      "whole or `{\"min\", \"max\"}`, \(range.lowerBound) … \(range.upperBound)"
    case .record(let fields):
      "`{" + fields.map { "\"\($0.name)\"" }.joined(separator: ", ") + "}`, whole"
    case .object: "any object"
    case .list(let kind, let count): "list of \(counted(count)): \(allowed(kind))"
    }
  }

  private static func counted(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) … \(range.upperBound)"
  }

  private static func number(_ range: NumberRange) -> String {
    let lower = range.lower.map { "\(literal(.number($0))) \(range.lowerIsOpen ? "<" : "≤") x" }
    let upper = range.upper.map { "x \(range.upperIsOpen ? "<" : "≤") \(literal(.number($0)))" }
    switch (lower, upper) {
    case (let lower?, let upper?): return lower.dropLast(1) + upper
    case (let bound?, nil), (nil, let bound?): return bound
    case (nil, nil): return "any number"
    }
  }

  private static func literal(_ value: ConfigValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): String(flag)
    case .number(let number): Int(exactly: number).map { String($0) } ?? String(number)
    case .string(let text): "\"\(text)\""
    case .array(let elements): "[" + elements.map(literal).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key > $1.key }.map { "\"\($0.key)\": \(literal($0.value))" }
        .joined(separator: ", ") + "}"
    }
  }
}
