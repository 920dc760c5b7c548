// SPDX-License-Identifier: MIT

/// A figure of learning: a line for each variant over episodes, decisions or seconds, with a band
/// and the single runs faint behind it.
package struct LearningCurves: Figure {
  /// One run (one seed), drawn faint.
  package struct Run: Equatable, Sendable {
    /// Rising positions on the horizontal axis.
    package let x: [Double]
    /// Values at those positions; NaN for gaps.
    package let y: [Double]

    /// One run; as many x as y, NaN for gaps.
    package init(x: [Double], y: [Double]) {
      precondition(x.count == y.count, "\(x.count) positions do not fit \(y.count) values")
      self.x = x
      self.y = y
    }
  }

  /// One variant.
  package struct Series: Equatable, Sendable {
    /// What it is called in the figure.
    package let label: String
    /// Rising positions on the horizontal axis.
    package let x: [Double]
    /// The centre line; NaN for gaps.
    package let y: [Double]
    /// The lower end of the band at each position.
    package let low: [Double]?
    /// The upper end of the band at each position.
    package let high: [Double]?
    /// The single runs behind the centre line.
    package let runs: [Run]
    /// Which of the theme's styles it bears, 0-based; nil for its place in the list.
    package let styleIndex: Int?

    /// One variant; all columns as long as `x`, NaN for gaps.
    package init(
      label: String, x: [Double], y: [Double], low: [Double]? = nil, high: [Double]? = nil,
      runs: [Run] = [], styleIndex: Int? = nil
    ) {
      precondition(
        [y.count, low?.count ?? x.count, high?.count ?? x.count].allSatisfy { $0 == x.count },
        "columns of different length in \"\(label)\": \(x.count) positions, \(y.count) values")
      self.label = label
      self.x = x
      self.y = y
      self.low = low
      self.high = high
      self.runs = runs
      self.styleIndex = styleIndex
    }

    /// Whether it stands for many others and is drawn in grey below all lines, and named last.
    package var isBackground = false

    /// The last value of the centre line that is not a gap; NaN where there is none.
    package var finalValue: Double { statedFinal ?? y.last { $0.isFinite } ?? .nan }
    /// The last value where the column holds means of buckets only.
    var statedFinal: Double?
  }

  /// The words around the figure.
  package var text: FigureText
  /// The variants, in any order.
  package var series: [Series]
  /// What the horizontal axis counts, with its unit.
  package var xLabel: String
  /// What the vertical axis measures, with its unit.
  package var yLabel: String
  /// How the horizontal axis spaces and writes its values.
  package var xKind: AxisKind
  /// How the vertical axis spaces and writes its values.
  package var yKind: AxisKind
  /// The whole scale of the game where it is known; nil for what the data cover.
  package var yRange: ClosedRange<Double>?
  /// Named values drawn across the figure.
  package var references: [ReferenceLine]
  /// Height of the plot as a part of the figure's width.
  var heightRatio = 0.47
  /// What the text alternative calls the figure.
  var subject = "Learning curves"
  /// What the text alternative calls the numbers in the legend.
  var finals = "Final values"
  /// Whether lines are steps, which are never thinned and end alike, so that a legend names them.
  var isStepped = false
  /// Whether the legend begins with the lowest final value.
  var lowestFirst = false
  /// Whether the band's ends are drawn as thin lines, so that its spikes show, and the line thin.
  var isJagged = false

  /// A figure of learning.
  package init(
    text: FigureText = FigureText(), series: [Series], xLabel: String = "episode",
    yLabel: String = "return per episode", xKind: AxisKind = .linear, yKind: AxisKind = .linear,
    yRange: ClosedRange<Double>? = nil, references: [ReferenceLine] = []
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
    var sheet = Sheet(width: width)
    sheet.addHeading(text)
    let height = min(max(sheet.width * heightRatio, 400 * heightRatio), 400).rounded()
    let frame = CurveFrame(self)
    let shown = frame.references
    let thin = isJagged || isStepped ? series : series.map { $0.thinned(to: Int(sheet.width / 2)) }
    let drawn = frame.hasFloor ? thin.map { $0.raised(to: frame.y.lowerBound) } : thin
    let room =
      !frame.hasData ? 0 : isStepped ? nil : endLabelRoom(drawn, sheet, height: height, frame)
    let area = sheet.addPlot(
      x: AxisSpan(label: xLabel, kind: xKind, domain: frame.x),
      y: AxisSpan(label: yLabel, kind: yKind, domain: frame.y), height: height, right: room ?? 0)
    sheet.addReferenceLines(shown, in: area)
    addData(drawn, to: &sheet, area: area, frame)
    if !frame.hasData {
      sheet.add(
        text: "no data yet", at: area.rect.center, style: sheet.labelStyle,
        color: .mutedInk, anchor: .middle, baseline: .middle)
    } else if room != nil {
      sheet.addEndLabels(endLabels(drawn, area, frame), in: area)
    } else {
      let points = drawn.flatMap { one in zip(one.x, one.y).map { area.point($0, $1) } }
      let unnamed = sheet.addReferenceNames(shown, in: area, avoiding: points)
      sheet.addLegend(legend(unnamed: unnamed, frame))
    }
    sheet.addCaption(caption(bucketsAtMost: Int(sheet.width / 2), frame))
    return sheet.scene(text, named: subject, describedAs: description(frame))
  }
}
