// SPDX-License-Identifier: MIT

/// A name at the right of a plot, beside the end of its line.
struct EndLabel {
  /// What the line is called.
  let label: String
  /// Written after the label in muted ink; may be empty.
  let value: String
  /// Where the line ends.
  let end: Point
  /// Nil for a reference line, whose name is muted.
  let color: Paint?
}

extension Sheet {
  /// The room that names beside a plot take, or nil where they would take too much, or move too far
  /// from their lines, and a legend serves better.
  ///
  /// - Parameter labels: with the line's ends from the top of the plot.
  func endLabelRoom(_ labels: [EndLabel], plotHeight: Double) -> Double? {
    let ends = labels.map(\.end.y)
    let widest =
      labels.map { label in
        labelStyle.width(of: label.label)
          + (label.value.isEmpty ? 0 : 6 + labelStyle.width(of: label.value))
      }.max() ?? 0
    guard isWide, widest <= width * 0.3,
      let placed = spread(ends, height: endLabelHeight, within: -4...(plotHeight + 4))
    else { return nil }
    let farthest = zip(ends, placed).map { abs($0 - $1) }.max() ?? 0
    return farthest <= endLabelHeight * 3 ? widest + 22 : nil
  }

  /// Adds the names, spread so that none overlaps, each tied to its line's end where it moved.
  mutating func addEndLabels(_ labels: [EndLabel], in area: PlotArea) {
    let range = (area.rect.y - 4)...(area.rect.bottom + 4)
    let placed = spread(labels.map(\.end.y), height: endLabelHeight, within: range)
    guard let placed else { return }
    let x = area.rect.right + 20
    for (label, y) in zip(labels, placed) {
      let isApart = abs(y - label.end.y) > 2 || label.end.x < area.rect.right - 2
      if isApart {
        let turn = Point(area.rect.right + 4, label.end.y)
        marks.append(
          .line(
            [
              label.color == nil ? turn : Point(label.end.x + 4, label.end.y), turn,
              Point(x - 4, y),
            ],
            Stroke((label.color ?? .axis).opacity(0.55), width: 0.75)))
      }
      add(
        text: label.label, at: Point(x, y), style: labelStyle,
        color: label.color == nil ? .mutedInk : .ink, baseline: .middle)
      add(
        text: label.value, at: Point(x + labelStyle.width(of: label.label) + 6, y),
        style: labelStyle, color: .mutedInk, baseline: .middle)
    }
  }

  private var endLabelHeight: Double { labelStyle.ascent + labelStyle.descent + 0.5 }
}

/// Moves labels of equal height along one line as little as it takes for none to overlap.
///
/// - Parameters:
///   - wanted: the middles the labels would like to have, in points, in any order.
///   - height: what each label takes, in points.
///   - range: where labels must lie as a whole.
/// - Returns: a middle for each label, in the order given, or nil where they do not fit.
func spread(
  _ wanted: [Double], height: Double, within range: ClosedRange<Double>
) -> [Double]? {
  let room = range.upperBound - range.lowerBound
  if Double(wanted.count) * height > room + 1e-9 { return nil }
  // Blocks of touching labels, merged while they overlap: the pool-adjacent-violators way.
  struct Block {
    var first: Int
    var count: Int
    /// Sum of the tops that its first label would need for each label to lie where it wants.
    var sum: Double
    func top(_ height: Double, _ range: ClosedRange<Double>) -> Double {
      let free = sum / Double(count)
      return min(max(free, range.lowerBound), range.upperBound - Double(count) * height)
    }
  }
  let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
  var blocks: [Block] = []
  for (rank, index) in order.enumerated() {
    var block = Block(first: rank, count: 1, sum: wanted[index] - height / 2)
    while let above = blocks.last,
      above.top(height, range) + Double(above.count) * height > block.top(height, range) + 1e-9
    {
      blocks.removeLast()
      let shift = Double(above.count * block.count) * height
      block = Block(
        first: above.first, count: above.count + block.count, sum: above.sum + block.sum - shift)
    }
    blocks.append(block)
  }
  var placed = wanted
  for block in blocks {
    let top = block.top(height, range)
    for offset in 0..<block.count {
      placed[order[block.first + offset]] = top + (Double(offset) + 0.5) * height
    }
  }
  return placed
}

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
