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
