// SPDX-License-Identifier: MIT

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
