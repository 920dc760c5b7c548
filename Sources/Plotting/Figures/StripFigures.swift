// SPDX-License-Identifier: MIT

import Diagnostics

extension Figure {
  /// A variant with a score for each seed, in any order, those that are not finite left out; the
  /// style is one of the theme's, 0-based, or nil for its place in the list.
  package typealias ScoresRow = (
    label: String, scores: [Double], estimate: Estimate, style: Int?
  )

  /// A figure of final scores: a row for each variant, a dot for every seed, the mean or IQM with its
  /// interval, and the same in numbers.
  ///
  /// - Parameters:
  ///   - rows: the variants in the order shown, best first.
  ///   - xLabel: what the horizontal axis counts, with its unit.
  ///   - references: named values drawn across the figure.
  package static func finalScores(
    title: String = "", rows: [ScoresRow], xLabel: String, references: [ReferenceLine] = []
  ) -> Figure {
    Figure("Final scores", title: title) { sheet in
      if rows.isEmpty { return nil }
      let values = rows.flatMap { $0.scores + $0.estimate.numbers }.filter(\.isFinite)
      let lines = ReferencesInView(references, beside: values, range: nil)
      let shown = ShownRows(count: rows.count)
      let rest = Spread(shown.rest.compactMap { rows[$0].estimate.value })
      let precision = Precision(of: rows.map(\.estimate))
      func numbers(_ text: (Double) -> String) -> [String] {
        shown.places.map { place in
          guard let place else {
            return rest.map { "median \(text($0.median))" } ?? Numbers.nothing
          }
          return rows[place].estimate.text(text)
        }
      }
      var written = numbers { precision.text($0) }
      // Numbers of very many digits are written with powers of ten where they would not fit.
      if written.contains(where: { sheet.tickStyle.width(of: $0) > sheet.innerWidth * 0.45 }) {
        written = numbers { Numbers.text($0) }
      }
      let strips = zip(shown.places, written).map { place, number in
        guard let place else {
          return StripRow(
            label: "\(Numbers.whole(shown.rest.count)) between them", number: number, isMuted: true
          ) { strip, scale in
            [clipped(rest?.marks(y: strip.y + 20, scale: scale) ?? [], to: strip)]
          }
        }
        let row = rows[place]
        return StripRow(label: row.label, number: number) { strip, scale in
          [clipped(scoreMarks(row, place, top: strip.y, scale), to: strip)]
        }
      }
      sheet.addStrips(
        [("", strips)], height: 40,
        domain: extent(of: values + lines.near.map(\.value), padding: 0.03), label: xLabel,
        references: lines.near, hasRules: true)
      let distant = values.isEmpty ? nil : outOfView(lines.distant)
      sheet.notes += [shown.sentence, distant].compactMap { $0 }
      let parts = zip(shown.places, strips).map { place, row in
        "\(row.label) \(row.number)" + (place.map { ", n = \(rows[$0].scores.count)" } ?? "")
      }
      return "Final scores (\(xLabel)), best first: \(parts.joined(separator: "; "))."
    }
  }

  private static func clipped(_ marks: [Mark], to strip: Rect) -> Mark {
    .clip(Rect(x: strip.x - 6, y: strip.y, width: strip.width + 12, height: 40), marks)
  }

  /// The centre with its interval above, the seeds below it, so that neither hides the other.
  private static func scoreMarks(
    _ row: ScoresRow, _ place: Int, top: Double, _ scale: Scale
  ) -> [Mark] {
    let color = SeriesStyle(row.style ?? place).color
    let (barY, dotY) = (top + 11, top + 27)
    let xs = row.scores.map(scale.position).filter(\.isFinite)
    var marks: [Mark] = dodged(xs, spacing: 6.5, limit: 9.75).map { point in
      .circle(Point(point.x, dotY + point.y), radius: 3, fill: color.opacity(0.55))
    }
    marks += row.estimate.bar(y: barY, scale, Stroke(color, width: 2.5))
    if let center = row.estimate.value.map(scale.position), center.isFinite {
      let ring = Stroke(.surface, width: 1.5)
      marks.append(.circle(Point(center, barY), radius: 5, fill: color, stroke: ring))
    }
    return marks
  }

