// SPDX-License-Identifier: MIT

import Diagnostics

extension Figure {
  /// A parameter of a random sweep: what it is called, and for each variant a number, or the place
  /// among `names` where it has names, NaN where it has neither.
  package typealias Parameter = (
    label: String, values: [Double], kind: AxisKind, names: [String]?
  )

  /// A figure of a random sweep: an axis for each parameter and one for the score, and a line for
  /// each variant through its values, coloured by its score.
  ///
  /// The axes lie flat, one below the other, so that names and values can be read at any width.
  ///
  /// - Parameters:
  ///   - axes: the parameters from above downwards, each with a value for each score.
  ///   - scoreLabel: what the lowest axis is called.
  ///   - scores: one for each variant; those that are not finite are not drawn.
  ///   - lowestIsBest: whether low scores are good.
  package static func parallelCoordinates(
    title: String = "", axes: [Figure.Parameter], scoreLabel: String, scores: [Double],
    lowestIsBest: Bool = false
  ) -> Figure {
    precondition(
      axes.allSatisfy { $0.values.count == scores.count },
      "\(scores.count) scores do not fit axes of \(axes.map(\.values.count)) values")
    let figure = ParallelCoordinates(
      axes: axes, scoreLabel: scoreLabel, scores: scores, lowestIsBest: lowestIsBest)
    return Figure("Parallel coordinates", title: title) { figure.draw(on: &$0) }
  }
}

/// See `Figure.parallelCoordinates`.
private struct ParallelCoordinates {
  let axes: [Figure.Parameter]
  let scoreLabel: String
  let scores: [Double]
  let lowestIsBest: Bool

  func draw(on sheet: inout Sheet) -> String? {
    let order = drawingOrder
    guard !order.isEmpty, !axes.isEmpty else { return nil }
    let left = sheet.margin + 6
    let right = sheet.width - sheet.margin - 6
    let finite = scores.filter(\.isFinite)
    let last: Figure.Parameter = (scoreLabel, scores, .linear, nil)
    let scales = (axes + [last]).map { Rail($0, from: left, to: right) }
    let style = sheet.tickStyle
    let nameStyle = TextStyle(size: style.size + 0.5, weight: .semibold)
    let pitch = nameStyle.lineHeight + style.lineHeight + (sheet.isWide ? 44 : 30)
    let top = sheet.bottom + nameStyle.lineHeight + 4
    let ys = scales.indices.map { top + Double($0) * pitch }
    let range = extent(of: finite)
    var lines: [Mark] = []
    for (rank, index) in order.enumerated() {
      let isBest = rank == order.count - 1
      let color = isBest ? .series(1) : tint(scores[index], in: range)
      let points = zip(scales, ys).map { Point($0.position(index), $1) }
      for part in points.split(whereSeparator: { !$0.isFinite }) where part.count > 1 {
        lines.append(.line(Array(part), Stroke(color, width: isBest ? 2.5 : 1.25)))
      }
      // Dots tell where a few lines turn; of very many they would hide each other.
      if isBest || order.count <= 200 {
        lines += points.filter(\.isFinite).map {
          .circle($0, radius: isBest ? 3.5 : 2.25, fill: color)
        }
      }
    }
    for (y, _) in zip(ys, scales) {
      sheet.marks.append(.line([Point(left, y), Point(right, y)], Stroke(.axis)))
    }
    sheet.marks += lines
    let labels = nameStyle.shortened((axes + [last]).map(\.label), to: sheet.innerWidth)
    for (index, label) in labels.enumerated() {
      sheet.add(
        text: label,
        at: Point(sheet.margin, ys[index] - 8 - nameStyle.descent), style: nameStyle, color: .ink,
        halo: .surface)
      addValues(scales[index], y: ys[index], to: &sheet)
    }
    sheet.bottom = (ys.last ?? top) + 6 + style.lineHeight
    addKey(to: &sheet, range: range)
    return description(order)
  }
}

