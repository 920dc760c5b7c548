// SPDX-License-Identifier: MIT

package import Diagnostics

/// What a table shows in one place.
package struct TableCell {
  package var text: String
  package var role: TerminalText.Role

  /// What could move the cursor is escaped.
  package init(_ text: String?, _ role: TerminalText.Role = .plain) {
    self.text = DisplayText.escaped(text ?? Numbers.nothing)
    self.role = role
  }
}

/// A row for each value under headings, aligned, and fitted to a width: first the texts that may be
/// cut are cut so that different ones stay different, then the columns that matter least are left
/// out.
package struct TextTable<Row> {
  package struct Column {
    let title: String
    let isRight: Bool
    let rank: Int
    let least: Int?
    let cell: (Row) -> TableCell

    /// - Parameters:
    ///   - right: whether it is aligned to the right, as numbers are.
    ///   - rank: columns with the greatest are left out first; 0 stays.
    ///   - least: the least width to which its texts may be cut; nil where they must stay whole.
    ///   - cell: what it shows of a row.
    package init(
      _ title: String, right: Bool = false, rank: Int = 0, least: Int? = nil,
      cell: @escaping (Row) -> TableCell
    ) {
      (self.title, isRight, self.rank) = (title, right, rank)
      (self.least, self.cell) = (least, cell)
    }
  }

  private let columns: [Column]
  private let cells: [[TableCell]]

  package init(_ columns: [Column], rows: [Row]) {
    self.columns = columns
    cells = rows.map { row in columns.map { $0.cell(row) } }
  }

  /// The heading and the rows, without line ends. A column in which no row has anything is left out.
  ///
  /// - Parameter width: columns of the terminal; nil for no limit.
  package func lines(width: Int?, color: Bool) -> [String] {
    var shown = columns.indices.filter { index in
      columns[index].rank == 0 || cells.contains { $0[index].text != Numbers.nothing }
    }
    let natural = columns.indices.map { index in
      ([columns[index].title] + cells.map { $0[index].text }).map(TerminalText.width).max() ?? 0
    }
    var widths = natural
    if let width {
      widths = fitted(natural, shown, to: width)
      while total(widths, shown) > width,
        let last = shown.filter({ columns[$0].rank > 0 })
          .max(by: { (columns[$0].rank, $0) < (columns[$1].rank, $1) })
      {
        shown.removeAll { $0 == last }
        widths = fitted(natural, shown, to: width)
      }
    }
    let heading = columns.map { TableCell($0.title, .faint) }
    return ([heading] + shortened(shown, to: widths)).map { row in
      var line = TerminalText()
      for (place, index) in shown.enumerated() {
        let isRight = columns[index].isRight
        let text = TerminalText.clipped(row[index].text, columns: widths[index], mark: "…")
        let spaces = String(
          repeating: " ", count: max(0, widths[index] - TerminalText.width(text)))
        if place > 0 { line.append("  ") }
        if isRight { line.append(spaces) }
        line.append(text, row[index].role)
        if !isRight && place < shown.count - 1 { line.append(spaces) }
      }
      return (width.map { line.clipped(columns: $0) } ?? line).rendered(color: color)
    }
  }

  /// The rows with the texts of each column cut to its width, different ones still different.
  private func shortened(_ shown: [Int], to widths: [Int]) -> [[TableCell]] {
    var cells = cells
    for index in shown {
      let texts = cells.map { $0[index].text }
      guard texts.contains(where: { TerminalText.width($0) > widths[index] }) else { continue }
      let short = TerminalText.distinct(texts, columns: widths[index], mark: "…")
      for (row, text) in short.enumerated() { cells[row][index].text = text }
    }
    return cells
  }

  private func total(_ widths: [Int], _ shown: [Int]) -> Int {
    shown.reduce(0) { $0 + widths[$1] } + 2 * max(0, shown.count - 1)
  }

  /// Cuts the widest of those that may be cut until all fits or nothing more can be cut.
  private func fitted(_ natural: [Int], _ shown: [Int], to width: Int) -> [Int] {
    var widths = natural
    for _ in 0..<max(0, total(widths, shown) - width) {
      let cuttable = shown.filter { index in
        columns[index].least.map {
          widths[index] > max($0, TerminalText.width(columns[index].title))
        } ?? false
      }
      guard let widest = cuttable.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }
}
