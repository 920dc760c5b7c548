// SPDX-License-Identifier: MIT

/// A text that findings point into: a file, or what was typed behind an option.
///
/// Lines end with LF, CRLF or CR. Bytes that are no UTF-8 are shown as U+FFFD.
package final class SourceText: Sendable {
  /// What stands before `:LINE:COLUMN`, such as `experiments/demo.json` or `--set`.
  package let name: String
  package let bytes: [UInt8]
  private let lineStarts: [Int]

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (i, byte) in bytes.enumerated() {
      let endsLine =
        byte == 0x0A || (byte == 0x0D && !(i + 1 < bytes.count && bytes[i + 1] == 0x0A))
      if endsLine { starts.append(i + 1) }
    }
    lineStarts = starts
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
  /// - Complexity: O(log lines + length of the line up to there).
  package func position(at offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let line = lineRange(low)
    let prefix = bytes[line.lowerBound..<min(offset, line.upperBound)]
    let isASCII = prefix.allSatisfy { $0 < 0x80 }
    let count = isASCII ? prefix.count : String(decoding: prefix, as: UTF8.self).count
    return SourcePosition(line: low + 1, column: count + 1)
  }

  /// The places of the first byte of `range` and of the one behind it.
  package func range(of range: Range<Int>) -> SourceRange {
    SourceRange(start: position(at: range.lowerBound), end: position(at: range.upperBound))
  }

  private func lineRange(_ index: Int) -> Range<Int> {
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }
}
