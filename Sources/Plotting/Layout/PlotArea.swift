// SPDX-License-Identifier: MIT

/// The part of a sheet where data lies, with the scales that place it.
struct PlotArea {
  /// Where data lies, in points.
  let rect: Rect
  /// Places values from left to right.
  let x: Scale
  /// Places values from below upwards.
  let y: Scale

  /// The place of a pair of values; not finite where either has none.
  func point(_ xValue: Double, _ yValue: Double) -> Point {
    Point(x.position(xValue), y.position(yValue))
  }
}

/// What an axis is called, how it counts, and which values it covers.
struct AxisSpan {
  /// What the axis is called; may be empty.
  var label: String
  /// How it spaces and writes its values.
  var kind: AxisKind = .linear
  /// The values it covers.
  var domain: ClosedRange<Double>
  /// What is written at it; nil for round values.
  var ticks: [Tick]?
}

extension Sheet {
  /// Adds axes and grid over the inner width less `right` points, and moves below them.
  ///
  /// The name of the vertical axis stands over its numbers, where it is read without turning.
  mutating func addPlot(
    x: AxisSpan, y: AxisSpan, height: Double, right: Double = 0
  ) -> PlotArea {
    if !y.label.isEmpty {
      let name = tickStyle.truncated(y.label, to: innerWidth)
      add(
        text: name, at: Point(margin, bottom + tickStyle.ascent), style: tickStyle,
        color: .mutedInk)
      bottom += tickStyle.ascent + tickStyle.descent + 6
    }
    let top = bottom + tickStyle.size * 0.6
    let yScale = Scale(y.kind, domain: y.domain, from: top + height, to: top)
    let yTicks = verticalTicks(yScale)
    let labelWidth = yTicks.map { tickStyle.width(of: $0.label) }.max() ?? 0
    let left = margin + labelWidth + (labelWidth > 0 ? 8 : 0)
    let rect = Rect(x: left, y: top, width: max(width - margin - right - left, 20), height: height)
    for tick in yTicks {
      let at = yScale.position(tick.value)
      marks.append(.line([Point(rect.x, at), Point(rect.right, at)], Stroke(.grid)))
      add(
        text: tick.label, at: Point(rect.x - 8, at), style: tickStyle, color: .mutedInk,
        anchor: .end, baseline: .middle)
    }
    bottom = rect.bottom
    let xScale = Scale(x.kind, domain: x.domain, from: rect.x, to: rect.right)
    addHorizontalAxis(xScale, label: x.label, from: rect.x, to: rect.right, ticks: x.ticks)
    return PlotArea(rect: rect, x: xScale, y: yScale)
  }

  /// Adds a base line at the bottom of what is there, with ticks, numbers and a name below it.
  mutating func addHorizontalAxis(
    _ scale: Scale, label: String, from left: Double, to right: Double, ticks: [Tick]? = nil
  ) {
    let y = bottom
    marks.append(.line([Point(left, y), Point(right, y)], Stroke(.axis)))
    bottom += 7
    let shown = ticks.map { apart(placed($0, on: scale)) } ?? horizontalTicks(scale)
    for (tick, center) in shown {
      let at = scale.position(tick.value)
      marks.append(.line([Point(at, y), Point(at, y + 4)], Stroke(.axis)))
      add(
        text: tick.label, at: Point(center, bottom + tickStyle.ascent), style: tickStyle,
        color: .mutedInk, anchor: .middle)
    }
    bottom += tickStyle.ascent + tickStyle.descent
    if label.isEmpty { return }
    let name = tickStyle.truncated(label, to: innerWidth)
    let half = tickStyle.width(of: name) / 2
    let center = min(max((left + right) / 2, margin + half), width - margin - half)
    bottom += 2
    add(
      text: name, at: Point(center, bottom + tickStyle.ascent), style: tickStyle,
      color: .mutedInk, anchor: .middle)
    bottom += tickStyle.ascent + tickStyle.descent
  }

  /// As many ticks as leave a gap between their labels.
  func verticalTicks(_ scale: Scale) -> [Tick] {
    let height = abs(scale.end - scale.start)
    let least = tickStyle.ascent + tickStyle.descent + 2
    for count in stride(from: max(2, Int(height / (isWide ? 42 : 36))), through: 1, by: -1) {
      let ticks = scale.ticks(maximumCount: count)
      let places = ticks.map { scale.position($0.value) }
      if zip(places, places.dropFirst()).allSatisfy({ abs($0 - $1) >= least }) { return ticks }
    }
    return []
  }

  /// As many ticks as leave a gap between their labels, each with the middle of its label, which
  /// is moved inwards where it would leave the sheet.
  func horizontalTicks(_ scale: Scale) -> [(tick: Tick, center: Double)] {
    let length = abs(scale.end - scale.start)
    for count in stride(from: max(2, Int(length / 60)), through: 1, by: -1) {
      let all = placed(scale.ticks(maximumCount: count), on: scale)
      if apart(all).count == all.count { return all }
    }
    return []
  }

  private func placed(_ ticks: [Tick], on scale: Scale) -> [(tick: Tick, center: Double)] {
    ticks.map { tick in
      let half = tickStyle.width(of: tick.label) / 2
      return (tick, min(max(scale.position(tick.value), half + 2), width - half - 2))
    }
  }

  /// Those whose labels leave a gap to the one before.
  private func apart(_ placed: [(tick: Tick, center: Double)]) -> [(tick: Tick, center: Double)] {
    placed.reduce(into: []) { kept, next in
      guard let last = kept.last else { return kept = [next] }
      let widths = tickStyle.width(of: last.tick.label) + tickStyle.width(of: next.tick.label)
      if next.center - last.center >= widths / 2 + 8 { kept.append(next) }
    }
  }
}

extension PlotArea {
  /// Where a line ends; nil without data.
  func last(x xs: [Double], y ys: [Double]) -> Point? {
    zip(xs, ys).map { point($0, $1) }.last { $0.isFinite }
  }

  /// A line through the values, broken at gaps; a value alone between gaps becomes a dot.
  func line(x xs: [Double], y ys: [Double], stroke: Stroke) -> [Mark] {
    segments(zip(xs, ys).map { point($0, $1) }).map { part in
      part.count == 1
        ? .circle(part[0], radius: max(stroke.width, 1), fill: stroke.color)
        : .line(part, stroke)
    }
  }

  /// The area between two lines, broken at gaps; a pair alone becomes an upright stroke.
  func band(x xs: [Double], low: [Double], high: [Double], fill: Paint) -> [Mark] {
    let pairs = zip(xs, zip(low, high)).map { x, pair -> (Point, Point) in
      (point(x, pair.0), point(x, pair.1))
    }
    var result: [Mark] = []
    var run: [(Point, Point)] = []
    func close() {
      if run.count == 1 {
        result.append(.line([run[0].0, run[0].1], Stroke(fill, width: 4)))
      } else if run.count > 1 {
        result.append(.polygon(run.map(\.0) + run.reversed().map(\.1), fill: fill))
      }
      run = []
    }
    for pair in pairs {
      if pair.0.isFinite && pair.1.isFinite { run.append(pair) } else { close() }
    }
    close()
    return result
  }
}

/// The runs of finite points, each as long as can be.
private func segments(_ points: [Point]) -> [[Point]] {
  points.split { !$0.isFinite }.map(Array.init)
}
