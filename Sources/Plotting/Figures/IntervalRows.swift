// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of estimates with their intervals, a row each, about a named zero: effects of a
/// factorial sweep.
///
/// An estimate that is clear is a filled dot with a bold number, others are hollow, so that colour
/// is not needed to tell them apart.
package struct IntervalRows: Figure {
  /// One estimate.
  package struct Row: Equatable, Sendable {
    /// What it is called in the figure.
    package let label: String
    package let estimate: Double
    /// The interval's ends; both or neither.
    package let low: Double?
    package let high: Double?
    /// Whether it is beyond chance; nil where the interval alone decides, by leaving out the zero.
    package let isClear: Bool?

    /// One estimate.
    package init(
      label: String, estimate: Double, low: Double? = nil, high: Double? = nil,
      isClear: Bool? = nil
    ) {
      self.label = label
      self.estimate = estimate
      self.low = low
      self.high = high
      self.isClear = isClear
    }

    fileprivate var values: [Double] { [estimate, low ?? .nan, high ?? .nan] }
  }

  /// Rows under one heading.
  package struct Group: Equatable, Sendable {
    package let title: String
    package let rows: [Row]

    /// Rows under one heading.
    package init(title: String, rows: [Row]) {
      self.title = title
      self.rows = rows
    }
  }

  /// The words around the figure.
  package var text: FigureText
  /// In the order shown.
  package var groups: [Group]
  /// What the horizontal axis measures, with its unit.
  package var xLabel: String
  /// What means "no effect".
  package var zero: ReferenceLine

  /// A figure of estimates.
  package init(
    text: FigureText = FigureText(), groups: [Group], xLabel: String,
    zero: ReferenceLine = ReferenceLine("no effect", 0)
  ) {
    self.text = text
    self.groups = groups
    self.xLabel = xLabel
    self.zero = zero
  }

  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addHeading(text)
    let rows = groups.flatMap(\.rows)
    guard !rows.isEmpty else {
      sheet.addNothing()
      sheet.addCaption(text.caption)
      return sheet.scene(text, named: "Effects", describedAs: "Effects: no data yet.")
    }
    let strips = sheet.stripRows(
      names: rows.map(\.label), numbers: rows.map(summary), stripHeight: sheet.isWide ? 24 : 18)
    let scale = Scale(domain: domain, from: strips.left, to: strips.right)
    sheet.addReferenceHeads([zero], scale: scale)
    for (place, group) in groups.enumerated() where !group.rows.isEmpty {
      if place > 0 { sheet.bottom += 8 }
      sheet.addGroupTitle(group.title)
      for row in group.rows {
        let top = sheet.bottom + strips.nameHeight
        sheet.addVerticalGrid(
          scale, top: top, bottom: top + strips.stripHeight, references: [zero])
        sheet.marks += strip(row, y: top + strips.stripHeight / 2, scale: scale)
        sheet.addNames(
          row.label, number: summary(row), top: sheet.bottom, rows: strips, isClear: isClear(row))
        sheet.bottom += strips.rowHeight
      }
    }
    sheet.addHorizontalAxis(scale, label: xLabel, from: strips.left, to: strips.right)
    sheet.addCaption(text.caption)
    return sheet.scene(text, named: "Effects", describedAs: description)
  }
}

extension IntervalRows {
  private var domain: ClosedRange<Double> {
    extent(of: groups.flatMap(\.rows).flatMap(\.values) + [zero.value], padding: 0.05)
  }

  private func isClear(_ row: Row) -> Bool {
    if let isClear = row.isClear { return isClear }
    guard let low = row.low, let high = row.high else { return false }
    return low > zero.value || high < zero.value
  }

  private func summary(_ row: Row) -> String {
    let rows = groups.flatMap(\.rows)
    let precision = Precision(
      rows.flatMap(\.values),
      widths: rows.compactMap { row in row.high.flatMap { high in row.low.map { high - $0 } } })
    func text(_ value: Double) -> String {
      let written = precision.text(value)
      return value > 0 && written.contains { ("1"..."9").contains($0) } ? "+" + written : written
    }
    guard row.estimate.isFinite else { return Numbers.nothing }
    guard let low = row.low, let high = row.high, low.isFinite, high.isFinite else {
      return text(row.estimate)
    }
    return "\(text(row.estimate)) [\(text(low)), \(text(high))]"
  }

  private func strip(_ row: Row, y: Double, scale: Scale) -> [Mark] {
    let color = isClear(row) ? Paint.series(0) : .mutedInk
    var marks: [Mark] = []
    if let low = row.low.map(scale.position), let high = row.high.map(scale.position),
      low.isFinite, high.isFinite
    {
      marks.append(.line([Point(low, y), Point(high, y)], Stroke(color, width: 2)))
    }
    let x = scale.position(row.estimate)
    if x.isFinite {
      marks.append(
        .circle(
          Point(x, y), radius: 4.5, fill: isClear(row) ? color : .surface,
          stroke: Stroke(color, width: 1.75)))
    }
    return marks
  }

  private var description: String {
    let parts = groups.filter { !$0.rows.isEmpty }.map { group in
      (group.title.isEmpty ? "" : group.title + ": ")
        + group.rows.map { "\($0.label) \(summary($0))" }.joined(separator: "; ")
    }
    return "\(xLabel), with intervals. \(parts.joined(separator: ". "))."
  }
}
