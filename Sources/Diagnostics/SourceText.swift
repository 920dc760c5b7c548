// SPDX-License-Identifier: MIT

import Synchronization

/// A text that findings point into: a file, or what was typed behind an option.
///
/// Lines end with LF, CRLF or CR. Bytes that are no UTF-8 are shown as U+FFFD.
package final class SourceText: Sendable {
  /// What stands before `:LINE:COLUMN`, such as `experiments/demo.json` or `--set`.
  package let name: String
  package let bytes: [UInt8]
  private let lineStarts: [Int]
  /// Of each line: its bytes are its characters.
  private let isASCII: [Bool]
  /// Of each other line, once it was asked for.
  private let marks = Mutex<[Int: [Mark]]>([:])

  /// How many characters of a line stand before a byte.
  private struct Mark {
    let offset: Int
    let characters: Int
  }

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    var isASCII = [true]
    for (i, byte) in bytes.enumerated() {
      if byte >= 0x80 { isASCII[isASCII.count - 1] = false }
      let endsLine =
        byte == 0x0A || (byte == 0x0D && !(i + 1 < bytes.count && bytes[i + 1] == 0x0A))
      if endsLine {
        starts.append(i + 1)
        isASCII.append(true)
      }
    }
    lineStarts = starts
    self.isASCII = isASCII
  }

  package convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The text of a line without its end; empty for a line that does not exist.
  package func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    return String(decoding: bytes[lineRange(number - 1)], as: UTF8.self)
  }

  /// The place of the byte at `offset`, which may be the end of the text.
  ///
  /// - Complexity: O(log lines), where the line is not ASCII alone after a first look at all of it:
  ///   so many places on one long line cost no more than on many short ones.
  package func position(at offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let line = lineRange(low)
    let stop = min(offset, line.upperBound)
    guard !isASCII[low] else {
      return SourcePosition(line: low + 1, column: stop - line.lowerBound + 1)
    }
    let mark = mark(before: stop, ofLine: low)
    let rest = String(decoding: bytes[mark.offset..<stop], as: UTF8.self).count
    return SourcePosition(line: low + 1, column: mark.characters + rest + 1)
  }

  /// The places of the first byte of `range` and of the one behind it.
  package func range(of range: Range<Int>) -> SourceRange {
    SourceRange(start: position(at: range.lowerBound), end: position(at: range.upperBound))
  }

  private func mark(before offset: Int, ofLine index: Int) -> Mark {
    let known = marks.withLock { all in
      let found = all[index] ?? Self.marks(bytes, lineRange(index))
      all[index] = found
      return found
    }
    var low = 0
    var high = known.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if known[middle].offset <= offset { low = middle } else { high = middle }
    }
    return known[low]
  }

  /// Between two ASCII characters of a line there is always the end of a character, so that what
  /// stands before and behind can be counted apart.
  private static func marks(_ bytes: [UInt8], _ line: Range<Int>) -> [Mark] {
    var marks = [Mark(offset: line.lowerBound, characters: 0)]
    for i in line.dropFirst() {
      let last = marks[marks.count - 1]
      guard i - last.offset >= 256, bytes[i] < 0x80, bytes[i - 1] < 0x80 else { continue }
      let count = String(decoding: bytes[last.offset..<i], as: UTF8.self).count
      marks.append(Mark(offset: i, characters: last.characters + count))
    }
    return marks
  }

  private func lineRange(_ index: Int) -> Range<Int> {
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }
}

/// A place in a text, as an editor shows it.
package struct SourcePosition: Sendable, Hashable, Comparable {
  /// Counted from 1.
  package let line: Int
  /// Counted from 1, in Unicode characters (grapheme clusters); a tab is one.
  package let column: Int

  package init(line: Int, column: Int) { (self.line, self.column) = (line, column) }

  /// By line, then by column.
  package static func < (a: SourcePosition, b: SourcePosition) -> Bool {
    (a.line, a.column) < (b.line, b.column)
  }
}

/// A stretch of a text; `end` is the place just behind it.
package struct SourceRange: Sendable, Hashable {
  package let start: SourcePosition
  package let end: SourcePosition

  package init(start: SourcePosition, end: SourcePosition) { (self.start, self.end) = (start, end) }
}
