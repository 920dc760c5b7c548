// SPDX-License-Identifier: MIT

import ParameterSchema
import RunStore
import Testing

@Suite("Whatever is typed, the parser answers")
struct QueryFuzzTests {
  /// Numerical Recipes' linear congruential generator: tests draw from nothing unseeded.
  struct Draws {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    mutating func flip() -> Bool { below(2) == 0 }
  }

  /// A condition with what it must say of a trial, by the plain rules.
  static func condition(_ draws: inout Draws, depth: Int) -> (text: String, holds: Bool) {
    let trial = QueryTests.trial
    switch depth > 4 ? draws.below(3) : draws.below(6) {
    case 0:
      let number = draws.below(10)
      let signs: [(String, Bool)] = [
        ("=", 7 == number), ("!=", 7 != number), ("<", 7 < number), ("<=", 7 <= number),
        (">", 7 > number), (">=", 7 >= number),
      ]
      let (sign, holds) = signs[draws.below(6)]
      return draws.flip() ? ("seed \(sign) \(number)", holds) : ("seed\(sign)\(number)", holds)
    case 1:
      let words = ["finished", "failed", "a \\\"b\\\""]
      let word = words[draws.below(3)]
      return ("state = \"\(word)\"", trial["state"] == .string(word))
    case 2:
      let isNegated = draws.flip()
      let list = (0..<draws.below(4)).map { _ in draws.below(12) }
      let text = list.map(String.init).joined(separator: ", ")
      return ("seed \(isNegated ? "not " : "")in [\(text)]", list.contains(7) != isNegated)
    case 3:
      let inner = condition(&draws, depth: depth + 1)
      return ("not (\(inner.text))", !inner.holds)
    case let kind:
      let parts = (0..<2 + draws.below(2)).map { _ in condition(&draws, depth: depth + 1) }
      let text = parts.map { "(\($0.text))" }.joined(separator: kind == 4 ? " and " : " or ")
      return (text, kind == 4 ? parts.allSatisfy(\.holds) : parts.contains(where: \.holds))
    }
  }

  @Test("A random condition means what it says, also within parentheses and negated")
  func meaning() throws {
    var draws = Draws(state: 11)
    var held = 0
    for round in 0..<2_000 {
      let (text, holds) = Self.condition(&draws, depth: 0)
      let expression = try QueryExpression(text)
      #expect(expression.matches { QueryTests.trial[$0] } == holds, "round \(round): \(text)")
      let within = try QueryExpression("((\(text)) and true)")
      #expect(within.matches { QueryTests.trial[$0] } == holds, "round \(round): \(text)")
      #expect(within.names == expression.names, "round \(round): \(text)")
      let negated = try QueryExpression("not (\(text))")
      #expect(negated.matches { QueryTests.trial[$0] } != holds, "round \(round): \(text)")
      if holds { held += 1 }
    }
    #expect(held > 400 && held < 1_600)
  }

  @Test("Damaged and random texts are read or refused with a place; nothing traps")
  func damage() throws {
    var draws = Draws(state: 5)
    let pieces = [
      "score", "and", "or", "not", "in", "contains", "(", ")", "[", "]", ",", "\"", "'", "\\", "=",
      "!=", "<", ">", "!", "&", "-", "1", "1e", ".", "ä", "\u{0}", "\u{200D}", " ", "null", "true",
      "\n", "e-5", "policy.hidden",
    ]
    var refused = 0
    for round in 0..<5_000 {
      var bytes: [UInt8]
      if draws.flip() {
        bytes = Array(Self.condition(&draws, depth: 1).text.utf8)
        for _ in 0...draws.below(3) where !bytes.isEmpty {
          bytes[draws.below(bytes.count)] = UInt8(draws.below(256))
        }
      } else {
        bytes = Array(
          (0..<draws.below(12)).map { _ in pieces[draws.below(pieces.count)] }.joined().utf8)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      do {
        let expression = try QueryExpression(text)
        let holds = expression.matches { QueryTests.trial[$0] }
        let within = try? QueryExpression("( \(text) )")
        #expect(within?.matches { QueryTests.trial[$0] } == holds, "round \(round): \(text)")
        try? expression.check(QueryCheckTests.vocabulary)
      } catch {
        refused += 1
        #expect(error.rendered().hasPrefix("query:"), "round \(round): \(text)")
        #expect(error.findings.count == 1)
      }
    }
    #expect(refused > 1_000 && refused < 5_000)
  }
}
