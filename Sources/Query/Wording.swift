// SPDX-License-Identifier: MIT

import Diagnostics

/// What keeps an expression from being read, and where.
struct QuerySyntaxError: Error, Sendable {
  enum Code: Sendable {
    case nothing, unreadable, badNumber, unknownOperator, openText, badEscape, strayClose
    case missingConnective, openParenthesis, chain, missingOperator, missingValue, nameInList
    case openList, tooDeep
  }

  let code: Code
  let range: Range<Int>
  let found: String

  init(_ code: Code, range: Range<Int>, found: String = "") {
    self.code = code
    self.range = range
    self.found = found
  }

  func finding(in source: SourceText) -> Finding {
    let (allowed, help) = Wording.expectation(code, found: found)
    return Finding(
      code: "bad-expression", file: source.name, range: source.range(of: range),
      found: code == .tooDeep
        ? "more than \(QueryParser.depthLimit) levels of nesting"
        : found.isEmpty ? "the end" : "\"\(found)\"",
      allowed: allowed, help: help)
  }
}

/// The room's sentences.
enum Wording {
  /// What would have been right, and what to do.
  static func expectation(
    _ code: QuerySyntaxError.Code, found: String
  ) -> (allowed: String?, help: String?) {
    switch code {
    case .nothing: ("a condition", "such as score > 0 and algorithm.kind = \"reinforce\"")
    case .unreadable: ("names, values, operators and parentheses", nil)
    case .badNumber: ("a number as in JSON, such as -0.5 or 1e-3", nil)
    case .unknownOperator: ("= != < <= > >= in contains and or not", operatorHelp(found))
    case .openText: ("a closing quote at the end of the text", nil)
    case .badEscape: ("\\\" \\' \\\\ \\n \\t", nil)
    case .strayClose: (nil, "no parenthesis is open here")
    case .missingConnective: ("and, or, or the end", nil)
    case .openParenthesis: (nil, "this parenthesis is not closed")
    case .chain:
      ("one operator in a comparison", "write a < b and b < c for a < b < c")
    case .missingOperator: ("= != < <= > >= in contains after a value", nil)
    case .missingValue: ("a name, a number, a text in quotes, true, false, null or a list", nil)
    case .nameInList:
      ("values in a list", "a text needs quotes: \"\(found)\"")
    case .openList: (", or ] in a list", nil)
    case .tooDeep: ("less", nil)
    }
  }

  private static func operatorHelp(_ found: String) -> String? {
    switch found {
    case "&&", "&": "write and"
    case "||", "|": "write or"
    case "!": "write not"
    case "<>", "=!": "write !="
    case "=>", "=<": "write \(found == "=>" ? ">=" : "<=")"
    default: nil
    }
  }

  static func kind(_ kind: QueryVocabulary.Kind) -> String {
    switch kind {
    case .number: "a number"
    case .text: "a text in quotes"
    case .words(let words): self.words(words)
    case .flag: "true or false"
    case .list: "a list"
    case .any: "anything"
    }
  }

  static func words(_ words: [String]) -> String {
    words.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  /// The program's own names; those of configurations stand in the schema.
  static func names(_ names: [String]) -> String {
    names.joined(separator: ", ") + ", and configuration paths such as algorithm.kind"
  }

  static func sample(_ name: String, _ kind: QueryVocabulary.Kind) -> String {
    switch kind {
    case .number: "\(name) > 0"
    case .words(let words): "\(name) = \"\(words.first ?? "")\""
    case .text: "\(name) = \"…\""
    case .list: "\(name) = [200]"
    case .flag, .any: name
    }
  }
}
