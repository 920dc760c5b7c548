// SPDX-License-Identifier: MIT

import Diagnostics

/// What the lines of a chart are.
package enum ChartKind: String, Sendable {
  /// A score while learning goes on: a line with its band, and the single runs faint behind it.
  case learning = "Learning curves"
  /// An estimate with its interval after each look, and the single differences faint behind it.
  case looks = "Estimates over looks"
  /// Scores by the value of a parameter or by trial: single ones as dots, means with their intervals.
  case response = "Scores by value"
  /// Measured values, such as KL by update. Of more than 500 (250 on a narrow chart) each bucket is
  /// drawn by its mean, with the least and the greatest as a band, and the caption says so.
  case measured = "Course"
  /// For each variant the share of its runs beyond each score, drawn as the steps that they are
  /// (Agarwal et al. 2021, section 4.1); a value holds up to the next position.
  case profiles = "Performance profiles"

  /// Whether single values stand behind a line.
  fileprivate var hasRuns: Bool { self == .learning || hasDots }
  fileprivate var hasDots: Bool { self == .looks || self == .response }

  /// Height of the plot as a part of the figure's width.
  fileprivate var heightRatio: Double {
    switch self {
    case .learning, .looks: 0.47
    case .response: 0.42
    case .measured: 0.3
    case .profiles: 0.36
    }
  }
}

extension Figure {
  /// A chart of lines over one axis.
  ///
  /// - Parameters:
  ///   - lines: in any order.
  ///   - xLabel: what the horizontal axis counts, with its unit.
  ///   - yLabel: what the vertical axis measures, with its unit.
  ///   - xAxis: instead of `xKind`, where the values of a parameter stand.
  ///   - yRange: what the vertical axis covers; nil for what the data cover. Profiles cover 0…1.
  ///   - references: named values drawn across the figure.
  ///   - lowestFirst: whether the names begin with the lowest final value.
  package static func chart(
    _ kind: ChartKind, title: String = "", lines: [Line], xLabel: String, yLabel: String,
    xKind: AxisKind = .linear, xAxis: ValueAxis? = nil, yKind: AxisKind = .linear,
    yRange: ClosedRange<Double>? = nil,
    references: [ReferenceLine] = [], lowestFirst: Bool = false
  ) -> Figure {
    let chart = LineChart(
      kind: kind, lines: lines, x: (xLabel, xAxis?.kind ?? xKind), ticks: xAxis?.ticks,
      y: (yLabel, yKind),
      yRange: kind == .profiles ? 0...1 : yRange, references: references, lowestFirst: lowestFirst)
    return Figure(kind.rawValue, title: title) { chart.draw(on: &$0) }
  }
}

/// A chart of lines before it is laid out; see `Figure.chart`.
struct LineChart {
  let kind: ChartKind
  let lines: [Line]
  let x: (label: String, kind: AxisKind)
  let ticks: [Tick]?
  let y: (label: String, kind: AxisKind)
  let yRange: ClosedRange<Double>?
  let references: [ReferenceLine]
  let lowestFirst: Bool

  fileprivate func draw(on sheet: inout Sheet) -> String {
    let buckets = kind.hasRuns ? Int(sheet.width / 2) : sheet.width < 500 ? 250 : 500
    let shown = lines.map { line in
      kind == .profiles
        ? line.stepped : line.thinned(to: buckets, showsSpread: kind == .measured)
    }
    let frame = ChartFrame(self, kind.hasRuns ? lines : shown)
    let drawn = frame.hasFloor ? shown.map { $0.raised(to: frame.y.lowerBound) } : shown
    let height = min(max(sheet.width, 400) * kind.heightRatio, 400).rounded()
    let room = nameRoom(drawn, sheet, height: height, frame)
    let area = sheet.addPlot(
      x: AxisSpan(label: x.label, kind: x.kind, domain: frame.x, ticks: ticks),
      y: AxisSpan(label: y.label, kind: y.kind, domain: frame.y), height: height, right: room ?? 0)
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
      sheet.addLegend(
        frame.order.filter { !lines[$0].label.isEmpty }.map { index in
          let style = style(index)
          return LineName(
            label: lines[index].label, value: frame.finals[index],
            stroke: Stroke(style.color, width: 2.5, dash: style.dash), line: index)
        } + unnamed.map { LineName(label: $0.label, stroke: ReferenceLine.stroke) })
    }
    addNotes(to: &sheet, buckets: buckets, frame)
    sheet.chart = ChartPlaces(self, frame, area, sheet)
    return description(frame)
  }
}

