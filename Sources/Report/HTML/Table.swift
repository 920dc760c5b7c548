// SPDX-License-Identifier: MIT

import Diagnostics
import Plotting
import Statistics

/// A number in a table.
struct Cell {
  var text: String
  /// What it is sorted by, and what the CSV has; empty sorts last, whichever way.
  var value: String
  /// Set back because there is no number.
  var isWeak = false
}

/// A column of a table on the page and in its CSV: one list of columns makes both.
struct Column<Row> {
  typealias Fields = KeyValuePairs<String, (Row) -> (any CSVField)?>
  typealias Field = (name: String, value: (Row) -> (any CSVField)?)

  /// nil for a column that only the CSV has.
  let head: HTML?
  /// The whole element of a row.
  let html: (Row) -> HTML
  /// Its columns in the CSV; none for one that only the page has.
  let fields: [Field]

  /// Numbers.
  ///
  /// - Parameters:
  ///   - sort: `descending` or `ascending` where the table comes sorted by this column.
  ///   - field: what the CSV calls the cells' values; nil leaves them out.
  ///   - isShown: whether the page has it too.
  ///   - isHead: whether its cells are the heads of the rows.
  ///   - more: what else the CSV has beside them.
  init(
    _ title: String, _ explanation: String, sort: String? = nil, _ field: String? = nil,
    isShown: Bool = true, isHead: Bool = false, more: Fields = [:], cell: @escaping (Row) -> Cell
  ) {
    head = isShown ? Self.head(title, explanation, sort: sort, isNumber: true) : nil
    html = { row in
      let cell = cell(row)
      let value: HTML = "data-value=\"\(cell.value)\">\(cell.text)"
      return isHead
        ? "<th scope=\"row\" class=\"number\" \(value)</th>\n"
        : "<td class=\"number\(" weak", if: cell.isWeak)\" \(value)</td>\n"
    }
    let own: [Field] = field.map { [($0, { cell($0).value })] } ?? []
    fields = own + more.map { ($0.key, $0.value) }
  }

  /// Anything else.
  ///
  /// - Parameter html: the whole element of a row.
  init(_ title: String, _ explanation: String, _ fields: Fields, html: @escaping (Row) -> HTML) {
    head = Self.head(title, explanation, sort: nil, isNumber: false)
    self.html = html
    self.fields = fields.map { ($0.key, $0.value) }
  }

  /// Columns that only the CSV has.
  init(_ fields: Fields) {
    head = nil
    html = { _ in "" }
    self.fields = fields.map { ($0.key, $0.value) }
  }

  private static func head(
    _ title: String, _ explanation: String, sort: String?, isNumber: Bool
  ) -> HTML {
    let sorted = sort.map { " aria-sort=\"\($0)\"" as HTML }
    return """
      <th scope="col"\(" class=\"number\"", if: isNumber)\(sorted) title="\(explanation)">\
      <span>\(title)</span></th>

      """
  }
}

/// Rows under columns.
struct Table<Row> {
  let columns: [Column<Row>]
  let rows: [Row]

  /// The table in a region that scrolls by itself.
  ///
  /// - Parameters:
  ///   - label: of the region.
  ///   - isTall: whether it has a window of its own, so that what follows is found.
  ///   - style: a class beside `sortable`.
  ///   - series: the number of a row's style, which marks it as that variant's.
  func html(
    _ label: String, caption: String, isTall: Bool, style: HTML = "",
    series: ((Row) -> Int)? = nil
  ) -> HTML {
    let shown = columns.filter { $0.head != nil }
    let body = rows.html { row in
      let mark = series.map { " \(seriesMark($0(row)))" as HTML }
      return "<tr\(mark)>\n\(shown.html { $0.html(row) })</tr>\n"
    }
    return scrolled(
      label, caption: caption, isTall: isTall, style: "sortable\(style)",
      head: shown.html { $0.head ?? "" }, body: body)
  }

  var csv: CSVTable {
    let fields = columns.flatMap(\.fields)
    var table = CSVTable(fields.map(\.name))
    for row in rows { table.add(fields.map { $0.value(row) }) }
    return table
  }
}

/// A table in a region that scrolls by itself.
func scrolled(
  _ label: String, caption: String, isTall: Bool = false, style: HTML? = nil, head: HTML,
  body: HTML
) -> HTML {
  """
  <div class="scroll\(" tall", if: isTall)" role="region" aria-label="\(label)" tabindex="0">
  <table\(style.map { " class=\"\($0)\"" })>
  <caption class="visually-hidden">\(caption)</caption>
  <thead><tr>\(head)</tr></thead>
  <tbody>
  \(body)</tbody>
  </table>
  </div>

  """
}

/// The head of a row: what it is of, behind its colour.
func rowHead(_ label: String, order: Int? = nil, note: String? = nil) -> HTML {
  let place = order.map { " data-value=\"\($0)\"" as HTML }
  let note = note.map { "<span class=\"row-note\">\($0)</span>" as HTML }
  return """
    <th scope="row"\(place)><span class="swatch" aria-hidden="true"></span>\(label)\(note)</th>

    """
}

extension Estimate {
  init(_ value: Double?, _ interval: BootstrapInterval?, isClear: Bool = false) {
    self.init(value, interval?.lower, interval?.upper, isClear: isClear)
  }
}

extension Cell {
  static func score(_ value: Double?, _ precision: Precision? = nil) -> Cell {
    Cell(text: Wording.score(value, precision), value: exact(value), isWeak: value == nil)
  }

  static func interval(_ interval: BootstrapInterval?, _ precision: Precision? = nil) -> Cell {
    Cell(
      text: Wording.bounds(interval, precision), value: exact(interval?.lower),
      isWeak: interval == nil)
  }

  static func duration(_ seconds: Double?) -> Cell {
    Cell(text: Durations.text(seconds), value: exact(seconds), isWeak: seconds == nil)
  }

  static func count(_ number: Int?) -> Cell {
    Cell(
      text: number.map { Numbers.whole($0) } ?? Numbers.nothing,
      value: number.map(String.init) ?? "", isWeak: number == nil)
  }

  static func fixed(_ value: Double?, decimals: Int) -> Cell {
    Cell(
      text: value.map { Numbers.fixed($0, decimals: decimals) } ?? Numbers.nothing,
      value: exact(value), isWeak: value == nil)
  }

  /// `5`, or `4 of 5`; weak without one.
  static func share(_ part: Int, of all: Int) -> Cell {
    Cell(text: part == all ? "\(all)" : "\(part) of \(all)", value: "\(part)", isWeak: part == 0)
  }
}
