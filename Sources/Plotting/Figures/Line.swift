// SPDX-License-Identifier: MIT

/// One line on a chart, with a band around it and single runs behind it; a gap is NaN.
package struct Line: Sendable {
  /// What it is called in the figure.
  package let label: String
  /// Rising positions on the horizontal axis.
  package let x: [Double]
  /// The values at those positions.
  package let y: [Double]
  /// The lower end of the band at each position.
  package let low: [Double]?
  /// The upper end of the band at each position.
  package let high: [Double]?
  /// Single runs, such as seeds, whose values alone are drawn, faint.
  package let runs: [Line]
  /// Which of the theme's styles it bears, 0-based; nil for its place in the list.
  package let style: Int?
  /// Whether it stands for many others and is drawn in grey below all lines, and named last.
  package let isBackground: Bool
  /// What stands beside its name and orders the names; NaN where there is nothing.
  package let final: Double

  /// One line; all columns as long as `x`.
  ///
  /// - Parameter final: nil for the last value that is not a gap.
  package init(
    label: String = "", x: [Double], y: [Double], low: [Double]? = nil, high: [Double]? = nil,
    runs: [Line] = [], style: Int? = nil, isBackground: Bool = false, final: Double? = nil
  ) {
    precondition(
      [y, low ?? x, high ?? x].allSatisfy { $0.count == x.count },
      "columns of different length in \"\(label)\": \(x.count) positions, \(y.count) values")
    self.label = label
    self.x = x
    self.y = y
    self.low = low
    self.high = high
    self.runs = runs
    self.style = style
    self.isBackground = isBackground
    self.final = final ?? y.last { $0.isFinite } ?? .nan
  }

  /// Every position, and every column of values.
  var positions: [Double] { x + runs.flatMap(\.x) }
  var columns: [[Double]] { [y, low ?? [], high ?? []] + runs.map(\.y) }

  /// Whether any point can be drawn.
  var hasData: Bool {
    zip(x, y).contains { $0.isFinite && $1.isFinite } || runs.contains(where: \.hasData)
  }

  /// The line with other columns and runs.
  private func with(
    x: [Double], y: [Double], low: [Double]?, high: [Double]?, runs: [Line]
  ) -> Line {
    Line(
      label: label, x: x, y: y, low: low, high: high, runs: runs, style: style,
      isBackground: isBackground, final: final)
  }

  /// The line in at most `buckets` buckets of neighbours: the mean of each, and the band from the
  /// least to the greatest in it.
  ///
  /// - Parameter showsSpread: whether a line without a band gets that of its own values, so that no
  ///   spike is lost.
  func thinned(to buckets: Int, showsSpread: Bool) -> Line {
    func few(_ column: [Double]) -> Downsampled {
      downsampled(x: x, y: column, maximumPoints: buckets)
    }
    let line = few(y)
    let spread = showsSpread && line.isThinned ? y : nil
    return with(
      x: line.x, y: line.mean, low: (low ?? spread).map { few($0).minimum },
      high: (high ?? spread).map { few($0).maximum },
      // Single runs are faint and need fewer points.
      runs: runs.map { $0.thinned(to: buckets * 2 / 3, showsSpread: false) })
  }

  /// The corners of a line that keeps each value up to the next position.
  var stepped: Line {
    func held(_ values: [Double]) -> [Double] {
      values.indices.flatMap { $0 == 0 ? [values[0]] : [values[$0 - 1], values[$0]] }
    }
    return with(
      x: x.indices.flatMap { $0 == 0 ? [x[0]] : [x[$0], x[$0]] }, y: held(y), low: low.map(held),
      high: high.map(held), runs: runs)
  }

  /// The line with `floor` for what is not positive and so has no place on a logarithmic scale.
  func raised(to floor: Double) -> Line {
    func raised(_ values: [Double]) -> [Double] {
      values.map { $0 <= 0 && $0.isFinite ? floor : $0 }
    }
    return with(
      x: x, y: raised(y), low: low.map(raised), high: high.map(raised),
      runs: runs.map { $0.raised(to: floor) })
  }
}
