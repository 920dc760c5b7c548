// SPDX-License-Identifier: MIT

package import Diagnostics
package import ParameterSchema

/// A condition that chooses trials: `score > 0 and algorithm.kind = "trpo"`.
///
/// Comparisons (`= != < <= > >=`), `in [ … ]`, `not in`, `contains`, `and`, `or`, `not`,
/// parentheses; numbers, texts in double or single quotes, `true`, `false`, `null`, lists.
///
/// A name that a trial has no value for is null. Null equals only null, and is neither less nor
/// greater than anything: `score > 0` leaves out what has no score yet, `score = null` finds it.
package struct QueryExpression: Sendable {
  /// What is known of a trial by name; nil where it has no such value.
  package typealias Lookup = (String) -> ConfigValue?
  /// Whether a trial meets a condition; asked only for the names that decide.
  typealias Condition = @Sendable (Lookup) -> Bool

  private let source: SourceText
  private let condition: Condition
  /// The names that stand in it, each once, in order of the text.
  package let names: [String]

  /// - Parameters:
  ///   - text: as a person typed it.
  ///   - origin: what stands before the place of an error, such as `--only`.
  package init(_ text: String, origin: String = "query") throws(QueryError) {
    source = SourceText(name: origin, text: text)
    var parser = try QueryParser(source)
    condition = try parser.parse()
    names = parser.names
  }

  /// Holds every name and comparison against what can be said of a trial.
  ///
  /// - Throws: all that is wrong at once, in order of the text: unknown names with the nearest
  ///   known one, words that no trial can have, and comparisons that can never hold.
  package func check(_ vocabulary: QueryVocabulary) throws(QueryError) {
    var parser = try QueryParser(source, checking: vocabulary)
    _ = try parser.parse()
    guard parser.findings.isEmpty else {
      throw QueryError(
        findings: parser.findings.sortedByPlace(files: [source.name]), source: source)
    }
  }

  /// Whether a trial meets the condition.
  package func matches(_ value: Lookup) -> Bool { condition(value) }
}

/// Why an expression cannot be used; nothing was chosen.
package struct QueryError: Error, Sendable, CustomStringConvertible {
  package let findings: [Finding]
  package let source: SourceText

  /// The findings as people read them: place, what is wrong, the expression with the part marked.
  package func rendered(usesColor: Bool = false) -> String {
    FindingRenderer(sources: [source], usesColor: usesColor).render(findings)
  }

  package var description: String { rendered() }
}

/// The operators between two values.
enum Comparison: String, Sendable, CaseIterable {
  case equal = "="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  /// Whether it needs an order, which texts and numbers have.
  var isOrder: Bool { self != .equal && self != .unequal }

  /// Whether the two compare so. Numbers are ordered, and texts by their UTF-8 bytes, so that ISO
  /// dates are in order of time; values of different kinds are unequal and in no order.
  func holds(_ left: ConfigValue, _ right: ConfigValue) -> Bool {
    switch (left, right) {
    case (.number(let a), .number(let b)): holds(isLess: a < b, isGreater: a > b, isEqual: a == b)
    case (.string(let a), .string(let b)):
      holds(
        isLess: a.utf8.lexicographicallyPrecedes(b.utf8),
        isGreater: b.utf8.lexicographicallyPrecedes(a.utf8), isEqual: a == b)
    default: holds(isLess: false, isGreater: false, isEqual: left == right) && !isOrder
    }
  }

  private func holds(isLess: Bool, isGreater: Bool, isEqual: Bool) -> Bool {
    switch self {
    case .equal: isEqual
    case .unequal: !isEqual
    case .less: isLess
    case .lessOrEqual: isLess || isEqual
    case .greater: isGreater
    case .greaterOrEqual: isGreater || isEqual
    }
  }
}
