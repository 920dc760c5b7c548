// SPDX-License-Identifier: MIT
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

extension TerminalText {
  /// Texts cut to at most `columns` so that different ones still look different: in the middle, and
  /// where that makes two alike, so that the part shows in which they differ. Where even that part
  /// has no room they are numbered.
  package static func distinct(_ texts: [String], columns: Int, mark: String) -> [String] {
    var seen: Set<String> = []
    let different = texts.filter { seen.insert($0).inserted }
    let groups = Dictionary(
      grouping: different, by: { fitted($0, columns: columns, mark: mark) })
    var shown: [String: String] = [:]
    var taken: Set<String> = []
    for (short, group) in groups where group.count == 1 {
      shown[group[0]] = short
      taken.insert(short)
    }
    for text in different where shown[text] == nil {
      let group = groups[fitted(text, columns: columns, mark: mark)] ?? []
      let cut = Cut(group)
      for text in group {
        let parted = cut.shown(text, columns: columns, mark: mark)
        shown[text] = taken.insert(parted).inserted ? parted : nil
      }
      var number = 0
      for text in group where shown[text] == nil {
        var numbered = ""
        repeat {
          number += 1
          let tail = "\(mark)\(number)"
          numbered = Self.taken(text, columns: max(0, columns - width(tail))) + tail
        } while !taken.insert(numbered).inserted
        shown[text] = numbered
      }
    }
    return texts.map { shown[$0] ?? $0 }
  }

  /// What different texts have in common at both ends.
  private struct Cut {
    let head: Int
    let tail: Int

    init(_ texts: [String]) {
      let all = texts.map { Array($0) }
      let first = all.first ?? []
      var head = all.map(\.count).min() ?? 0
      for text in all { head = zip(first, text.prefix(head)).prefix { $0 == $1 }.count }
      var tail = (all.map(\.count).min() ?? 0) - head
      for text in all {
        tail = zip(first.reversed(), text.reversed().prefix(tail)).prefix { $0 == $1 }.count
      }
      (self.head, self.tail) = (head, tail)
    }

    /// The part that differs, with as much of the ends as has room.
    func shown(_ text: String, columns: Int, mark: String) -> String {
      let core = String(text.dropFirst(head).dropLast(tail))
      let room = columns - TerminalText.width(core) - 2 * TerminalText.width(mark)
      guard room >= 0 else { return TerminalText.fitted(core, columns: columns, mark: mark) }
      let start = TerminalText.taken(String(text.prefix(head)), columns: (room + 1) / 2)
      let left = room - TerminalText.width(start)
      let end = String(
        TerminalText.taken(String(text.suffix(tail).reversed()), columns: left).reversed())
      return start + mark + core + (tail > 0 ? mark + end : "")
    }
  }
}
