// SPDX-License-Identifier: MIT

import Diagnostics

/// What a figure of curves covers and in which order it names its series, found once for a drawing.
struct CurveFrame {
  /// What the axes cover.
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  /// Whether any point can be drawn.
  let hasData: Bool
  /// Whether a logarithmic axis has values that are not positive.
  let hasFloor: Bool
  /// The reference lines in view, and those too far from the data.
  let references: [ReferenceLine]
  let distant: [ReferenceLine]
  /// Series numbers by final value, highest first; those without data and backgrounds last.
  let order: [Int]
  /// The final value of each series, as it is written.
  let finals: [String]

  init(_ figure: LearningCurves) {
    let series = figure.series
    let columns = series.flatMap { [$0.y, $0.low ?? [], $0.high ?? []] + $0.runs.map(\.y) }
    x = fromZero(
      extent(of: series.flatMap { [$0.x] + $0.runs.map(\.x) }.joined(), kind: figure.xKind),
      kind: figure.xKind)
    let hasData = series.contains { one in
      zip(one.x, one.y).contains { $0.isFinite && $1.isFinite }
        || one.runs.contains { zip($0.x, $0.y).contains { $0.isFinite && $1.isFinite } }
    }
    self.hasData = hasData
    let hasFloor =
      figure.yKind == .logarithmic && columns.contains { $0.contains { $0 <= 0 && $0.isFinite } }
    self.hasFloor = hasFloor
    let bare = figure.yRange ?? extent(of: columns.joined(), kind: figure.yKind)
    let references = figure.references.filter {
      isInView($0.value, beside: bare, kind: figure.yKind, mayGrow: figure.yRange == nil)
    }
    self.references = references
    distant =
      hasData ? figure.references.filter { !references.contains($0) && $0.value.isFinite } : []
    let values = columns.joined() + references.map(\.value)
    y = figure.yRange ?? Self.padded(values, kind: figure.yKind, hasFloor: hasFloor)
    let numbers = series.map(\.finalValue)
    order = series.indices.sorted { a, b in
      if series[a].isBackground != series[b].isBackground { return series[b].isBackground }
      let (x, y) = (numbers[a], numbers[b])
      if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a < b : y.isNaN }
      return x == y ? a < b : figure.lowestFirst ? x < y : x > y
    }
    // As fine as those of the other series; a measured one by itself, as a KL of 2×10⁻⁵ is not 0.
    let precision = Precision(numbers)
    let isAlone = figure.isJagged || figure.yKind == .logarithmic
    finals = numbers.map { isAlone ? Numbers.text($0) : precision.text($0) }
  }

  private static func padded(
    _ values: [Double], kind: AxisKind, hasFloor: Bool
  ) -> ClosedRange<Double> {
    let padded = extent(of: values, kind: kind, padding: 0.04)
    let bare = fromZero(extent(of: values, kind: kind), kind: kind)
    if bare.lowerBound == 0 { return 0...padded.upperBound }
    // Room below the least positive value, so that the edge is told from it.
    return hasFloor
      ? max(padded.lowerBound / 2, .leastNormalMagnitude)...padded.upperBound : padded
  }
}

/// Whether a reference value lies within a range of data, or not further from it than half its
/// length, so that drawing it does not flatten what is to be seen.
///
/// - Parameter mayGrow: false where the range is fixed.
func isInView(
  _ value: Double, beside range: ClosedRange<Double>, kind: AxisKind, mayGrow: Bool
) -> Bool {
  let place = Scale(kind, domain: range, from: 0, to: 1).position(value)
  return mayGrow ? (-0.5...1.5).contains(place) : (0...1).contains(place)
}

/// The sentence on reference values that a figure does not show; nil where there are none.
func outOfView(_ lines: [ReferenceLine]) -> String? {
  lines.isEmpty ? nil : "Out of view: \(lines.map(\.label).joined(separator: "; "))."
}