  /// A figure of estimates with their intervals, a row each, about "no effect": effects of a factorial
  /// sweep.
  ///
  /// An estimate that is clear is a filled dot with a bold number, others are hollow, so that colour
  /// is not needed to tell them apart.
  ///
  /// - Parameters:
  ///   - groups: rows under a heading, in the order shown.
  ///   - xLabel: what the horizontal axis measures, with its unit.
  package static func effects(
    title: String = "", groups: [(title: String, rows: [(label: String, estimate: Estimate)])],
    xLabel: String
  ) -> Figure {
    Figure("Effects", title: title) { sheet in
      let estimates = groups.flatMap(\.rows).map(\.estimate)
      if estimates.isEmpty { return nil }
      let precision = Precision(of: estimates)
      func summary(_ estimate: Estimate) -> String {
        estimate.text { value in
          let written = precision.text(value)
          let isMore = value > 0 && written.contains { ("1"..."9").contains($0) }
          return isMore ? "+" + written : written
        }
      }
      sheet.addStrips(
        groups.map { group in
          let rows = group.rows.map { label, estimate in
            StripRow(label: label, number: summary(estimate), isClear: estimate.isClear) {
              effectMarks(estimate, y: $0.center.y, $1)
            }
          }
          return (group.title, rows)
        }, height: sheet.isWide ? 24 : 18,
        domain: extent(of: estimates.flatMap(\.numbers) + [0], padding: 0.05), label: xLabel,
        references: [ReferenceLine("no effect", 0)])
      let parts = groups.filter { !$0.rows.isEmpty }.map { group in
        (group.title.isEmpty ? "" : group.title + ": ")
          + group.rows.map { "\($0.label) \(summary($0.estimate))" }.joined(separator: "; ")
      }
      return "\(xLabel), with intervals. \(parts.joined(separator: ". "))."
    }
  }

  private static func effectMarks(_ estimate: Estimate, y: Double, _ scale: Scale) -> [Mark] {
    let color = estimate.isClear ? Paint.series(0) : .mutedInk
    let bar = estimate.bar(y: y, scale, Stroke(color, width: 2))
    let x = scale.position(estimate.value ?? .nan)
    if !x.isFinite { return bar }
    return bar + [
      .circle(
        Point(x, y), radius: 4.5, fill: estimate.isClear ? color : .surface,
        stroke: Stroke(color, width: 1.75))
    ]
  }

  /// A parameter of a random sweep: its share of the variance, the share that chance exceeds once in
  /// twenty, both 0…1; what is written at the right, such as `p 0.003`; and whether the share is
  /// beyond chance, which a p over all parameters says.
  package typealias ImportanceRow = (
    label: String, share: Double, chance: Double, note: String, isClear: Bool
  )

  /// A figure of how much each parameter of a random sweep matters: a bar for the share of variance,
  /// and a mark where chance alone gets to.
  ///
  /// - Parameter rows: in any order; the greatest share is drawn first.
  package static func importance(title: String = "", rows: [ImportanceRow]) -> Figure {
    let (name, xLabel) = ("Importance of parameters", "share of the variance in score")
    return Figure(name, title: title) { sheet in
      let shown = rows.filter(\.share.isFinite).sorted { $0.share > $1.share }
      if shown.isEmpty { return nil }
      func summary(_ row: ImportanceRow) -> String {
        let share = Numbers.fixed(row.share, decimals: 2)
        return row.note.isEmpty ? share : "\(share), \(row.note)"
      }
      let strips = shown.map { row in
        StripRow(label: row.label, number: summary(row), isClear: row.isClear) {
          importanceMarks(row, on: $0, $1)
        }
      }
      sheet.addStrips(
        [("", strips)], height: sheet.isWide ? 26 : 20, domain: 0...1, label: xLabel)
      sheet.addLegend([
        LineName(label: "beyond chance", stroke: Stroke(.series(0), width: 6)),
        LineName(label: "within chance", stroke: Stroke(.axis.opacity(0.7), width: 6)),
        LineName(
          label: "chance exceeds this once in twenty",
          stroke: Stroke(.ink, width: 1.5, dash: ReferenceLine.dash)),
      ])
      let parts = shown.map { "\($0.label) \(summary($0))\($0.isClear ? "" : ", within chance")" }
      return "\(name) (\(xLabel)), greatest first: \(parts.joined(separator: "; "))."
    }
  }

  private static func importanceMarks(
    _ row: ImportanceRow, on strip: Rect, _ scale: Scale
  ) -> [Mark] {
    let end = scale.position(min(max(row.share, 0), 1))
    let bar = Rect(
      x: scale.start, y: strip.y + 5, width: max(end - scale.start, 1), height: strip.height - 10)
    let color = row.isClear ? Paint.series(0) : .axis.opacity(0.7)
    guard row.chance.isFinite else { return [.rect(bar, fill: color, radius: 2)] }
    let x = scale.position(min(max(row.chance, 0), 1))
    return [
      .rect(bar, fill: color, radius: 2),
      .line(
        [Point(x, strip.y + 1), Point(x, strip.bottom - 1)],
        Stroke(.ink, width: 1.5, dash: ReferenceLine.dash)),
    ]
  }

