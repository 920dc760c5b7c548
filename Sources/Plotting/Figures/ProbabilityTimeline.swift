// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of one game: the probability of the first action over its decisions, and where points
/// were won and lost.
package struct ProbabilityTimeline: Figure {
  /// The end of a rally.
  package struct PointMark: Equatable, Sendable {
    /// The decision at which the point fell, 0-based.
    package let decision: Int
    /// Whether the policy won it.
    package let isWon: Bool

    /// The end of a rally.
    package init(decision: Int, isWon: Bool) {
      self.decision = decision
      self.isWon = isWon
    }
  }

  /// The words around the figure.
  package var text: FigureText
  /// One probability (0…1) a decision; NaN for gaps.
  package var probabilities: [Double]
  /// The ends of the rallies.
  package var points: [PointMark]
  /// What the vertical axis measures, with its unit.
  package var yLabel: String
  /// What the horizontal axis counts, with its unit.
  package var xLabel: String

  /// A figure of one game.
  package init(
    text: FigureText = FigureText(), probabilities: [Double], points: [PointMark] = [],
    yLabel: String = "P(up)", xLabel: String = "decision"
  ) {
    self.text = text
    self.probabilities = probabilities
    self.points = points
    self.yLabel = yLabel
    self.xLabel = xLabel
  }

  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addHeading(text)
    let (won, lost) = (Paint.series(2), Paint.series(1))
    let last = max(Double(probabilities.count - 1), points.map { Double($0.decision) }.max() ?? 0)
    let area = sheet.addPlot(
      x: AxisSpan(label: xLabel, domain: 0...max(last, 1)),
      y: AxisSpan(label: yLabel, domain: 0...1), height: sheet.isWide ? 130 : 108)
    var marks: [Mark] = []
    for point in points {
      let x = area.x.position(Double(point.decision))
      let color = point.isWon ? won : lost
      marks.append(
        .line(
          [Point(x, area.rect.y), Point(x, area.rect.bottom)],
          Stroke(color.opacity(0.5), width: 1)))
    }
    // One bucket for each point of width; P(up) jumps, so its extremes are drawn too.
    let few = downsampled(
      x: probabilities.indices.map(Double.init), y: probabilities,
      maximumPoints: max(Int(area.rect.width), 2))
    let color = Paint.series(0)
    if few.isThinned {
      marks += area.band(
        x: few.x, low: few.minimum, high: few.maximum, fill: color.opacity(0.25))
    }
    marks += area.line(x: few.x, y: few.mean, stroke: Stroke(color, width: 1.25))
    sheet.marks.append(.clip(area.rect.grown(by: 2), marks))
    for point in points {
      let x = area.x.position(Double(point.decision))
      sheet.marks.append(pointMarker(x: x, in: area.rect, isWon: point.isWon, won: won, lost: lost))
    }
    addKey(to: &sheet, won: won, lost: lost)
    sheet.addCaption(text.caption)
    return sheet.scene(text, named: "One game", describedAs: description)
  }

  /// Triangles: won at the top, upwards; lost at the bottom, downwards.
  private func pointMarker(
    x: Double, in rect: Rect, isWon: Bool, won: Paint, lost: Paint
  ) -> Mark {
    isWon
      ? triangle(Point(x, rect.y - 3), up: true, color: won)
      : triangle(Point(x, rect.bottom + 1), up: false, color: lost)
  }

  private func triangle(_ center: Point, up: Bool, color: Paint) -> Mark {
    let tip = up ? -4.0 : 4.0
    return .polygon(
      [
        Point(center.x, center.y + tip), Point(center.x - 4, center.y - tip * 0.6),
        Point(center.x + 4, center.y - tip * 0.6),
      ], fill: color)
  }

  private func addKey(to sheet: inout Sheet, won: Paint, lost: Paint) {
    if points.isEmpty { return }
    let style = sheet.tickStyle
    sheet.bottom += 8
    var x = sheet.margin
    let wins = points.count(where: \.isWon)
    for (isWon, count) in [(true, wins), (false, points.count - wins)] where count > 0 {
      let y = sheet.bottom + style.lineHeight / 2
      let text = "\(isWon ? "point won" : "point lost") (\(count))"
      sheet.marks.append(triangle(Point(x + 5, y), up: isWon, color: isWon ? won : lost))
      sheet.add(
        text: text, at: Point(x + 15, y), style: style, color: .mutedInk,
        baseline: .middle)
      x += 15 + style.width(of: text) + 18
    }
    sheet.bottom += style.lineHeight
  }

  private var description: String {
    let finite = probabilities.filter(\.isFinite)
    if finite.isEmpty { return "\(yLabel) by \(xLabel): no data yet." }
    let mean = finite.reduce(0, +) / Double(finite.count)
    let wins = points.count(where: \.isWon)
    return "\(yLabel) over \(probabilities.count) decisions of one game: mean"
      + " \(Numbers.text(mean, digits: 2)); \(wins) points won, \(points.count - wins) lost."
  }
}