/// An axis with its scale.
private struct Rail {
  let axis: Figure.Parameter
  private let scale: Scale

  init(_ axis: Figure.Parameter, from left: Double, to right: Double) {
    self.axis = axis
    let domain =
      axis.names.map { -0.5...(Double(max($0.count, 1)) - 0.5) }
      ?? extent(of: axis.values, kind: axis.kind, padding: 0.02)
    scale = Scale(axis.kind, domain: domain, from: left, to: right)
  }

  /// Where a variant crosses the axis; NaN where it does not.
  func position(_ index: Int) -> Double { scale.position(axis.values[index]) }

  /// What is written below the axis, without overlap.
  func ticks(_ sheet: Sheet) -> [(label: String, center: Double)] {
    guard let names = axis.names else {
      return sheet.horizontalTicks(scale).map { ($0.tick.label, $0.center) }
    }
    let room = abs(scale.end - scale.start) / Double(max(names.count, 1)) - 8
    // Names that would be cut to nothing are left out, every second or third stays.
    let every = max(1, Int((28 / max(room + 8, 1)).rounded(.up)))
    let width = room + (Double(every) - 1) * (room + 8)
    let shown = names.indices.filter { $0.isMultiple(of: every) }
    let labels = sheet.tickStyle.shortened(shown.map { names[$0] }, to: max(width, 8))
    return zip(shown, labels).map { index, label in
      let half = sheet.tickStyle.width(of: label) / 2
      return (
        label, min(max(scale.position(Double(index)), half + 2), sheet.width - half - 2)
      )
    }
  }
}

extension ParallelCoordinates {
  /// Variants with a score, the best last, so that it lies on top.
  private var drawingOrder: [Int] {
    scores.indices.filter { scores[$0].isFinite }.sorted { a, b in
      if scores[a] == scores[b] { return a > b }
      return lowestIsBest ? scores[a] > scores[b] : scores[a] < scores[b]
    }
  }

  private func tint(_ score: Double, in range: ClosedRange<Double>) -> Paint {
    let (low, high) = (range.lowerBound, range.upperBound)
    let share = low < high ? fraction(score, from: low, to: high) : 0.5
    // The ramp's first part would not stand out from the sheet.
    let place = 0.3 + 0.7 * (lowestIsBest ? 1 - share : share)
    return Paint { $0.sequential.color(at: place).opacity(0.85) }
  }

  private func addValues(_ rail: Rail, y: Double, to sheet: inout Sheet) {
    let style = sheet.tickStyle
    for (label, center) in rail.ticks(sheet) {
      sheet.add(
        text: label, at: Point(center, y + 5 + style.ascent), style: style,
        color: .mutedInk, anchor: .middle, halo: .surface)
    }
  }

  private func addKey(to sheet: inout Sheet, range: ClosedRange<Double>) {
    let (low, high) = (range.lowerBound, range.upperBound)
    let (good, bad) = lowestIsBest ? (low, high) : (high, low)
    sheet.addLegend([
      LineName(label: "best", value: Numbers.score(good), stroke: Stroke(.series(1), width: 2.5)),
      LineName(label: "good", stroke: Stroke(tint(good, in: low...high), width: 2)),
      LineName(
        label: "worst", value: Numbers.score(bad),
        stroke: Stroke(tint(bad, in: low...high), width: 2)),
    ])
  }

  private func text(_ value: Double, _ names: [String]?) -> String {
    guard let names else { return Numbers.text(value) }
    return value.isFinite ? names[Int(value)] : Numbers.nothing
  }

  private func description(_ order: [Int]) -> String {
    let best = order.last.map { index in
      axes.map { "\($0.label) \(text($0.values[index], $0.names))" }.joined(separator: ", ")
    }
    return "Parallel coordinates of \(order.count) variants over"
      + " \(axes.map(\.label).joined(separator: ", ")) and \(scoreLabel). The best:"
      + " \(best ?? "–"), score \(order.last.map { Numbers.score(scores[$0]) } ?? "–")."
  }
}
