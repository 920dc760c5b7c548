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
  let source: SourceText
  let root: Condition

  /// - Parameters:
  ///   - text: as a person typed it.
  ///   - origin: what stands before the place of an error, such as `--only`.
  package init(_ text: String, origin: String = "query") throws(QueryError) {
    source = SourceText(name: origin, text: text)
    do throws(QuerySyntaxError) {
      var parser = try QueryParser(bytes: source.bytes)
      root = try parser.parse()
    } catch {
      throw QueryError(
        findings: [error.finding(in: source)], source: source)
    }
  }

  /// Whether a trial meets the condition.
  ///
  /// - Parameter value: what is known of the trial by name; nil where it has no such value. It is
  ///   asked only for the names that decide.
  package func matches(_ value: (String) -> ConfigValue?) -> Bool {
    root.holds(value)
  }

  /// The names that stand in it, each once, in order of the text.
  package var names: [String] {
    root.operands.reduce(into: []) { names, operand in
      if case .name(let name) = operand.content, !names.contains(name) { names.append(name) }
    }
  }

  /// The condition in one spelling: the same condition is read from it.
  package var text: String { root.text(inside: .any) }
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
