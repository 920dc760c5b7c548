// SPDX-License-Identifier: MIT

/// A figure of pairs of values that may coincide, such as one game's return in two places: a disc
/// for each pair, its area the number of times it occurred, and the line of equality.
package struct PairedCounts: Figure {
  /// A pair and how often it occurred.
  package struct Pair: Equatable, Sendable {
    package let x: Double
    package let y: Double
    package let count: Int

    package init(x: Double, y: Double, count: Int) {
      self.x = x
      self.y = y
      self.count = count
    }
  }

  /// The greatest radius of a disc in points.
  private static let largestRadius = 11.0

  /// The words around the figure.
  package var text: FigureText
  package var pairs: [Pair]
  /// What the first values are, with their unit.
  package var xLabel: String
  /// What the second values are, with their unit.
  package var yLabel: String
  /// What is counted, in the plural: `games`.
  package var noun: String
  /// What both axes cover at least; nil for what the pairs cover.
  package var range: ClosedRange<Double>?

  /// A figure of pairs.
  package init(
    text: FigureText = FigureText(), pairs: [Pair], xLabel: String, yLabel: String, noun: String,
    range: ClosedRange<Double>? = nil
  ) {
    self.text = text
    self.pairs = pairs
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.noun = noun
    self.range = range
  }

  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addHeading(text)
    let values =
      pairs.flatMap { [$0.x, $0.y] } + [range?.lowerBound, range?.upperBound].compactMap { $0 }
    let domain = extent(of: values, padding: 0.04)
    // Square, so that the line of equality rises by half a right angle; not wider than it is read.
    let height = min(sheet.innerWidth - 48, 380)
    let plot = sheet.addPlot(
      x: AxisSpan(label: xLabel, domain: domain), y: AxisSpan(label: yLabel, domain: domain),
      height: height, right: max(0, sheet.innerWidth - 48 - height))
    sheet.marks.append(
      .line(
        [
          plot.point(domain.lowerBound, domain.lowerBound),
          plot.point(domain.upperBound, domain.upperBound),
        ], Stroke(.axis, dash: [4, 3])))
    let most = Double(pairs.map(\.count).max() ?? 1)
    let color = SeriesStyle(0).color
    for pair in pairs.sorted(by: { $0.count > $1.count }) {
      let at = plot.point(pair.x, pair.y)
      guard at.x.isFinite, at.y.isFinite, pair.count > 0 else { continue }
      let radius = max(2, Self.largestRadius * (Double(pair.count) / most).squareRoot())
      sheet.marks.append(
        .circle(at, radius: radius, fill: color.opacity(0.7), stroke: Stroke(.surface)))
    }
    sheet.addCaption(text.caption)
    return sheet.scene(text, named: "Pairs of values", describedAs: description)
  }

  private var description: String {
    let total = pairs.reduce(0) { $0 + $1.count }
    let equal = pairs.reduce(0) { $0 + ($1.x == $1.y ? $1.count : 0) }
    return "\(yLabel) against \(xLabel): \(equal) of \(total) \(noun) lie on the line of equality."
  }
}
