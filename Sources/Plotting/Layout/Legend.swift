// SPDX-License-Identifier: MIT

/// One line of a legend.
struct LegendEntry {
  /// What the line is called.
  let label: String
  /// Written after the label in muted ink, such as the final value; may be empty.
  let value: String
  /// How the line is drawn.
  let stroke: Stroke
}

extension Sheet {
  /// Adds a legend in columns of equal width, read across, over the inner width.
  mutating func addLegend(_ entries: [LegendEntry]) {
    if entries.isEmpty { return }
    let style = labelStyle
    let swatch = 20.0
    let gap = 18.0
    func valueWidth(_ entry: LegendEntry) -> Double {
      entry.value.isEmpty ? 0 : 6 + style.width(of: entry.value)
    }
    let widest = entries.map { swatch + 6 + style.width(of: $0.label) + valueWidth($0) }.max() ?? 0
    let columns = min(entries.count, max(1, Int((innerWidth + gap) / (widest + gap))))
    // Even the columns out: 5 entries in 4 columns read better as 3 and 2.
    let rows = (entries.count + columns - 1) / columns
    let balanced = (entries.count + rows - 1) / rows
    // A hair more than the widest entry, whose parts round differently when taken singly.
    let columnWidth = min(
      widest + 0.5, (innerWidth - gap * Double(balanced - 1)) / Double(balanced))
    bottom += 8
    let rooms = entries.map { columnWidth - swatch - 6 - valueWidth($0) }
    let fit = zip(entries, rooms).allSatisfy { style.width(of: $0.label) <= $1 }
    let labels =
      fit ? entries.map(\.label) : style.shortened(entries.map(\.label), to: rooms.min() ?? 0)
    for (index, entry) in entries.enumerated() {
      let x = margin + Double(index % balanced) * (columnWidth + gap)
      let y = bottom + (Double(index / balanced) + 0.5) * style.lineHeight
      marks.append(.line([Point(x + 1, y), Point(x + swatch - 1, y)], entry.stroke))
      let label = labels[index]
      let labelX = x + swatch + 6
      add(text: label, at: Point(labelX, y), style: style, color: .ink, baseline: .middle)
      add(
        text: entry.value, at: Point(labelX + style.width(of: label) + 6, y), style: style,
        color: .mutedInk, baseline: .middle)
    }
    bottom += Double(rows) * style.lineHeight
  }
}
