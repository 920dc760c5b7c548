// SPDX-License-Identifier: MIT

/// Numbers of things.
extension Numbers {
  /// `1 episode`, `3,000 episodes`.
  ///
  /// - Parameter plural: the plural where `plural(_:)` does not know it.
  package static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(whole(number)) \(number == 1 ? noun : plural ?? self.plural(noun))"
  }

  /// `seeds`, `entries`, `indices`; of several words the last one changes.
  package static func plural(_ noun: String) -> String {
    let start = noun.lastIndex(of: " ").map { noun.index(after: $0) } ?? noun.startIndex
    let (head, last) = (noun[..<start], String(noun[start...]))
    let irregular = ["axis": "axes", "index": "indices", "series": "series", "child": "children"]
    if let known = irregular[last] { return head + known }
    if last.hasSuffix("y"), let before = last.dropLast().last, !"aeiou".contains(before) {
      return head + last.dropLast() + "ies"
    }
    for ending in ["s", "x", "ch", "sh", "z"] where last.hasSuffix(ending) {
      return head + last + "es"
    }
    return head + last + "s"
  }
}
