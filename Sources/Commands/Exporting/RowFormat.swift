// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema

/// How rows of a table are written: one a line.
protocol RowFormat {
  static var fileExtension: String { get }
  static func header(_ columns: [String]) -> String
  /// - Parameter fields: as in the trial's own CSV files; empty where nothing was measured.
  static func row(_ fields: [String], columns: [String]) -> String
  /// - Parameter values: nil where there is none.
  static func row(values: [ConfigValue?], columns: [String]) -> String
}

/// RFC 4180, with line feeds.
enum CSVLines: RowFormat {
  static var fileExtension: String { "csv" }

  static func header(_ columns: [String]) -> String { row(columns, columns: columns) }

  static func row(_ fields: [String], columns: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  /// A text as it is, everything else as JSON has it; `inf` for a threshold that was never reached.
  static func row(values: [ConfigValue?], columns: [String]) -> String {
    let fields = values.map { value -> String in
      switch value {
      case nil: ""
      case .string(let text)?: text
      case .number(let number)? where !number.isFinite: "\(number)"
      case let value?: canonicalJSON(value)
      }
    }
    return row(fields, columns: columns)
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}

/// An object a line; numbers are numbers, what was not measured is null, and so is NaN and what is
/// infinite, which JSON has no words for.
enum JSONLines: RowFormat {
  static var fileExtension: String { "jsonl" }

  static func header(_ columns: [String]) -> String { "" }

  static func row(_ fields: [String], columns: [String]) -> String {
    let members = zip(columns, fields).map { column, field in
      "\(text(column)):\(isText(column) ? text(field) : number(field))"
    }
    return "{\(members.joined(separator: ","))}\n"
  }

  static func row(values: [ConfigValue?], columns: [String]) -> String {
    let members = zip(columns, values).map { column, value in
      var shown = value ?? .null
      if case .number(let number) = shown, !number.isFinite { shown = .null }
      return "\(text(column)):\(canonicalJSON(shown))"
    }
    return "{\(members.joined(separator: ","))}\n"
  }

  private static func isText(_ column: String) -> Bool {
    ["trial", "variant", "state"].contains(column)
  }

  private static func number(_ field: String) -> String {
    Double(field).map { $0.isFinite ? field : "null" } ?? "null"
  }

  private static func text(_ value: String) -> String {
    var result = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
