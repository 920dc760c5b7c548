// SPDX-License-Identifier: MIT

/// A place in a text, as an editor shows it.
package struct SourcePosition: Sendable, Hashable, Comparable {
  /// Counted from 1.
  package let line: Int
  /// Counted from 1, in Unicode characters (grapheme clusters); a tab is one.
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// By line, then by column.
  package static func < (a: SourcePosition, b: SourcePosition) -> Bool {
    (a.line, a.column) < (b.line, b.column)
  }
}

/// A stretch of a text; `end` is the place just behind it.
package struct SourceRange: Sendable, Hashable {
  package let start: SourcePosition
  package let end: SourcePosition

  package init(start: SourcePosition, end: SourcePosition) {
    self.start = start
    self.end = end
  }
}
