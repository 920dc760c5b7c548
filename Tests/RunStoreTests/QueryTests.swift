// SPDX-License-Identifier: MIT

import ParameterSchema
import RunStore
import Testing

@Suite("An expression chooses trials by what is known of them")
struct QueryTests {
  static let trial: [String: ConfigValue] = [
    "score": 3.5, "state": "finished", "seed": 7, "label": "discount off · KL",
    "algorithm.kind": "kl-line-search", "returns.discount": nil, "policy.hidden": [200],
    "policy.bias": false, "returns.resetAtPoint": true, "updated": "2026-11-24T06:39:00Z",
  ]

  static func holds(_ text: String) throws -> Bool {
    try QueryExpression(text).matches { trial[$0] }
  }

  @Test(
    "These hold",
    arguments: [
      "score > 0", "score >= 3.5", "score <= 3.5", "score != 3", "0 < score", "seed = 7",
      "seed == 7.0", "state = 'finished'", "algorithm.kind = \"kl-line-search\"",
      "score > 0 and state = \"finished\"", "score > 9 or seed = 7",
      // `and` binds stronger than `or`, `not` stronger than both.
      "seed = 7 or seed = 8 and score > 9", "not seed = 8 and score > 0",
      "not (seed = 8 or score < 0)", "NOT seed = 8 AND score > 0", "not not seed = 7",
      "seed in [1, 7]", "seed not in [1, 2]", "seed not in []", "policy.hidden = [200]",
      "policy.hidden in [[100], [200]]", "policy.hidden contains 200", "label contains 'KL'",
      "label contains \"·\"", "7 in [7]", "returns.resetAtPoint", "not policy.bias",
      "policy.bias = false", "true", "updated > \"2026-11-23\"", "updated < '2026-12'",
      // What a trial does not have is null, like what is off.
      "returns.discount = null", "algorithm.maxKL = null", "algorithm.maxKL != 0.01",
      "not algorithm.maxKL > 0", "not algorithm.maxKL < 0", "null in [null]",
    ])
  func held(text: String) throws {
    #expect(try Self.holds(text))
  }

  @Test(
    "These do not",
    arguments: [
      "score > 3.5", "seed = 8", "seed = '7'", "state > 3", "not seed = 7", "false",
      "returns.discount > 0", "returns.discount <= 0", "score in []", "policy.bias",
      "label contains 'xyz'", "seed contains 7", "seed in [[7]]", "nothing",
      "(seed = 7 or seed = 8) and score > 9", "state = 'Finished'",
    ])
  func notHeld(text: String) throws {
    #expect(try !Self.holds(text))
  }

  @Test("Only the names that decide are asked for, so that costly ones come last")
  func laziness() throws {
    var asked: [String] = []
    let expression = try QueryExpression("seed = 8 and score > 0")
    #expect(
      !expression.matches {
        asked.append($0)
        return Self.trial[$0]
      })
    #expect(asked == ["seed"])
    #expect(expression.names == ["seed", "score"])
  }

  static let faults: [(text: String, says: String)] = [
    ("", "query:1:1: error[bad-expression]: found the end; allowed: a condition"),
    ("score >", "1:8: error[bad-expression]: found the end; allowed: a name, a number"),
    ("score > 0 &&seed = 1", "1:11: error[bad-expression]: found \"&&\"; allowed: = != < <="),
    ("score > 0 && seed = 1", "write and"),
    ("seed <> 1", "write !="),
    ("seed = 1 seed = 2", "1:10: error[bad-expression]: found \"seed\"; allowed: and, or"),
    ("(seed = 1", "1:1: error[bad-expression]: found the end; this parenthesis is not closed"),
    ("seed = 1)", "1:9: error[bad-expression]: found \")\"; no parenthesis is open here"),
    ("0 < score < 5", "1:11: error[bad-expression]: found \"<\"; allowed: one operator"),
    ("state = \"finished", "1:9: error[bad-expression]"),
    ("seed = 1.", "1:8: error[bad-expression]: found \"1.\"; allowed: a number as in JSON"),
    ("seed = 01", "a number as in JSON"),
    ("seed = 1e999", "a number as in JSON"),
    ("seed in [1, 2", "found the end; allowed: , or ] in a list"),
    ("state in [finished]", "a text needs quotes: \"finished\""),
    ("7", "found the end; allowed: = != < <= > >= in contains after a value"),
    ("label = \"ä\" § 3", "1:13: error[bad-expression]: found \"§\""),
    ("label = 'a\\q'", "found \"\\q\"; allowed: \\\" \\' \\\\ \\n \\t"),
    (String(repeating: "(", count: 100_000), "more than 64 levels of nesting"),
    (String(repeating: "not ", count: 100_000), "more than 64 levels of nesting"),
    (String(repeating: "[", count: 100_000), "found \"[\""),
  ]

  @Test("What cannot be read is named with its place", arguments: faults.indices)
  func syntax(index: Int) {
    let (text, says) = Self.faults[index]
    let error = #expect(throws: QueryError.self) { try QueryExpression(text) }
    let shown = error?.rendered() ?? ""
    let nested = text.hasPrefix("[") && shown.contains("levels of nesting")
    #expect(shown.contains(says) || nested, "\(shown.prefix(400))")
  }

  @Test("A long chain is no nesting")
  func chain() throws {
    let text = (0..<20_000).map { "seed = \($0)" }.joined(separator: " or ")
    #expect(try Self.holds(text))
  }
}
