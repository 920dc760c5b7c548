// SPDX-License-Identifier: MIT

import Diagnostics
package import Runner

/// Rows under headings, aligned, and fitted to a width: first the texts that may be cut are cut so
/// that different ones stay different, then the columns that matter least are left out.
package struct TextTable {
  package struct Column {
    package var title: String
    /// Numbers stand to the right.
    package var isRight: Bool
    /// Those with the greatest are left out first; 0 stays.
    package var rank: Int
    /// The least width to which its texts may be cut; nil where they must stay whole.
    package var least: Int?

    package init(_ title: String, right: Bool = false, rank: Int = 0, least: Int? = nil) {
      self.title = title
      self.isRight = right
      self.rank = rank
      self.least = least
    }
  }

  package struct Cell {
    package var text: String
    package var role: TerminalText.Role

    /// What could move the cursor is escaped.
    package init(_ text: String, _ role: TerminalText.Role = .plain) {
      self.text = DisplayText.escaped(text)
      self.role = role
    }
  }

  /// Shown where a trial has no such value.
  package static let nothing = "–"
  private static let gap = 2

  package var columns: [Column]
  package var rows: [[Cell]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// The heading and the rows, without line ends.
  ///
  /// - Parameter width: columns of the terminal; nil for no limit.
  package func lines(width: Int?, color: Bool) -> [String] {
    var shown = columns.indices.filter { index in
      columns[index].rank == 0 || rows.contains { $0[index].text != Self.nothing }
    }
    let natural = columns.indices.map { index in
      ([columns[index].title] + rows.map { $0[index].text }).map(TerminalText.width).max() ?? 0
    }
    var widths = natural
    if let width {
      widths = fitted(natural, shown, to: width)
      while total(widths, shown) > width,
        let last = shown.filter({ columns[$0].rank > 0 }).max(by: {
          (columns[$0].rank, $0) < (columns[$1].rank, $1)
        })
      {
        shown.removeAll { $0 == last }
        widths = fitted(natural, shown, to: width)
      }
    }
    let heading = columns.map { Cell($0.title, .faint) }
    return ([heading] + shortened(shown, to: widths)).map { row in
      var line = TerminalText()
      for (place, index) in shown.enumerated() {
        let cell = row[index]
        let isLast = place == shown.count - 1 && !columns[index].isRight
        let text = TerminalText.clipped(cell.text, columns: widths[index], mark: "…")
        let spaces = String(
          repeating: " ", count: max(0, widths[index] - TerminalText.width(text)))
        if place > 0 { line.append(String(repeating: " ", count: Self.gap)) }
        if columns[index].isRight { line.append(spaces) }
        line.append(text, cell.role)
        if !columns[index].isRight && !isLast { line.append(spaces) }
      }
      return (width.map { line.clipped(columns: $0) } ?? line).rendered(color: color)
    }
  }

  /// The rows with the texts of each column cut to its width, different ones still different.
  private func shortened(_ shown: [Int], to widths: [Int]) -> [[Cell]] {
    var rows = rows
    for index in shown {
      let texts = rows.map { $0[index].text }
      guard texts.contains(where: { TerminalText.width($0) > widths[index] }) else { continue }
      let short = TerminalText.distinct(texts, columns: widths[index], mark: "…")
      for (row, text) in short.enumerated() { rows[row][index].text = text }
    }
    return rows
  }

  private func total(_ widths: [Int], _ shown: [Int]) -> Int {
    shown.reduce(0) { $0 + widths[$1] } + Self.gap * max(0, shown.count - 1)
  }

  /// Cuts the widest of those that may be cut until all fits or nothing more can be cut.
  private func fitted(_ natural: [Int], _ shown: [Int], to width: Int) -> [Int] {
    var widths = natural
    var over = total(widths, shown) - width
    while over > 0,
      let widest = shown.filter({ index in
        columns[index].least.map {
          widths[index] > max($0, TerminalText.width(columns[index].title))
        }
          ?? false
      }).max(by: { widths[$0] < widths[$1] })
    {
      widths[widest] -= 1
      over -= 1
    }
    return widths
  }
}
