// SPDX-License-Identifier: MIT

import Diagnostics

/// A row of a figure whose rows share one scale: a name at the left, a strip, a number at the right;
/// on a narrow sheet name and number stand above the strip.
struct StripRow {
  let label: String
  let number: String
  /// Whether the number is bold, as of what is beyond chance.
  var isClear = false
  /// Whether the name is of the second rank, as of what stands for many.
  var isMuted = false
  /// What lies on the strip.
  let marks: (_ strip: Rect, _ scale: Scale) -> [Mark]
}

extension Sheet {
  /// Adds rows on one scale with its axis below them.
  ///
  /// - Parameters:
  ///   - groups: rows under a heading, which may be empty.
  ///   - height: that of a strip.
  ///   - references: named values drawn across all rows, and their names above.
  ///   - hasRules: whether a line lies between any two rows.
  mutating func addStrips(
    _ groups: [(title: String, rows: [StripRow])], height: Double, domain: ClosedRange<Double>,
    label: String, references: [ReferenceLine] = [], hasRules: Bool = false
  ) {
    let rows = groups.flatMap(\.rows)
    let name = rows.map { labelStyle.width(of: $0.label) }.max() ?? 0
    let number = rows.map { tickStyle.width(of: $0.number) }.max() ?? 0
    let left = margin + (isWide ? min(name, innerWidth * 0.4) + 14 : 6)
    let right = isWide ? width - margin - min(number, innerWidth * 0.4) - 16 : width - margin - 6
    let scale = Scale(domain: domain, from: left, to: max(right, left + 20))
    // A hair more than the widest, whose parts round differently.
    let room = isWide ? left - 13.9 - margin : innerWidth - min(number * 1.1, innerWidth * 0.5) - 12
    let labels = labelStyle.shortened(rows.map(\.label), to: room)
    let nameHeight = isWide ? 0 : labelStyle.lineHeight + (hasRules ? 3 : 2)
    addReferenceHeads(references, scale: scale)
    var place = 0
    for (index, group) in groups.enumerated() where !group.rows.isEmpty {
      if index > 0 { bottom += 8 }
      addGroupTitle(group.title)
      for row in group.rows {
        if hasRules, place > 0 {
          marks.append(
            .line([Point(margin, bottom), Point(width - margin, bottom)], Stroke(.grid)))
        }
        let strip = Rect(
          x: scale.start, y: bottom + nameHeight, width: scale.end - scale.start, height: height)
        addVerticalGrid(scale, top: strip.y, bottom: strip.bottom, references: references)
        marks += row.marks(strip, scale)
        addNames(
          of: row, as: labels[place],
          y: isWide ? strip.center.y : bottom + nameHeight / 2 + 1)
        bottom = strip.bottom
        place += 1
      }
    }
    addHorizontalAxis(scale, label: label, from: scale.start, to: scale.end)
  }

  /// Adds a row's name, which fits already, and its number.
  private mutating func addNames(of row: StripRow, as label: String, y: Double) {
    let style = TextStyle(size: tickStyle.size, weight: row.isClear ? .semibold : .regular)
    let number = style.truncated(row.number, to: innerWidth * (isWide ? 0.4 : 0.5))
    add(
      text: label, at: Point(margin, y), style: labelStyle,
      color: row.isMuted ? .mutedInk : .ink, baseline: .middle)
    add(
      text: number, at: Point(width - margin, y), style: style,
      color: row.isClear ? .ink : .mutedInk, anchor: .end, baseline: .middle)
  }

  /// Adds a line of semibold text over a group of rows.
  private mutating func addGroupTitle(_ title: String) {
    if title.isEmpty { return }
    addParagraph(
      title, style: TextStyle(size: labelStyle.size, weight: .semibold), color: .ink,
      maximumLines: 1)
    bottom += 3
  }

  /// Adds the names of upright reference lines, in as many levels as keep them apart.
  private mutating func addReferenceHeads(_ lines: [ReferenceLine], scale: Scale) {
    let lineHeight = tickStyle.ascent + tickStyle.descent + 1
    var levels: [[ClosedRange<Double>]] = []
    var heads: [(text: String, center: Double, level: Int)] = []
    for line in lines.sorted(by: { $0.value < $1.value }) {
      let text = tickStyle.truncated(line.label, to: innerWidth)
      let half = tickStyle.width(of: text) / 2
      let center = min(max(scale.position(line.value), margin + half), width - margin - half)
      // Ten points between two names.
      let span = (center - half - 4.99)...(center + half + 4.99)
      let level = levels.firstIndex { !$0.contains { $0.overlaps(span) } } ?? levels.count
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
    func line(_ value: Double, _ stroke: Stroke) {
      let x = scale.position(value)
      marks.append(.line([Point(x, top), Point(x, bottom)], stroke))
    }
    for (tick, _) in horizontalTicks(scale) { line(tick.value, Stroke(.grid)) }
    for reference in references { line(reference.value, ReferenceLine.stroke) }
  }
}

/// A number with the interval that it lies in, as figures draw and write it.
package struct Estimate: Equatable, Sendable {
  /// nil or NaN where it is unknown.
  package let value: Double?
  /// The interval's ends; both or neither.
  package let low: Double?
  package let high: Double?
  /// Whether it is beyond chance.
  package let isClear: Bool

  package init(
    _ value: Double?, _ low: Double? = nil, _ high: Double? = nil, isClear: Bool = false
  ) {
    self.value = value
    self.low = low
    self.high = high
    self.isClear = isClear
  }

  var numbers: [Double] { [value, low, high].compactMap { $0 } }

  /// With the interval where both are known: `−3.2 [−5.1, −1.4]`.
  func text(_ text: (Double) -> String) -> String {
    guard let value, value.isFinite else { return Numbers.nothing }
    guard let low, let high, low.isFinite, high.isFinite else { return text(value) }
    return "\(text(value)) [\(text(low)), \(text(high))]"
  }

  /// The interval as a bar; empty where an end has no place.
  func bar(y: Double, _ scale: Scale, _ stroke: Stroke) -> [Mark] {
    guard let low = low.map(scale.position), let high = high.map(scale.position), low.isFinite,
      high.isFinite
    else { return [] }
    return [.line([Point(low, y), Point(high, y)], stroke)]
  }
}

extension Precision {
  /// For estimates that stand in one figure.
  init(of estimates: [Estimate]) {
    self.init(
      estimates.flatMap(\.numbers),
      widths: estimates.compactMap { one in one.low.flatMap { low in one.high.map { $0 - low } } })
  }
}
