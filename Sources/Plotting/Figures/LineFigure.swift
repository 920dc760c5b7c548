// SPDX-License-Identifier: MIT

import Diagnostics

/// A small figure of several measured series, such as KL or entropy by update.
///
/// A series of more than 500 points (250 on a narrow figure) is drawn by the mean of each of as
/// many buckets, with the least and greatest values as a band, so that no spike is lost; the
/// caption says so.
package struct LineFigure: Figure {
  /// One measured series.
  package struct Series: Equatable, Sendable {
    /// What it is called in the figure.
    package let label: String
    /// Rising positions on the horizontal axis.
    package let x: [Double]
    /// Values at those positions; NaN for gaps.
    package let y: [Double]
    /// The least value beside each `y`, which may stand for several; both ends or neither.
    package let low: [Double]?
    /// The greatest value beside each `y`.
    package let high: [Double]?
    /// Which of the theme's styles it bears, 0-based; nil for its place in the list.
    package let styleIndex: Int?

    /// Whether it stands for many others and is drawn in grey below all lines, and named last.
    package var isBackground = false

    /// One series; all columns as long as `x`, NaN for gaps.
    package init(
      label: String, x: [Double], y: [Double], low: [Double]? = nil, high: [Double]? = nil,
      styleIndex: Int? = nil
    ) {
      precondition(
        [y.count, low?.count ?? x.count, high?.count ?? x.count].allSatisfy { $0 == x.count },
        "columns of different length in \"\(label)\": \(x.count) positions, \(y.count) values")
      self.label = label
      self.x = x
      self.y = y
      self.low = low
      self.high = high
      self.styleIndex = styleIndex
    }

    /// In at most `buckets` buckets: means, and what all values lie between.
    fileprivate func thinned(_ buckets: Int) -> LearningCurves.Series {
      func few(_ column: [Double]) -> Downsampled {
        downsampled(x: x, y: column, maximumPoints: buckets)
      }
      let line = few(y)
      let hasBand = line.isThinned || low != nil
      var curve = LearningCurves.Series(
        label: label, x: line.x, y: line.mean,
        low: hasBand ? few(low ?? y).minimum : nil, high: hasBand ? few(high ?? y).maximum : nil,
        styleIndex: styleIndex)
      curve.statedFinal = y.last { $0.isFinite }
      curve.isBackground = isBackground
      return curve
    }
  }

  /// The words around the figure.
  package var text: FigureText
  /// The measured series, in any order.
  package var series: [Series]
  /// What the horizontal axis counts, with its unit.
  package var xLabel: String
  /// What the vertical axis measures, with its unit.
  package var yLabel: String
  /// How the horizontal axis spaces and writes its values.
  package var xKind: AxisKind
  /// How the vertical axis spaces and writes its values.
  package var yKind: AxisKind
  /// What the vertical axis covers; nil for what the data cover.
  package var yRange: ClosedRange<Double>?
  /// Named values drawn across the figure.
  package var references: [ReferenceLine]

  /// A figure of measured series.
  package init(
    text: FigureText = FigureText(), series: [Series], xLabel: String = "update", yLabel: String,
    xKind: AxisKind = .linear, yKind: AxisKind = .linear, yRange: ClosedRange<Double>? = nil,
    references: [ReferenceLine] = []
  ) {
    self.text = text
    self.series = series
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xKind = xKind
    self.yKind = yKind
    self.yRange = yRange
    self.references = references
  }

  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    let buckets = width < 500 ? 250 : 500
    var text = text
    if let most = series.map(\.x.count).max(), most > buckets {
      let note =
        "Up to \(Numbers.whole(most)) values a series, drawn in \(buckets) buckets: mean as a"
        + " line, least to greatest as a band."
      text.caption += (text.caption.isEmpty ? "" : " ") + note
    }
    var curves = LearningCurves(
      text: text,
      series: series.map { $0.thinned(buckets) },
      xLabel: xLabel, yLabel: yLabel, xKind: xKind, yKind: yKind, yRange: yRange,
      references: references)
    curves.heightRatio = 0.3
    curves.subject = "Course"
    curves.isJagged = true
    return curves.scene(width: width)
  }
}
