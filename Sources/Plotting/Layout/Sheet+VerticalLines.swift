// SPDX-License-Identifier: MIT

extension Sheet {
  /// Adds the names of upright reference lines, in as many levels as keep them apart.
  mutating func addReferenceHeads(_ lines: [ReferenceLine], scale: Scale) {
    let gap = 10.0
    let lineHeight = tickStyle.ascent + tickStyle.descent + 1
    var levels: [[(from: Double, to: Double)]] = []
    var heads: [(text: String, center: Double, level: Int)] = []
    for line in lines.sorted(by: { $0.value < $1.value }) {
      let text = tickStyle.truncated(line.label, to: innerWidth)
      let half = tickStyle.width(of: text) / 2
      let center = min(
        max(scale.position(line.value), margin + half), width - margin - half)
      let span = (from: center - half - gap / 2, to: center + half + gap / 2)
      var level = 0
      while level < levels.count,
        levels[level].contains(where: { $0.from < span.to && span.from < $0.to })
      {
        level += 1
      }
      if level == levels.count { levels.append([]) }
      levels[level].append(span)
      heads.append((text, center, level))
    }
    for head in heads {
      let y = bottom + Double(levels.count - 1 - head.level) * lineHeight + tickStyle.ascent
      add(
        text: head.text, at: Point(head.center, y), style: tickStyle, color: .mutedInk,
        anchor: .middle)
    }
    if !levels.isEmpty { bottom += Double(levels.count) * lineHeight + 3 }
  }

  /// Adds upright grid lines at the ticks and dashed ones at the references.
  mutating func addVerticalGrid(
    _ scale: Scale, top: Double, bottom: Double, references: [ReferenceLine]
  ) {
    for (tick, _) in horizontalTicks(scale) {
      let x = scale.position(tick.value)
      marks.append(.line([Point(x, top), Point(x, bottom)], Stroke(.grid)))
    }
    for line in references {
      let x = scale.position(line.value)
      marks.append(
        .line(
          [Point(x, top), Point(x, bottom)],
          Stroke(.axis, width: 1, dash: ReferenceLine.dash)))
    }
  }
}
