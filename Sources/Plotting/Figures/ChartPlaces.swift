// SPDX-License-Identifier: MIT

/// Where a chart's data lie on its scene and how they are written, for a page that reads values from
/// the figure and draws parts of it anew; lengths in points.
package struct ChartPlaces: Equatable, Encodable, Sendable {
  /// Left, top, width and height of the plot.
  let plot: [Double]
  /// The lowest and the highest value of each axis.
  let x: [Double]
  let y: [Double]
  let xKind: String
  let yKind: String
  /// The values that the vertical axis numbers.
  let ticks: [Double]
  /// Values of the reference lines that are drawn.
  let references: [Double]
  /// By line: left, top, width and height of its name, empty without one; reference lines last.
  let names: [[Double]]
  /// By line, without reference lines.
  let dashes: [[Double]]
  /// Numbers of lines, best first.
  let order: [Int]
  /// Places after the point of every value; nil where each has three digits.
  let decimals: Int?

  init(_ chart: LineChart, _ frame: ChartFrame, _ area: PlotArea, _ sheet: Sheet) {
    func box(_ rect: Rect) -> [Double] { [rect.x, rect.y, rect.width, rect.height] }
    plot = box(area.rect)
    x = [area.x.domain.lowerBound, area.x.domain.upperBound]
    y = [area.y.domain.lowerBound, area.y.domain.upperBound]
    (xKind, yKind) = (area.x.kind.rawValue, area.y.kind.rawValue)
    ticks = sheet.verticalTicks(area.y).map(\.value)
    references = frame.references.map(\.value)
    let count = chart.lines.count + frame.references.count
    names = (0..<count).map { sheet.names[$0].map(box) ?? [] }
    dashes = chart.lines.indices.map { chart.style($0).dash }
    order = frame.order
    decimals = frame.decimals
  }
}