  /// A variant with its games in each bin, their mean, NaN where unknown, and its style as in
  /// `ScoresRow`.
  package typealias HistogramRow = (label: String, counts: [Int], mean: Double, style: Int?)

  /// A figure of histograms of games on one scale, a row for each variant.
  ///
  /// - Parameters:
  ///   - rows: the variants in the order shown.
  ///   - edges: of the bins, rising, one more than each row has counts.
  ///   - xLabel: what is counted into bins, with its unit.
  ///   - references: named values drawn across the figure.
  package static func histograms(
    title: String = "", rows: [HistogramRow], edges: [Double], xLabel: String,
    references: [ReferenceLine] = []
  ) -> Figure {
    precondition(
      rows.allSatisfy { $0.counts.count == max(0, edges.count - 1) },
      "\(edges.count) edges do not fit \(rows.map(\.counts.count)) counts")
    return Figure("Histograms", title: title) { sheet in
      guard !rows.isEmpty, let first = edges.first, let last = edges.last, first < last,
        edges.allSatisfy(\.isFinite)
      else { return nil }
      let precision = Precision(rows.map(\.mean))
      let totals = rows.map { $0.counts.reduce(0, +) }
      let numbers = zip(rows, totals).map { row, total in
        "mean \(precision.text(row.mean)), \(Numbers.whole(total)) games"
      }
      // The greatest share of games in one bin.
      let peak = zip(rows, totals).map { row, total in
        total > 0 ? Double(row.counts.max() ?? 0) / Double(total) : 0
      }.max()
      let strips = rows.indices.map { place in
        StripRow(label: rows[place].label, number: numbers[place]) {
          histogramMarks(
            rows[place], place, edges: edges, scaled: Double(totals[place]) * (peak ?? 0), on: $0,
            $1)
        }
      }
      sheet.addStrips(
        [("", strips)], height: sheet.isWide ? 46 : 38, domain: first...last, label: xLabel,
        references: references.filter { (first...last).contains($0.value) })
      let parts = zip(rows, numbers).map { "\($0.label) \($1)" }
      return "Histograms of \(xLabel): \(parts.joined(separator: "; "))."
    }
  }

  /// Bars whose heights are shares of the row's games, on one scale for all rows, and the mean.
  ///
  /// - Parameter most: games of the row that would fill its height.
  private static func histogramMarks(
    _ row: HistogramRow, _ place: Int, edges: [Double], scaled most: Double, on strip: Rect,
    _ scale: Scale
  ) -> [Mark] {
    let color = SeriesStyle(row.style ?? place).color
    var marks: [Mark] = row.counts.indices.filter { row.counts[$0] > 0 }.map { bin in
      let (left, right) = (scale.position(edges[bin]), scale.position(edges[bin + 1]))
      let height = Double(row.counts[bin]) / most * (strip.height - 8)
      let gap = right - left > 4 ? 1.0 : 0
      return .rect(
        Rect(
          x: left + gap / 2, y: strip.bottom - height, width: max(right - left - gap, 0.5),
          height: height),
        fill: color.opacity(0.8))
    }
    marks.append(
      .line([Point(strip.x, strip.bottom), Point(strip.right, strip.bottom)], Stroke(.grid)))
    let x = scale.position(row.mean)
    if x.isFinite, x >= strip.x, x <= strip.right {
      marks.append(
        .line([Point(x, strip.y + 2), Point(x, strip.bottom)], Stroke(.ink, width: 1.5)))
    }
    return marks
  }
}

/// Offsets from a row's middle that keep equal or close dots apart while there is room.
///
/// - Returns: for each x in rising order, the point (x, offset), |offset| ≤ `limit`.
func dodged(_ xs: [Double], spacing: Double, limit: Double) -> [Point] {
  var placed: [Point] = []
  let half = spacing / 2
  var offsets = [0.0]
  for level in stride(from: half, through: limit, by: half) { offsets += [level, -level] }
  for x in xs.sorted() {
    let near = placed.reversed().prefix { x - $0.x < spacing }
    let free = offsets.first { offset in
      near.allSatisfy { point in
        let (dx, dy) = (x - point.x, offset - point.y)
        return dx * dx + dy * dy >= spacing * spacing * 0.98
      }
    }
    placed.append(Point(x, free ?? 0))
  }
  return placed
}
