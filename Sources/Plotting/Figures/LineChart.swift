// SPDX-License-Identifier: MIT

import Diagnostics

/// A chart of lines over one axis: learning curves, measured values, or performance profiles.
package struct LineChart: Figure {
  /// What the lines are.
  package enum Kind: Sendable {
    /// A score while learning goes on: a line with its band, and the single runs faint behind it.
    case learning
    /// Measured values, such as KL by update. Of more than 500 (250 on a narrow chart) each bucket is
    /// drawn by its mean, with the least and the greatest as a band, and the caption says so.
    case measured
    /// For each variant the share of its runs beyond each score, drawn as the steps that they are
    /// (Agarwal et al. 2021, section 4.1); a value holds up to the next position.
    case profiles
  }

  let kind: Kind
  package let text: FigureText
  /// In any order.
  private let lines: [Line]
  /// What the horizontal axis counts, with its unit.
  private let xLabel: String
  /// What the vertical axis measures, with its unit.
  private let yLabel: String
  /// How the horizontal axis spaces and writes its values.
  let xKind: AxisKind
  /// How the vertical axis spaces and writes its values.
  let yKind: AxisKind
  /// What the vertical axis covers; nil for what the data cover.
  let yRange: ClosedRange<Double>?
  /// Named values drawn across the figure.
  let references: [ReferenceLine]
  /// Whether the names begin with the lowest final value.
  let lowestFirst: Bool

  /// A chart of lines.
  package init(
    _ kind: Kind, text: FigureText = FigureText(), lines: [Line], xLabel: String, yLabel: String,
    xKind: AxisKind = .linear, yKind: AxisKind = .linear, yRange: ClosedRange<Double>? = nil,
    references: [ReferenceLine] = [], lowestFirst: Bool = false
  ) {
    self.kind = kind
    self.text = text
    self.lines = lines
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xKind = xKind
    self.yKind = yKind
    self.yRange = kind == .profiles ? 0...1 : yRange
    self.references = references
    self.lowestFirst = lowestFirst
  }

  package var name: String {
    switch kind {
    case .learning: "Learning curves"
    case .measured: "Course"
    case .profiles: "Performance profiles"
    }
  }

  package func draw(on sheet: inout Sheet) -> String? {
    let buckets = kind == .learning ? Int(sheet.width / 2) : sheet.width < 500 ? 250 : 500
    let shown = lines.map { line in
      kind == .profiles
        ? line.stepped : line.thinned(to: buckets, showsSpread: kind == .measured)
    }
    let frame = ChartFrame(self, kind == .learning ? lines : shown)
    let drawn = frame.hasFloor ? shown.map { $0.raised(to: frame.y.lowerBound) } : shown
    let height = min(max(sheet.width, 400) * heightRatio, 400).rounded()
    let room = nameRoom(drawn, sheet, height: height, frame)
    let area = sheet.addPlot(
      x: AxisSpan(label: xLabel, kind: xKind, domain: frame.x),
      y: AxisSpan(label: yLabel, kind: yKind, domain: frame.y), height: height, right: room ?? 0)
    sheet.addReferenceLines(frame.references, in: area)
    addData(drawn, to: &sheet, area: area, frame)
    if !frame.hasData {
      sheet.add(
        text: "no data yet", at: area.rect.center, style: sheet.labelStyle, color: .mutedInk,
        anchor: .middle, baseline: .middle)
    } else if room != nil {
      sheet.addEndLabels(endLabels(drawn, area, frame), in: area)
    } else {
      let points = drawn.flatMap { one in zip(one.x, one.y).map { area.point($0, $1) } }
      let unnamed = sheet.addReferenceNames(frame.references, in: area, avoiding: points)
      sheet.addLegend(legend(unnamed: unnamed, frame))
    }
    addNotes(to: &sheet, buckets: buckets, frame)
    return description(frame)
  }
}

extension LineChart {
  /// Height of the plot as a part of the figure's width.
  private var heightRatio: Double {
    switch kind {
    case .learning: 0.47
    case .measured: 0.3
    case .profiles: 0.36
    }
  }

  /// The room that names beside the lines take; nil where a legend serves better, as for profiles,
  /// which all end alike.
  private func nameRoom(
    _ drawn: [Line], _ sheet: Sheet, height: Double, _ frame: ChartFrame
  ) -> Double? {
    if !frame.hasData { return 0 }
    if kind == .profiles { return nil }
    let x = Scale(xKind, domain: frame.x, from: 0, to: 1)
    let y = Scale(yKind, domain: frame.y, from: height, to: 0)
    let area = PlotArea(rect: Rect(x: 0, y: 0, width: 1, height: height), x: x, y: y)
    return sheet.endLabelRoom(endLabels(drawn, area, frame), plotHeight: height)
  }

