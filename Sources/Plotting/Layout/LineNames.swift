// SPDX-License-Identifier: MIT

/// The name of a line, beside its end or in a legend.
struct LineName {
  /// What the line is called.
  let label: String
  /// Written after the label in muted ink, such as the final value; may be empty.
  var value = ""
  /// How the line is drawn.
  let stroke: Stroke
  /// Where the line ends; nil in a legend.
  var end: Point?
  /// Whether it is a reference line, whose name is muted beside the plot.
  var isReference = false
  /// Which of the chart's lines it names, reference lines behind the others; nil where that is of no
  /// use.
  var line: Int?

  /// How wide the name and its value are.
  func width(_ style: TextStyle) -> Double {
    style.width(of: label) + (value.isEmpty ? 0 : 6 + style.width(of: value))
  }
}

extension Sheet {
  /// The room that names beside a plot take, or nil where they would take too much, or move too far
  /// from their lines, and a legend serves better.
  ///
  /// - Parameter labels: with the line's ends from the top of the plot.
  func endLabelRoom(_ labels: [LineName], plotHeight: Double) -> Double? {
    let ends = labels.compactMap(\.end?.y)
    let widest = labels.map { $0.width(labelStyle) }.max() ?? 0
    guard isWide, widest <= width * 0.3,
      let placed = spread(ends, height: endLabelHeight, within: -4...(plotHeight + 4))
    else { return nil }
    let farthest = zip(ends, placed).map { abs($0 - $1) }.max() ?? 0
    return farthest <= endLabelHeight * 3 ? widest + 22 : nil
  }

  /// Adds the names, spread so that none overlaps, each tied to its line's end where it moved.
  mutating func addEndLabels(_ labels: [LineName], in area: PlotArea) {
    let range = (area.rect.y - 4)...(area.rect.bottom + 4)
    let ends = labels.compactMap(\.end)
    guard let placed = spread(ends.map(\.y), height: endLabelHeight, within: range) else { return }
    let x = area.rect.right + 20
    for (label, (end, y)) in zip(labels, zip(ends, placed)) {
      let isApart = abs(y - end.y) > 2 || end.x < area.rect.right - 2
      if isApart {
        let turn = Point(area.rect.right + 4, end.y)
        let start = label.isReference ? turn : Point(end.x + 4, end.y)
        marks.append(
          .line(
            [start, turn, Point(x - 4, y)],
            Stroke(label.stroke.color.opacity(0.55), width: 0.75)))
      }
      add(
        label, label.label, at: Point(x, y), color: label.isReference ? .mutedInk : .ink)
    }
  }

  /// Adds a name, which may be shortened, with its value behind it.
  private mutating func add(_ name: LineName, _ text: String, at place: Point, color: Paint) {
    if let line = name.line {
      let swatch = name.end == nil ? swatchWidth + 6 : 0
      names[line] = Rect(
        x: place.x - swatch, y: place.y - endLabelHeight / 2,
        width: swatch + name.width(labelStyle), height: endLabelHeight)
    }
    add(text: text, at: place, style: labelStyle, color: color, baseline: .middle)
    add(
      text: name.value, at: Point(place.x + labelStyle.width(of: text) + 6, place.y),
      style: labelStyle, color: .mutedInk, baseline: .middle)
  }

  private var swatchWidth: Double { 20 }
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

extension Sheet {
  /// Adds a legend in columns of equal width, read across, over the inner width.
  mutating func addLegend(_ entries: [LineName]) {
    if entries.isEmpty { return }
    let style = labelStyle
    let swatch = swatchWidth
    let gap = 18.0
    let widest = entries.map { swatch + 6 + $0.width(style) }.max() ?? 0
    let columns = min(entries.count, max(1, Int((innerWidth + gap) / (widest + gap))))
    // Even the columns out: 5 entries in 4 columns read better as 3 and 2.
    let rows = (entries.count + columns - 1) / columns
    let balanced = (entries.count + rows - 1) / rows
    // A hair more than the widest entry, whose parts round differently when taken singly.
    let columnWidth = min(
      widest + 0.5, (innerWidth - gap * Double(balanced - 1)) / Double(balanced))
    bottom += 8
    let rooms = entries.map {
      columnWidth - swatch - 6 - $0.width(style) + style.width(of: $0.label)
    }
    let fit = zip(entries, rooms).allSatisfy { style.width(of: $0.label) <= $1 }
    let labels =
      fit ? entries.map(\.label) : style.shortened(entries.map(\.label), to: rooms.min() ?? 0)
    for (index, entry) in entries.enumerated() {
      let x = margin + Double(index % balanced) * (columnWidth + gap)
      let y = bottom + (Double(index / balanced) + 0.5) * style.lineHeight
      marks.append(.line([Point(x + 1, y), Point(x + swatch - 1, y)], entry.stroke))
      add(entry, labels[index], at: Point(x + swatch + 6, y), color: .ink)
    }
    bottom += Double(rows) * style.lineHeight
  }
}
