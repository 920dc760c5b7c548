// SPDX-License-Identifier: MIT

/// What a free text may be: a prefix, then letters, digits and `_ . : / -`.
package struct TextRule: Hashable, Sendable {
  /// Such as `gymnasium:`; may be empty.
  package let prefix: String
  /// What stands behind the prefix, in words: `an environment's id`.
  package let rest: String
  /// Characters behind the prefix at the most; at least one stands there.
  package let limit: Int

  package init(prefix: String = "", rest: String, limit: Int = 128) {
    self.prefix = prefix
    self.rest = rest
    self.limit = limit
  }

  package func allows(_ text: String) -> Bool {
    guard text.utf8.starts(with: prefix.utf8) else { return false }
    let tail = text.utf8.dropFirst(prefix.utf8.count)
    return (1...limit).contains(tail.count) && tail.allSatisfy(Self.isAllowed)
  }

  /// The same rule as a regular expression of ECMA-262, for JSON Schema. A prefix has no character
  /// that means something there but `.` and `/`.
  package var pattern: String {
    let escaped = prefix.map { $0 == "." ? "\\." : String($0) }.joined()
    return "^\(escaped)[A-Za-z0-9_.:/-]{1,\(limit)}$"
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
