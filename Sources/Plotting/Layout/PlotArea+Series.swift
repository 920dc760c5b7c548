// SPDX-License-Identifier: MIT

extension PlotArea {
  /// Where a line ends; nil without data.
  func last(x xs: [Double], y ys: [Double]) -> Point? {
    zip(xs, ys).map { point($0, $1) }.last { $0.isFinite }
  }

  /// A line through the values, broken at gaps; a value alone between gaps becomes a dot.
  func line(x xs: [Double], y ys: [Double], stroke: Stroke) -> [Mark] {
    segments(zip(xs, ys).map { point($0, $1) }).map { part in
      part.count == 1
        ? .circle(part[0], radius: max(stroke.width, 1), fill: stroke.color)
        : .line(part, stroke)
    }
  }

  /// The area between two lines, broken at gaps; a pair alone becomes an upright stroke.
  func band(x xs: [Double], low: [Double], high: [Double], fill: Paint) -> [Mark] {
    let pairs = zip(xs, zip(low, high)).map { x, pair -> (Point, Point) in
      (point(x, pair.0), point(x, pair.1))
    }
    var result: [Mark] = []
    var run: [(Point, Point)] = []
    func close() {
      if run.count == 1 {
        result.append(.line([run[0].0, run[0].1], Stroke(fill, width: 4)))
      } else if run.count > 1 {
        result.append(.polygon(run.map(\.0) + run.reversed().map(\.1), fill: fill))
      }
      run = []
    }
    for pair in pairs {
      if pair.0.isFinite && pair.1.isFinite { run.append(pair) } else { close() }
    }
    close()
    return result
  }
}

/// The runs of finite points, each as long as can be.
private func segments(_ points: [Point]) -> [[Point]] {
  points.split { !$0.isFinite }.map(Array.init)
}
