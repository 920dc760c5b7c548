// SPDX-License-Identifier: MIT

import Diagnostics

extension LearningCurves {
  /// The room that names beside the lines take; nil where a legend serves better.
  func endLabelRoom(
    _ drawn: [Series], _ sheet: Sheet, height: Double, _ frame: CurveFrame
  ) -> Double? {
    let x = Scale(xKind, domain: frame.x, from: 0, to: 1)
    let y = Scale(yKind, domain: frame.y, from: height, to: 0)
    let area = PlotArea(rect: Rect(x: 0, y: 0, width: 1, height: height), x: x, y: y)
    let ends = endLabels(drawn, area, frame)
    return sheet.endLabelRoom(
      ends.map { ($0.label, $0.value) }, ends: ends.map(\.end.y), plotHeight: height)
  }

  /// The style of series number `index`.
  func style(_ index: Int) -> SeriesStyle {
    series[index].isBackground
      ? .background : SeriesStyle(series[index].styleIndex ?? index)
  }

  /// Adds bands, single runs and lines, in that order from below.
  func addData(
    _ all: [Series], to sheet: inout Sheet, area: PlotArea, _ frame: CurveFrame
  ) {
    var marks: [Mark] = []
    let isCrowded = all.count > 4
    for (index, one) in all.enumerated() {
      let color = style(index).color
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
        style(index).color.opacity(isCrowded ? 0.18 : 0.32), width: 0.75)
      for run in one.runs { marks += area.line(x: run.x, y: run.y, stroke: stroke) }
    }
    // The best series lies on top.
    for index in frame.order.reversed() {
      let style = style(index)
      marks += area.line(
        x: all[index].x, y: all[index].y,
        stroke: Stroke(
          style.color,
          width: isJagged || all[index].isBackground ? 1.25 : sheet.isWide ? 2 : 1.75,
          dash: style.dash))
      if !isStepped, let end = lastPoint(all[index], area) {
        marks.append(
          .circle(end, radius: 3, fill: style.color, stroke: Stroke(.surface)))
      }
    }
    sheet.marks.append(.clip(area.rect.grown(by: 4), marks))
  }

  /// Where a centre line ends; nil without data.
  func lastPoint(_ one: Series, _ area: PlotArea) -> Point? {
    zip(one.x, one.y).map { area.point($0, $1) }.last { $0.isFinite }
  }

  /// Where the last of the single runs ends, which stand for a series without a centre line.
  private func lastRunPoint(_ one: Series, _ area: PlotArea) -> Point? {
    one.runs.compactMap { run in
      zip(run.x, run.y).map { area.point($0, $1) }.last { $0.isFinite }
    }.max { $0.x < $1.x }
  }

  /// Names beside the ends of the lines and at the reference lines.
  func endLabels(
    _ all: [Series], _ area: PlotArea, _ frame: CurveFrame
  ) -> [EndLabel] {
    let lines = frame.order.compactMap { index -> EndLabel? in
      let last = lastPoint(all[index], area)
      guard let end = last ?? lastRunPoint(all[index], area) else { return nil }
      return EndLabel(
        label: all[index].label, value: last == nil ? "" : frame.finals[index], end: end,
        color: style(index).color)
    }
    return lines
      + frame.references.map { line in
        EndLabel(
          label: line.label, value: "",
          end: Point(area.rect.right, area.y.position(line.value)), color: nil)
      }
  }

  /// The legend, ordered by final value, with the reference lines that found no place for a name.
  func legend(unnamed: [ReferenceLine], _ frame: CurveFrame) -> [LegendEntry] {
    frame.order.map { index in
      let style = style(index)
      return LegendEntry(
        label: series[index].label, value: frame.finals[index],
        stroke: Stroke(style.color, width: 2.5, dash: style.dash))
    }
      + unnamed.map { line in
        LegendEntry(
          label: line.label, value: "", stroke: Stroke(.axis, dash: ReferenceLine.dash))
      }
  }

  /// The small print: how many points a bucket joins where that is more than eyes can tell, and what
  /// lies beyond the edges.
  func caption(bucketsAtMost count: Int, _ frame: CurveFrame) -> String {
    var notes = text.caption.isEmpty ? [] : [text.caption]
    let most = series.map(\.x.count).max() ?? 0
    if !isJagged, !isStepped, most > count {
      notes.append(
        "Up to \(Numbers.whole(most)) points a line, drawn in \(count) buckets: lines are the"
          + " mean, bands from the least to the greatest.")
    }
    if frame.hasFloor { notes.append("Values of 0 and below lie on the lower edge.") }
    return (notes + [outOfView(frame.distant)].compactMap { $0 }).joined(separator: " ")
  }

  /// The text alternative: what is drawn, and the final values.
  func description(_ frame: CurveFrame) -> String {
    if !frame.hasData { return "\(subject) of \(yLabel) by \(xLabel): no data yet." }
    let ends = frame.order.map { "\(series[$0].label) \(frame.finals[$0])" }
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
    thin.isBackground = isBackground
    return thin
  }

  /// The series with `floor` for what is not positive and so has no place on a logarithmic scale.
  func raised(to floor: Double) -> Self {
    func raised(_ column: [Double]) -> [Double] {
      column.map { $0 <= 0 && $0.isFinite ? floor : $0 }
    }
    var copy = Self(
      label: label, x: x, y: raised(y), low: low.map(raised), high: high.map(raised),
      runs: runs.map { LearningCurves.Run(x: $0.x, y: raised($0.y)) }, styleIndex: styleIndex)
    copy.statedFinal = statedFinal
    copy.isBackground = isBackground
    return copy
  }
}