  private func style(_ index: Int) -> SeriesStyle {
    lines[index].isBackground ? .background : SeriesStyle(lines[index].style ?? index)
  }

  /// Adds bands, single runs and lines, in that order from below.
  private func addData(
    _ all: [Line], to sheet: inout Sheet, area: PlotArea, _ frame: ChartFrame
  ) {
    var marks: [Mark] = []
    let isCrowded = all.count > 4
    for (index, one) in all.enumerated() {
      let color = style(index).color
      guard let low = one.low, let high = one.high else { continue }
      marks += area.band(
        x: one.x, low: low, high: high, fill: color.opacity(isCrowded ? 0.1 : 0.17))
      // A measured band has spikes too thin for its faint area.
      let edge = Stroke(color.opacity(0.5), width: 0.6)
      for end in kind == .measured && all.count < 3 ? [low, high] : [] {
        marks += area.line(x: one.x, y: end, stroke: edge)
      }
    }
    for (index, one) in all.enumerated() {
      let stroke = Stroke(style(index).color.opacity(isCrowded ? 0.18 : 0.32), width: 0.75)
      for run in one.runs { marks += area.line(x: run.x, y: run.y, stroke: stroke) }
    }
    // The best line lies on top.
    for index in frame.order.reversed() {
      let style = style(index)
      let isThin = kind == .measured || all[index].isBackground
      let width = isThin ? 1.25 : sheet.isWide ? 2 : 1.75
      marks += area.line(
        x: all[index].x, y: all[index].y,
        stroke: Stroke(style.color, width: width, dash: style.dash))
      if kind != .profiles, let end = area.last(x: all[index].x, y: all[index].y) {
        marks.append(.circle(end, radius: 3, fill: style.color, stroke: Stroke(.surface)))
      }
    }
    sheet.marks.append(.clip(area.rect.grown(by: 4), marks))
  }

  /// Names beside the ends of the lines and at the reference lines.
  private func endLabels(_ all: [Line], _ area: PlotArea, _ frame: ChartFrame) -> [EndLabel] {
    let names = frame.order.compactMap { index -> EndLabel? in
      let line = all[index]
      let last = area.last(x: line.x, y: line.y)
      // Single runs stand for a line without points.
      let ends = line.runs.compactMap { area.last(x: $0.x, y: $0.y) }
      guard let end = last ?? ends.max(by: { $0.x < $1.x }) else { return nil }
      return EndLabel(
        label: line.label, value: last == nil ? "" : frame.finals[index], end: end,
        color: style(index).color)
    }
    return names
      + frame.references.map { line in
        EndLabel(
          label: line.label, value: "",
          end: Point(area.rect.right, area.y.position(line.value)), color: nil)
      }
  }

  /// The legend, ordered by final value, with the reference lines that found no place for a name.
  private func legend(unnamed: [ReferenceLine], _ frame: ChartFrame) -> [LegendEntry] {
    frame.order.map { index in
      LegendEntry(
        label: lines[index].label, value: frame.finals[index],
        stroke: Stroke(style(index).color, width: 2.5, dash: style(index).dash))
    }
      + unnamed.map { line in
        LegendEntry(label: line.label, value: "", stroke: Stroke(.axis, dash: ReferenceLine.dash))
      }
  }

  /// Adds to the small print how many points a bucket joins where that is more than eyes can tell,
  /// and what lies beyond the edges.
  private func addNotes(to sheet: inout Sheet, buckets: Int, _ frame: ChartFrame) {
    let most = lines.map(\.x.count).max() ?? 0
    if most > buckets, kind != .profiles {
      sheet.notes.append(
        kind == .learning
          ? "Up to \(Numbers.whole(most)) points a line, drawn in \(buckets) buckets: lines are the"
            + " mean, bands from the least to the greatest."
          : "Up to \(Numbers.whole(most)) values a series, drawn in \(buckets) buckets: mean as a"
            + " line, least to greatest as a band.")
    }
    if frame.hasFloor { sheet.notes.append("Values of 0 and below lie on the lower edge.") }
    if let distant = outOfView(frame.distant) { sheet.notes.append(distant) }
  }

  /// The text alternative: what is drawn, and the final values.
  private func description(_ frame: ChartFrame) -> String {
    if !frame.hasData { return "\(name) of \(yLabel) by \(xLabel): no data yet." }
    let ends = frame.order.map { "\(lines[$0].label) \(frame.finals[$0])" }
    let marks = references.filter { $0.value.isFinite }.map(\.label)
    return "\(name) of \(yLabel) by \(xLabel)."
      + " Final \(kind == .profiles ? "scores" : "values"): \(ends.joined(separator: "; "))."
      + (marks.isEmpty ? "" : " Reference lines: \(marks.joined(separator: "; ")).")
  }
}
