// SPDX-License-Identifier: MIT

/// What a text may be.
package struct TextRule: Hashable, Sendable {
  /// Such as `gymnasium:`; empty for most.
  package let prefix: String
  /// What stands behind the prefix, in words: `an environment's id`.
  package let rest: String
  /// The rule as a regular expression of ECMA-262, for JSON Schema; nil for any text.
  package let pattern: String?
  /// The code of an error about it.
  package let code: String
  /// Characters behind the prefix at the most, each of them a letter, a digit or `_ . : / -`; nil
  /// where the pattern says it all.
  private let limit: Int?

  private init(prefix: String, rest: String, limit: Int?, pattern: String?, code: String) {
    (self.prefix, self.rest, self.limit) = (prefix, rest, limit)
    (self.pattern, self.code) = (pattern, code)
  }

  /// A prefix, then letters, digits and `_ . : / -`. A prefix has no character that means something
  /// in a regular expression but `.` and `/`.
  package init(prefix: String = "", rest: String, limit: Int = 128) {
    let escaped = prefix.map { $0 == "." ? "\\." : String($0) }.joined()
    self.init(
      prefix: prefix, rest: rest, limit: limit,
      pattern: "^\(escaped)[A-Za-z0-9_.:/-]{1,\(limit)}$", code: "unknown-value")
  }

  package static let any = TextRule(
    prefix: "", rest: "a string", limit: nil, pattern: nil, code: "wrong-kind")
  package static let filled = form("^[\\s\\S]+$", "a string that is not empty", code: "wrong-kind")

  /// The whole text, as a regular expression that both ECMA-262 and Swift know, and in words.
  package static func form(
    _ pattern: String, _ words: String, code: String = "out-of-range"
  ) -> TextRule {
    TextRule(prefix: "", rest: words, limit: nil, pattern: pattern, code: code)
  }

  /// The path of a file, before and after its SHA-256 is known.
  ///
  /// - Parameter what: such as "a Python file".
  package static func file(ending: String, _ what: String) -> TextRule {
    form(
      "^[^@]+\\.\(ending)(@[0-9a-f]{64})?$", "the path of \(what), seen from this file's folder",
      code: "wrong-kind")
  }

  /// The rule in words.
  package var words: String {
    guard limit != nil else { return rest }
    return (prefix.isEmpty ? "" : "\"\(prefix)\" and ")
      + "\(rest) (letters, digits and _ . : / -)"
  }

  package func allows(_ text: String) -> Bool {
    if self == .filled { return !text.isEmpty }
    guard let limit else {
      // The patterns are ours and compile; one that did not would refuse every text.
      return pattern.map { (try? Regex($0)).map { text.wholeMatch(of: $0) != nil } ?? false }
        ?? true
    }
    guard text.utf8.starts(with: prefix.utf8) else { return false }
    let tail = text.utf8.dropFirst(prefix.utf8.count)
    return (1...limit).contains(tail.count) && tail.allSatisfy(Self.isAllowed)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", "_", ".", ":", "/", "-": true
    default: false
    }
  }
}
