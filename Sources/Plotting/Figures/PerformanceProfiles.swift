// SPDX-License-Identifier: MIT

/// A figure of performance profiles: for each variant the share of its runs beyond each score
/// (Agarwal et al. 2021, section 4.1), drawn as the steps that they are.
package struct PerformanceProfiles: Figure {
  /// One variant.
  package struct Series: Equatable, Sendable {
    /// What it is called in the figure.
    package let label: String
    /// Rising scores at which the share may change.
    package let thresholds: [Double]
    /// Share of runs beyond each threshold, 0…1; it holds up to the next one.
    package let shares: [Double]
    /// The band's ends beside `shares`; both or neither.
    package let low: [Double]?
    package let high: [Double]?
    /// The final score that orders the legend and stands in it; NaN where unknown.
    package let score: Double
    /// Which of the theme's styles it bears, 0-based; nil for its place in the list.
    package let styleIndex: Int?

    /// One variant; all columns as long as `thresholds`.
    package init(
      label: String, thresholds: [Double], shares: [Double], low: [Double]? = nil,
      high: [Double]? = nil, score: Double, styleIndex: Int? = nil
    ) {
      precondition(
        [shares.count, low?.count ?? shares.count, high?.count ?? shares.count].allSatisfy {
          $0 == thresholds.count
        }, "columns of different length in \"\(label)\": \(thresholds.count) thresholds")
      self.label = label
      self.thresholds = thresholds
      self.shares = shares
      self.low = low
      self.high = high
      self.score = score
      self.styleIndex = styleIndex
    }
  }

  /// The words around the figure.
  package var text: FigureText
  /// The variants, in any order.
  package var series: [Series]
  /// What the thresholds are, with their unit.
  package var xLabel: String
  /// What the shares are of.
  package var yLabel: String
  /// Whether low scores are good, so that the legend begins with the lowest.
  package var lowestFirst: Bool

  /// A figure of performance profiles.
  package init(
    text: FigureText = FigureText(), series: [Series], xLabel: String,
    yLabel: String = "share of seeds above the score", lowestFirst: Bool = false
  ) {
    self.text = text
    self.series = series
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.lowestFirst = lowestFirst
  }

  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    var curves = LearningCurves(
      text: text,
      series: series.map { one in
        let steps = Steps(one.thresholds)
        var curve = LearningCurves.Series(
          label: one.label, x: steps.x, y: steps.column(one.shares),
          low: one.low.map(steps.column), high: one.high.map(steps.column),
          styleIndex: one.styleIndex)
        curve.statedFinal = one.score
        return curve
      },
      xLabel: xLabel, yLabel: yLabel, yRange: 0...1)
    curves.subject = "Performance profiles"
    curves.finals = "Final scores"
    curves.isStepped = true
    curves.lowestFirst = lowestFirst
    curves.heightRatio = 0.36
    return curves.scene(width: width)
  }
}

/// The corners of a line that keeps each value up to the next position.
private struct Steps {
  let x: [Double]

  init(_ positions: [Double]) {
    x = positions.enumerated().flatMap { index, position in
      index == 0 ? [position] : [position, position]
    }
  }

  /// At each position the value before it and its own.
  func column(_ values: [Double]) -> [Double] {
    values.enumerated().flatMap { index, value in
      index == 0 ? [value] : [values[index - 1], value]
    }
  }
}
