// SPDX-License-Identifier: MIT

import Diagnostics

/// How often something was at each place of a square field.
package struct FieldMap: Sendable {
  /// What it is a map of.
  package let title: String
  /// What else is to be said of it, a line under it.
  package let caption: String
  /// `shares[row][column]`, each 0…1, rows from the top; as many rows as columns.
  package let shares: [[Double]]

  package init(title: String, caption: String, shares: [[Double]]) {
    (self.title, self.caption, self.shares) = (title, caption, shares)
  }

  /// The largest share and its place, from 0; the first of equals.
  fileprivate var most: (share: Double, row: Int, column: Int) {
    var most = (share: 0.0, row: 0, column: 0)
    for (row, line) in shares.enumerated() {
      for (column, share) in line.enumerated() where share > most.share {
        most = (share, row, column)
      }
    }
    return most
  }
}

extension Figure {
  /// Heat maps of one field side by side, each in shades up to its own largest share.
  package static func fieldMaps(title: String = "", _ maps: [FieldMap]) -> Figure {
    let panels = FieldMaps(maps: maps)
    return Figure("Maps of the field", title: title) { panels.draw(on: &$0) }
  }
}

/// See `Figure.fieldMaps`.
private struct FieldMaps {
  let maps: [FieldMap]

  private static let shade = Paint.series(0)
  private static let gap = 14.0

  func draw(on sheet: inout Sheet) -> String? {
    if maps.isEmpty { return nil }
    let columns = sheet.isWide ? max(3, min(maps.count, 6)) : 2
    let room = (sheet.innerWidth - Self.gap * Double(columns - 1)) / Double(columns)
    for start in stride(from: 0, to: maps.count, by: columns) {
      if start > 0 { sheet.bottom += Self.gap }
      let row = maps[start..<min(start + columns, maps.count)]
      let titles = row.map { sheet.labelStyle.wrapped($0.title, to: room, maximumLines: 2) }
      let captions = row.map { map in
        sheet.tickStyle.wrapped(
          "\(map.caption); in one cell at most \(Numbers.percent(map.most.share))", to: room,
          maximumLines: 4)
      }
      let top = sheet.bottom
      let head = Double(titles.map(\.count).max() ?? 1) * sheet.labelStyle.lineHeight + 4
      for (place, map) in row.enumerated() {
        let left = sheet.margin + Double(place) * (room + Self.gap)
        add(titles[place], at: Point(left, top), sheet.labelStyle, .ink, to: &sheet)
        add(map, in: Rect(x: left, y: top + head, width: room, height: room), to: &sheet)
        add(
          captions[place], at: Point(left, top + head + room + 4), sheet.tickStyle, .mutedInk,
          to: &sheet)
      }
      let foot = Double(captions.map(\.count).max() ?? 1) * sheet.tickStyle.lineHeight
      sheet.bottom = top + head + room + 4 + foot
    }
    return maps.map { map in
      let most = map.most
      return "\(map.title): most often, \(Numbers.percent(most.share)), at row \(most.row + 1) of"
        + " \(map.shares.count) from the top and column \(most.column + 1) from the left;"
        + " \(map.caption)."
    }.joined(separator: " ")
  }

  private func add(
    _ lines: [String], at corner: Point, _ style: TextStyle, _ color: Paint, to sheet: inout Sheet
  ) {
    for (number, line) in lines.enumerated() {
      let y = corner.y + style.ascent + Double(number) * style.lineHeight
      sheet.add(text: line, at: Point(corner.x, y), style: style, color: color)
    }
  }

  private func add(_ map: FieldMap, in rect: Rect, to sheet: inout Sheet) {
    let side = rect.width / Double(max(1, map.shares.count))
    let most = map.most.share
    for (row, line) in map.shares.enumerated() {
      for (column, share) in line.enumerated() where share > 0 {
        let cell = Rect(
          x: rect.x + Double(column) * side, y: rect.y + Double(row) * side, width: side,
          height: side)
        sheet.marks.append(.rect(cell, fill: Self.shade.opacity(share / most)))
      }
    }
    sheet.marks.append(.rect(rect, fill: nil, stroke: Stroke(.axis)))
  }
}
