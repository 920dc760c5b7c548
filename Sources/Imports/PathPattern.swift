// SPDX-License-Identifier: MIT

/// A path in which `{name}` stands for a part of a file's or folder's name, and `*` for anything in
/// one, such as `logs/{variant}/seed{seed}/*.monitor.csv`.
///
/// `{seed}` takes digits only. Of several ways to take a name apart it is the one in which earlier
/// placeholders take as little as they can.
package struct PathPattern: Hashable, Sendable {
  enum Token: Hashable, Sendable {
    case text(Character)
    case anything
    case field(String)
  }

  package let text: String
  /// Whether the path begins at the root.
  let isAbsolute: Bool
  /// One for each part of the path.
  let parts: [[Token]]

  package init(_ text: String) throws(ImportError) {
    self.text = text
    isAbsolute = text.hasPrefix("/")
    var parts: [[Token]] = []
    for part in text.split(separator: "/") { parts.append(try Self.tokens(part, of: text)) }
    self.parts = parts
    guard !parts.isEmpty else { throw ImportError("a pattern is a path; this one is empty") }
  }

  /// The names of the placeholders, in their order.
  package var fields: [String] {
    parts.joined().reduce(into: []) { names, token in
      if case .field(let name) = token, !names.contains(name) { names.append(name) }
    }
  }

  private static func tokens(
    _ part: Substring, of pattern: String
  ) throws(ImportError) -> [Token] {
    var tokens: [Token] = []
    var rest = part
    while let character = rest.popFirst() {
      switch character {
      case "*": tokens.append(.anything)
      case "{":
        let name = rest.prefix { $0 != "}" && $0 != "{" }
        rest = rest.dropFirst(name.count)
        guard rest.popFirst() == "}", name.first?.isLetter == true,
          name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        else {
          throw ImportError(
            "\(pattern): found \"{\(name)\"; allowed: {variant}, {seed} or the name of a"
              + " hyperparameter in braces, of letters, digits and _")
        }
        tokens.append(.field(String(name)))
      default: tokens.append(.text(character))
      }
    }
    return tokens
  }

  /// What the placeholders of one part stand for in a name; nil where it does not fit.
  ///
  /// - Parameter known: what they stand for in the parts before.
  static func match(
    _ tokens: [Token], _ name: String, known: [String: String] = [:]
  ) -> [String: String]? {
    var matcher = Matcher(tokens: tokens, name: Array(name))
    guard matcher.match(0, 0) else { return nil }
    var fields = known
    for (token, range) in matcher.taken.reversed() {
      guard case .field(let field) = tokens[token] else { continue }
      let value = String(matcher.name[range])
      guard fields.updateValue(value, forKey: field) ?? value == value else { return nil }
    }
    return fields
  }

  private struct Matcher {
    let tokens: [Token]
    let name: [Character]
    /// What placeholders and stars took, the last first.
    var taken: [(token: Int, range: Range<Int>)] = []
    /// Places at which nothing fits, so that no name takes long.
    private var failed: Set<[Int]> = []

    init(tokens: [Token], name: [Character]) {
      self.tokens = tokens
      self.name = name
    }

    mutating func match(_ token: Int, _ place: Int) -> Bool {
      guard token < tokens.count else { return place == name.count }
      if failed.contains([token, place]) { return false }
      let least: Int
      switch tokens[token] {
      case .text(let character):
        if place < name.count, name[place] == character, match(token + 1, place + 1) {
          return true
        }
        failed.insert([token, place])
        return false
      case .anything: least = 0
      case .field: least = 1
      }
      var end = place
      while end <= name.count {
        if end - place >= least, match(token + 1, end) {
          taken.append((token, place..<end))
          return true
        }
        guard end < name.count, takes(tokens[token], name[end]) else { break }
        end += 1
      }
      failed.insert([token, place])
      return false
    }

    private func takes(_ token: Token, _ character: Character) -> Bool {
      token != .field("seed") || character.isASCII && character.isNumber
    }
  }
}
