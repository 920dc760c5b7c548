// SPDX-License-Identifier: MIT

import Diagnostics

extension Figure {
  /// The end of a rally: the decision at which the point fell, 0-based, and whether the policy won it.
  package typealias Rally = (decision: Int, isWon: Bool)

  /// A figure of one game: the probability of the first action over its decisions, and where points
  /// were won and lost.
  ///
  /// - Parameters:
  ///   - probabilities: one (0…1) a decision; NaN for gaps.
  ///   - yLabel: what the vertical axis measures.
  ///   - xLabel: what the horizontal axis counts.
  package static func probabilityTimeline(
    title: String = "", probabilities: [Double], points: [Rally] = [], yLabel: String,
    xLabel: String
  ) -> Figure {
    Figure("One game", title: title) { sheet in
      let last = max(Double(probabilities.count - 1), points.map { Double($0.decision) }.max() ?? 0)
      let area = sheet.addPlot(
        x: AxisSpan(label: xLabel, domain: 0...max(last, 1)),
        y: AxisSpan(label: yLabel, domain: 0...1), height: sheet.isWide ? 130 : 108)
      var marks: [Mark] = points.map { point in
        let x = area.x.position(Double(point.decision))
        return .line(
          [Point(x, area.rect.y), Point(x, area.rect.bottom)],
          Stroke(pointColor(isWon: point.isWon).opacity(0.5), width: 1))
      }
      // One bucket for each point of width; a probability jumps, so its extremes are drawn too.
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
        let y = point.isWon ? area.rect.y - 3 : area.rect.bottom + 1
        sheet.marks.append(
          triangle(Point(area.x.position(Double(point.decision)), y), isWon: point.isWon))
      }
      let wins = points.count(where: \.isWon)
      addKey(to: &sheet, wins: wins, of: points.count)
      let finite = probabilities.filter(\.isFinite)
      if finite.isEmpty { return "\(yLabel) by \(xLabel): no data yet." }
      let mean = Numbers.text(finite.reduce(0, +) / Double(finite.count), digits: 2)
      return "\(yLabel) over \(probabilities.count) decisions of one game: mean \(mean);"
        + " \(wins) points won, \(points.count - wins) lost."
    }
  }

  private static func pointColor(isWon: Bool) -> Paint { isWon ? .series(2) : .series(1) }

  /// Won points to the top, lost ones to the bottom.
  private static func triangle(_ center: Point, isWon: Bool) -> Mark {
    let tip = isWon ? -4.0 : 4.0
    return .polygon(
      [
        Point(center.x, center.y + tip), Point(center.x - 4, center.y - tip * 0.6),
        Point(center.x + 4, center.y - tip * 0.6),
      ], fill: pointColor(isWon: isWon))
  }

  private static func addKey(to sheet: inout Sheet, wins: Int, of all: Int) {
    if all == 0 { return }
    let style = sheet.tickStyle
    sheet.bottom += 8
    var x = sheet.margin
    for (isWon, count) in [(true, wins), (false, all - wins)] where count > 0 {
      let y = sheet.bottom + style.lineHeight / 2
      let text = "\(isWon ? "point won" : "point lost") (\(count))"
      sheet.marks.append(triangle(Point(x + 5, y), isWon: isWon))
      sheet.add(
        text: text, at: Point(x + 15, y), style: style, color: .mutedInk, baseline: .middle)
      x += 15 + style.width(of: text) + 18
    }
    sheet.bottom += style.lineHeight
  }
}