extension LineChart {
  /// The room that names beside the lines take; nil where a legend serves better, as for profiles,
  /// which all end alike.
  private func nameRoom(
    _ drawn: [Line], _ sheet: Sheet, height: Double, _ frame: ChartFrame
  ) -> Double? {
    if !frame.hasData { return 0 }
    if kind == .profiles { return nil }
    let x = Scale(x.kind, domain: frame.x, from: 0, to: 1)
    let y = Scale(y.kind, domain: frame.y, from: height, to: 0)
    let area = PlotArea(rect: Rect(x: 0, y: 0, width: 1, height: height), x: x, y: y)
    return sheet.endLabelRoom(endLabels(drawn, area, frame), plotHeight: height)
  }

  func style(_ index: Int) -> SeriesStyle {
    lines[index].isBackground ? .background : SeriesStyle(lines[index].style ?? index)
  }

  /// Single values as dots, and a bar from end to end of each interval.
  private func looks(_ line: Line, _ color: Paint, _ area: PlotArea) -> [Mark] {
    // Beside the interval, where there is one.
    let shift = kind == .response && line.low != nil ? 6.0 : 0
    let dots = line.runs.flatMap { run in
      zip(run.x, run.y).compactMap { area.last(x: [$0], y: [$1]) }
        .map { Mark.circle(Point($0.x + shift, $0.y), radius: 2.25, fill: color.opacity(0.6)) }
    }
    let bars = zip(line.x, zip(line.low ?? [], line.high ?? [])).flatMap { x, ends in
      area.line(x: [x, x], y: [ends.0, ends.1], stroke: Stroke(color.opacity(0.8), width: 1.5))
    }
    let means =
      kind == .looks || line.low == nil
      ? []
      : zip(line.x, line.y)
        .compactMap { area.last(x: [$0], y: [$1]) }
        .map { Mark.circle($0, radius: 3, fill: color, stroke: Stroke(.surface)) }
    return dots + bars + means
  }

  /// Adds bands, single runs and lines, in that order from below.
  private func addData(
    _ all: [Line], to sheet: inout Sheet, area: PlotArea, _ frame: ChartFrame
  ) {
    var marks: [Mark] = []
    let isCrowded = all.count > 4
    for (index, one) in all.enumerated() {
      let color = style(index).color
      guard kind != .response, let low = one.low, let high = one.high else { continue }
      marks += area.band(
        x: one.x, low: low, high: high, fill: color.opacity(isCrowded ? 0.1 : 0.17))
      // A measured band has spikes too thin for its faint area.
      let edge = Stroke(color.opacity(0.5), width: 0.6)
      for end in kind == .measured && all.count < 3 ? [low, high] : [] {
        marks += area.line(x: one.x, y: end, stroke: edge)
      }
    }
    for (index, one) in all.enumerated() {
      if kind.hasDots {
        marks += looks(one, style(index).color, area)
        continue
      }
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
  private func endLabels(_ all: [Line], _ area: PlotArea, _ frame: ChartFrame) -> [LineName] {
    let names = frame.order.compactMap { index -> LineName? in
      let line = all[index]
      if line.label.isEmpty { return nil }
      let last = area.last(x: line.x, y: line.y)
      // Single runs stand for a line without points.
      let ends = line.runs.compactMap { area.last(x: $0.x, y: $0.y) }
      return (last ?? ends.max { $0.x < $1.x }).map {
        LineName(
          label: line.label, value: last == nil ? "" : frame.finals[index],
          stroke: Stroke(style(index).color), end: $0, line: index)
      }
    }
    return names
      + frame.references.enumerated().map { place, line in
        LineName(
          label: line.label, stroke: ReferenceLine.stroke,
          end: Point(area.rect.right, area.y.position(line.value)), isReference: true,
          line: lines.count + place)
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
    let what = "\(kind.rawValue) of \(y.label) by \(x.label)"
    if !frame.hasData { return "\(what): no data yet." }
    let ends = frame.order.map { "\(lines[$0].label) \(frame.finals[$0])" }
    let marks = references.filter { $0.value.isFinite }.map(\.label)
    return "\(what). Final \(kind == .profiles ? "scores" : "values"): "
      + "\(ends.joined(separator: "; "))."
      + (marks.isEmpty ? "" : " Reference lines: \(marks.joined(separator: "; ")).")
  }
}
