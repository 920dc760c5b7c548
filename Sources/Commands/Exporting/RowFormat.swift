// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema

/// A field of an exported table.
enum ExportedField {
  case text(String)
  /// As it is written; empty where nothing was measured.
  case number(String)
  case json(String)

  init(_ value: ConfigValue?) {
    switch value {
    case nil: self = .number("")
    case .string(let text): self = .text(text)
    case .number(let number):
      self = .number(number.isFinite ? canonicalNumber(number) : "\(number)")
    case .some(let value): self = .json(canonicalJSON(value))
    }
  }
}

/// How rows of a table are written: one a line.
enum RowFormat: String {
  /// RFC 4180, with line feeds; `inf` for a threshold that was never reached.
  case csv
  /// An object a line. What was not measured is null, and so is what is NaN or infinite, for which
  /// JSON has no words.
  case jsonl

  func header(_ columns: [String]) -> String {
    self == .csv ? row(columns.map { .text($0) }, columns: columns) : ""
  }

  func row(_ fields: [ExportedField], columns: [String]) -> String {
    switch self {
    case .csv: fields.map(Self.csv).joined(separator: ",") + "\n"
    case .jsonl:
      "{"
        + zip(columns, fields).map { "\(canonicalJSON(.string($0))):\(Self.json($1))" }
        .joined(separator: ",") + "}\n"
    }
  }

  private static func csv(_ field: ExportedField) -> String {
    switch field {
    case .number(let text): return text
    case .text(let text), .json(let text):
      guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return text }
      return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
  }

  private static func json(_ field: ExportedField) -> String {
    switch field {
    case .text(let text): canonicalJSON(.string(text))
    case .number(let text): Double(text).map { $0.isFinite ? text : "null" } ?? "null"
    case .json(let text): text
    }
  }
}

/// The paths of all values of some configurations, such as `returns.discount`: sections in the
/// catalogue's order, selectors first, then by name; what is no section, such as `seed`, by its name.
func configurationPaths(_ configurations: [ConfigValue]) -> [String] {
  var keys: [String: Set<String>] = [:]
  for case .object(let sections) in configurations {
    for (section, value) in sections {
      guard case .object(let members) = value else {
        keys[section] = [""]
        continue
      }
      keys[section, default: []].formUnion(members.keys)
    }
  }
  let known = Catalogue.standard.sections
  let names =
    known.map(\.name).filter { keys[$0] != nil }
    + keys.keys.filter { name in !known.contains { $0.name == name } }.sorted()
  return names.flatMap { name in
    let selector = known.first { $0.name == name }?.selector
    let all = (keys[name] ?? []).sorted { a, b in
      a == selector || b == selector ? a == selector && b != selector : a < b
    }
    return all.map { $0.isEmpty ? name : "\(name).\($0)" }
  }
}
