// SPDX-License-Identifier: MIT

extension Figure {
  /// A pair and how often it occurred.
  package typealias Pair = (x: Double, y: Double, count: Int)

  /// A figure of pairs of values that may coincide, such as one game's return in two places: a disc
  /// for each pair, its area the number of games in which it occurred, and the line of equality.
  ///
  /// - Parameters:
  ///   - xLabel: what the first values are, with their unit.
  ///   - yLabel: what the second values are, with their unit.
  ///   - range: what both axes cover at least; nil for what the pairs cover.
  package static func pairedCounts(
    title: String = "", pairs: [Pair], xLabel: String, yLabel: String,
    range: ClosedRange<Double>? = nil
  ) -> Figure {
    // The greatest radius of a disc in points.
    let largestRadius = 11.0
    return Figure("Pairs of values", title: title) { sheet in
      let ends = [range?.lowerBound, range?.upperBound].compactMap { $0 }
      let domain = extent(of: pairs.flatMap { [$0.x, $0.y] } + ends, padding: 0.04)
      // Square, so that the line of equality rises by half a right angle; not wider than it is read.
      let height = min(sheet.innerWidth - 48, 380)
      let plot = sheet.addPlot(
        x: AxisSpan(label: xLabel, domain: domain), y: AxisSpan(label: yLabel, domain: domain),
        height: height, right: max(0, sheet.innerWidth - 48 - height))
      let equal = [domain.lowerBound, domain.upperBound].map { plot.point($0, $0) }
      sheet.marks.append(.line(equal, ReferenceLine.stroke))
      let most = Double(pairs.map(\.count).max() ?? 1)
      for pair in pairs.sorted(by: { $0.count > $1.count }) {
        let at = plot.point(pair.x, pair.y)
        guard at.isFinite, pair.count > 0 else { continue }
        let radius = max(2, largestRadius * (Double(pair.count) / most).squareRoot())
        sheet.marks.append(
          .circle(at, radius: radius, fill: .series(0).opacity(0.7), stroke: Stroke(.surface)))
      }
      let total = pairs.reduce(0) { $0 + $1.count }
      let same = pairs.reduce(0) { $0 + ($1.x == $1.y ? $1.count : 0) }
      return "\(yLabel) against \(xLabel): \(same) of \(total) games lie on the line of equality."
    }
  }
}
