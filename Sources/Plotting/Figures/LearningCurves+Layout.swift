// SPDX-License-Identifier: MIT

import Diagnostics

extension LearningCurves {
  /// The room that names beside the lines take; nil where a legend serves better.
  func endLabelRoom(
    _ drawn: [Series], _ sheet: Sheet, height: Double, references: [ReferenceLine]
  ) -> Double? {
    let x = Scale(xKind, domain: xDomain, from: 0, to: 1)
    let y = Scale(yKind, domain: yDomain, from: height, to: 0)
    let area = PlotArea(rect: Rect(x: 0, y: 0, width: 1, height: height), x: x, y: y)
    let ends = endLabels(drawn, sheet.theme, area, references: references)
    return sheet.endLabelRoom(
      ends.map { ($0.label, $0.value) }, ends: ends.map(\.end.y), plotHeight: height)
  }

  /// A final value, as fine as those of the other series; a KL of 2×10⁻⁵ is not 0.
  func finalText(_ one: Series) -> String {
    isJagged || yKind == .logarithmic
      ? Numbers.text(one.finalValue) : Precision(series.map(\.finalValue)).text(one.finalValue)
  }

  /// Whether any point can be drawn.
  var hasData: Bool {
    series.contains { one in
      zip(one.x, one.y).contains { $0.isFinite && $1.isFinite }
        || one.runs.contains { zip($0.x, $0.y).contains { $0.isFinite && $1.isFinite } }
    }
  }

  /// What the horizontal axis covers.
  var xDomain: ClosedRange<Double> {
    fromZero(
      extent(of: series.flatMap { [$0.x] + $0.runs.map(\.x) }.joined(), kind: xKind), kind: xKind)
  }

  /// What the vertical axis covers.
  var yDomain: ClosedRange<Double> {
    if let yRange { return yRange }
    let columns = series.flatMap { [$0.y, $0.low ?? [], $0.high ?? []] + $0.runs.map(\.y) }
    let values = columns.joined() + references.map(\.value)
    let padded = extent(of: values, kind: yKind, padding: 0.04)
    let bare = fromZero(extent(of: values, kind: yKind), kind: yKind)
    return bare.lowerBound == 0 ? 0...padded.upperBound : padded
  }

  /// The style of series number `index`.
  func style(_ index: Int, _ theme: Theme) -> SeriesStyle {
    SeriesStyle(series[index].styleIndex ?? index, theme: theme)
  }

  /// Adds bands, single runs and lines, in that order from below.
  func addData(_ all: [Series], to sheet: inout Sheet, area: PlotArea) {
    var marks: [Mark] = []
    let isCrowded = all.count > 4
    for (index, one) in all.enumerated() {
      let color = style(index, sheet.theme).color
      if let low = one.low, let high = one.high {
        marks += area.band(
          x: one.x, low: low, high: high, fill: color.opacity(isCrowded ? 0.1 : 0.17))
        let edge = Stroke(color.opacity(0.5), width: 0.6)
        for end in isJagged && all.count < 3 ? [low, high] : [] {
          marks += area.line(x: one.x, y: end, stroke: edge)
        }
      }
    }
    for (index, one) in all.enumerated() {
      let stroke = Stroke(
        style(index, sheet.theme).color.opacity(isCrowded ? 0.18 : 0.32), width: 0.75)
      for run in one.runs { marks += area.line(x: run.x, y: run.y, stroke: stroke) }
    }
    // The best series lies on top.
    for index in order.reversed() {
      let style = style(index, sheet.theme)
      marks += area.line(
        x: all[index].x, y: all[index].y,
        stroke: Stroke(
          style.color, width: isJagged ? 1.25 : sheet.isWide ? 2 : 1.75, dash: style.dash))
      if !isStepped, let end = lastPoint(all[index], area) {
        marks.append(
          .circle(end, radius: 3, fill: style.color, stroke: Stroke(sheet.theme.surface)))
      }
    }
    sheet.marks.append(.clip(area.rect.grown(by: 4), marks))
  }

  /// Series numbers by final value, highest first; those without data last.
  var order: [Int] {
    series.indices.sorted { a, b in
      let (x, y) = (series[a].finalValue, series[b].finalValue)
      if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a < b : y.isNaN }
      return x == y ? a < b : lowestFirst ? x < y : x > y
    }
  }

  /// Where a centre line ends; nil without data.
  func lastPoint(_ one: Series, _ area: PlotArea) -> Point? {
    zip(one.x, one.y).map { area.point($0, $1) }.last { $0.isFinite }
  }

  /// Names beside the ends of the lines and at the reference lines.
  func endLabels(
    _ all: [Series], _ theme: Theme, _ area: PlotArea, references: [ReferenceLine]
  ) -> [EndLabel] {
    let lines = order.compactMap { index -> EndLabel? in
      guard let end = lastPoint(all[index], area) else { return nil }
      return EndLabel(
        label: all[index].label, value: finalText(series[index]), end: end,
        color: style(index, theme).color)
    }
    return lines
      + references.map { line in
        EndLabel(
          label: line.label, value: "",
          end: Point(area.rect.right, area.y.position(line.value)), color: nil)
      }
  }

  /// The legend, ordered by final value, with the reference lines that found no place for a name.
  func legend(_ theme: Theme, unnamed: [ReferenceLine]) -> [LegendEntry] {
    order.map { index in
      let style = style(index, theme)
      return LegendEntry(
        label: series[index].label, value: finalText(series[index]),
        stroke: Stroke(style.color, width: 2.5, dash: style.dash))
    }
      + unnamed.map { line in
        LegendEntry(
          label: line.label, value: "", stroke: Stroke(theme.axis, dash: ReferenceLine.dash))
      }
  }

  /// The small print, and how many points a bucket joins where that is more than eyes can tell.
  func caption(bucketsAtMost count: Int) -> String {
    let most = series.map(\.x.count).max() ?? 0
    if isJagged || isStepped || most <= count { return text.caption }
    let note =
      "Up to \(Numbers.whole(most)) points a line, drawn in \(count) buckets: lines are the"
      + " mean, bands from the least to the greatest."
    return text.caption.isEmpty ? note : text.caption + " " + note
  }

  /// The text alternative: what is drawn, and the final values.
  var description: String {
    if !hasData { return "\(subject) of \(yLabel) by \(xLabel): no data yet." }
    let ends = order.map { "\(series[$0].label) \(finalText(series[$0]))" }
    let lines = references.filter { $0.value.isFinite }.map(\.label)
    return "\(subject) of \(yLabel) by \(xLabel). \(finals): "
      + ends.joined(separator: "; ") + "."
      + (lines.isEmpty ? "" : " Reference lines: \(lines.joined(separator: "; ")).")
  }
}

extension LearningCurves.Series {
  /// The series in at most `count` buckets, its line drawn by their means, its band from the least
  /// to the greatest; single runs by fewer, as they are faint.
  func thinned(to count: Int) -> Self {
    func few(_ column: [Double]) -> Downsampled {
      downsampled(x: x, y: column, maximumPoints: count)
    }
    let line = few(y)
    var thin = Self(
      label: label, x: line.x, y: line.mean, low: low.map { few($0).minimum },
      high: high.map { few($0).maximum },
      runs: runs.map { run in
        let few = downsampled(x: run.x, y: run.y, maximumPoints: count * 2 / 3)
        return LearningCurves.Run(x: few.x, y: few.mean)
      }, styleIndex: styleIndex)
    thin.statedFinal = statedFinal
    return thin
  }
}
