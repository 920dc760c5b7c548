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
  /// The names as they fit, by the names as they are.
  var shown: [String: String] = [:]

  var rowHeight: Double { nameHeight + stripHeight }
}

extension Sheet {
  /// The rows' measures, from what is to be written beside them.
  func stripRows(names: [String], numbers: [String], stripHeight: Double) -> StripRows {
    let name = names.map { labelStyle.width(of: $0) }.max() ?? 0
    let number = numbers.map { tickStyle.width(of: $0) }.max() ?? 0
    let left = margin + (isWide ? min(name, innerWidth * 0.4) + 14 : 6)
    let right = isWide ? width - margin - min(number, innerWidth * 0.4) - 16 : width - margin - 6
    // A hair more than the widest, whose parts round differently.
    let room = isWide ? left - 13.9 - margin : innerWidth - min(number * 1.1, innerWidth * 0.5) - 12
    return StripRows(
      left: left, right: max(right, left + 20),
      nameHeight: isWide ? 0 : labelStyle.lineHeight + 2, stripHeight: stripHeight,
      shown: Dictionary(
        zip(names, labelStyle.shortened(names, to: room)), uniquingKeysWith: { first, _ in first }))
  }

  /// Adds a row's name and number; the strip itself begins `rows.nameHeight` below `top`.
  mutating func addNames(
    _ name: String, number: String, top: Double, rows: StripRows, isClear: Bool = false
  ) {
    let y = isWide ? top + rows.stripHeight / 2 : top + rows.nameHeight / 2 + 1
    let numberStyle = TextStyle(size: tickStyle.size, weight: isClear ? .semibold : .regular)
    let room = isWide ? innerWidth * 0.4 : innerWidth * 0.5
    add(
      text: rows.shown[name] ?? name, at: Point(margin, y), style: labelStyle,
      color: .ink, baseline: .middle)
    add(
      text: numberStyle.truncated(number, to: room), at: Point(width - margin, y),
      style: numberStyle,
      color: isClear ? .ink : .mutedInk, anchor: .end, baseline: .middle)
  }

  /// Adds a line of semibold text over a group of rows.
  mutating func addGroupTitle(_ title: String) {
    if title.isEmpty { return }
    addParagraph(
      title, style: TextStyle(size: labelStyle.size, weight: .semibold), color: .ink,
      maximumLines: 1)
    bottom += 3
  }

  /// Adds the sentence of a figure that has nothing to show.
  mutating func addNothing(_ sentence: String = "no data yet") {
    addParagraph(sentence, style: labelStyle, color: .mutedInk, maximumLines: 1)
  }
}
