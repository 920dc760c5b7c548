// SPDX-License-Identifier: MIT

/// Rows that share one scale: a name at the left, a strip, a number at the right; on a narrow sheet
/// name and number stand above the strip.
struct StripRows {
  /// Where strips begin and end, in points.
  let left: Double
  let right: Double
  /// What names take above each strip; 0 where they stand beside it.
  let nameHeight: Double
  /// Height of a strip.
  let stripHeight: Double

  var rowHeight: Double { nameHeight + stripHeight }
}

extension Sheet {
  /// The rows' measures, from what is to be written beside them.
  func stripRows(names: [String], numbers: [String], stripHeight: Double) -> StripRows {
    if !isWide {
      return StripRows(
        left: margin + 6, right: width - margin - 6, nameHeight: labelStyle.lineHeight + 2,
        stripHeight: stripHeight)
    }
    let name = names.map { labelStyle.width(of: $0) }.max() ?? 0
    let number = numbers.map { tickStyle.width(of: $0) }.max() ?? 0
    let left = margin + min(name, innerWidth * 0.34) + 14
    let right = max(width - margin - min(number, innerWidth * 0.4) - 16, left + 20)
    return StripRows(left: left, right: right, nameHeight: 0, stripHeight: stripHeight)
  }

  /// Adds a row's name and number; the strip itself begins `rows.nameHeight` below `top`.
  mutating func addNames(
    _ name: String, number: String, top: Double, rows: StripRows, isClear: Bool = false
  ) {
    let y = isWide ? top + rows.stripHeight / 2 : top + rows.nameHeight / 2 + 1
    let numberStyle = TextStyle(size: tickStyle.size, weight: isClear ? .semibold : .regular)
    let room = isWide ? innerWidth * 0.4 : innerWidth * 0.5
    let written = numberStyle.truncated(number, to: room)
    let free =
      isWide
      ? rows.left - 14 - margin : innerWidth - numberStyle.width(of: written) - 12
    add(
      text: labelStyle.truncated(name, to: free), at: Point(margin, y), style: labelStyle,
      color: theme.ink, baseline: .middle)
    add(
      text: written, at: Point(width - margin, y), style: numberStyle,
      color: isClear ? theme.ink : theme.mutedInk, anchor: .end, baseline: .middle)
  }

  /// Adds a line of semibold text over a group of rows.
  mutating func addGroupTitle(_ title: String) {
    if title.isEmpty { return }
    addParagraph(
      title, style: TextStyle(size: labelStyle.size, weight: .semibold), color: theme.ink,
      maximumLines: 1)
    bottom += 3
  }

  /// Adds the sentence of a figure that has nothing to show.
  mutating func addNothing(_ sentence: String = "no data yet") {
    addParagraph(sentence, style: labelStyle, color: theme.mutedInk, maximumLines: 1)
  }
}
