// SPDX-License-Identifier: MIT

import Diagnostics

/// What a chart covers and in which order it names its lines, found once for a drawing.
struct ChartFrame {
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
  /// Numbers of lines by final value, highest first; those without data and backgrounds last.
  let order: [Int]
  /// The final value of each line, as it is written.
  let finals: [String]
  /// Places after the point of every value; nil where each has three digits.
  let decimals: Int?

  init(_ chart: LineChart, _ lines: [Line]) {
    let columns = lines.flatMap(\.columns)
    // Dots at the ends are whole.
    let room = chart.kind == .response ? 0.04 : 0
    x = fromZero(
      extent(of: lines.flatMap(\.positions), kind: chart.x.kind, padding: room),
      kind: chart.x.kind)
    hasData = lines.contains(where: \.hasData)
    hasFloor =
      chart.y.kind == .logarithmic && columns.contains { $0.contains { $0 <= 0 && $0.isFinite } }
    let inView = ReferencesInView(
      chart.references, beside: columns.joined(), range: chart.yRange, kind: chart.y.kind)
    references = inView.near
    distant = hasData ? inView.distant : []
    let values = columns.joined() + references.map(\.value)
    y = chart.yRange ?? Self.padded(values, kind: chart.y.kind, hasFloor: hasFloor)
    order = lines.indices.sorted { a, b in
      if lines[a].isBackground != lines[b].isBackground { return lines[b].isBackground }
      return isBefore(
        lines[a].final, lines[b].final, lowestFirst: chart.lowestFirst, otherwise: a < b)
    }
    // As fine as those of the other lines; a measured one by itself, as a KL of 2×10⁻⁵ is not 0.
    let precision = Precision(lines.map(\.final))
    let isAlone = chart.kind == .measured || chart.y.kind == .logarithmic
    decimals = isAlone ? nil : precision.places
    finals = lines.map { isAlone ? Numbers.text($0.final) : precision.text($0.final) }
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

/// Whether one of two numbers is named first: the higher (or lower) one, and any before NaN.
///
/// - Parameter otherwise: what decides between equal ones.
func isBefore(
  _ x: Double, _ y: Double, lowestFirst: Bool = false, otherwise: Bool
) -> Bool {
  if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? otherwise : y.isNaN }
  return x == y ? otherwise : lowestFirst ? x < y : x > y
}
