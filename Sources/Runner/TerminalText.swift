// SPDX-License-Identifier: MIT

import Diagnostics

/// A line for a terminal: pieces of text, each with the role that decides its colour.
package struct TerminalText: Hashable, Sendable {
  package enum Role: String, Hashable, Sendable {
    case plain, faint, strong, good, bad, caution, filled
  }

  private(set) var pieces: [(text: String, role: Role)] = []

  package init(_ text: String = "", _ role: Role = .plain) { append(text, role) }

  /// Adds a piece; characters that could move the cursor are shown escaped.
  package mutating func append(_ text: String, _ role: Role = .plain) {
    if !text.isEmpty { pieces.append((DisplayText.escaped(text), role)) }
  }

  package static func + (left: TerminalText, right: TerminalText) -> TerminalText {
    var sum = left
    sum.pieces += right.pieces
    return sum
  }

  /// The line cut at its end to at most `columns`.
  package func clipped(columns: Int) -> TerminalText {
    guard width > columns else { return self }
    var (room, line) = (max(0, columns), TerminalText())
    for piece in pieces {
      let text = Self.taken(piece.text, columns: room)
      room = text == piece.text ? room - Self.width(text) : 0
      line.pieces.append((text, piece.role))
    }
    return line
  }

  /// The text alone.
  package var plain: String { pieces.map(\.text).joined() }

  /// Columns that it takes.
  package var width: Int { Self.width(plain) }

  /// The text with its colours (SGR), or alone.
  package func rendered(color: Bool) -> String {
    guard color else { return plain }
    return pieces.map { piece in
      let code = Self.codes[piece.role] ?? ""
      return code.isEmpty ? piece.text : "\u{1B}[\(code)m\(piece.text)\u{1B}[0m"
    }.joined()
  }

  /// Sixteen-colour codes: they follow the terminal's own theme, light or dark.
  private static let codes: [Role: String] = [
    .faint: "2", .strong: "1", .good: "32", .bad: "31", .caution: "33", .filled: "36",
  ]

  package static func == (left: TerminalText, right: TerminalText) -> Bool {
    left.pieces.count == right.pieces.count
      && zip(left.pieces, right.pieces).allSatisfy { $0 == $1 }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(plain) }
}

extension TerminalText {
  /// Columns that `text` takes on a terminal.
  package static func width(_ text: String) -> Int { DisplayText.width(of: text) }

  /// `text` cut in its middle to at most `columns`: labels differ at both ends.
  package static func fitted(_ text: String, columns: Int, mark: String) -> String {
    guard width(text) > columns else { return text }
    let room = columns - width(mark)
    guard room > 0 else { return String(text.prefix(max(0, columns))) }
    let head = String(taken(text, columns: (room + 1) / 2))
    let tail = String(taken(String(text.reversed()), columns: room - width(head)).reversed())
    return head + mark + tail
  }

  /// `text` cut at its end to at most `columns`.
  package static func clipped(_ text: String, columns: Int, mark: String) -> String {
    guard width(text) > columns else { return text }
    return taken(text, columns: max(0, columns - width(mark))) + mark
  }

  /// `text` with spaces up to `columns`.
  package static func padded(_ text: String, columns: Int, right: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, columns - width(text)))
    return right ? spaces + text : text + spaces
  }

  static func taken(_ text: String, columns: Int) -> String {
    var (used, taken) = (0, "")
    for character in text {
      used += width(String(character))
      if used > columns { break }
      taken.append(character)
    }
    return taken
  }
}
