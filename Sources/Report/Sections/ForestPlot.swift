// SPDX-License-Identifier: MIT

import Diagnostics
import Plotting
import Statistics

/// Every variant's score on one scale, drawn by the page itself; places are percentages of its width.
struct ForestPlot {
  /// Rows on the first screen; the table below has them all.
  private static let rowLimit = 8

  private let run: RunSummary
  private let ranked: [VariantSummary]
  private let scale: ClosedRange<Double>
  /// Those within the scale.
  private let references: [ReferenceLine]

  /// - Returns: nil while no variant has a score on the scale.
  init?(_ run: RunSummary) {
    self.run = run
    ranked = run.ranked.filter(\.hasFiniteScore)
    let finite = ranked.flatMap { $0.scores.scores.filter(\.isFinite) }
    guard let low = finite.min(), let high = finite.max() else { return nil }
    let scale = roomyRange(low, high, room: 0.08)
    self.scale = scale
    references = run.scoreReferences.filter { scale.contains($0.value) }
  }

  var html: HTML {
    let noun = run.scoreNoun
    let direction = run.goal == .maximize ? "right" : "left"
    let hidden = ranked.count - Self.rowLimit
    return """
      <figure class="forest">
      <figcaption>\(Wording.capitalized(noun)), further \(direction) is better. Large dot: mean over \
      seeds; bar: 95\u{A0}% bootstrap interval; faint dots: single seeds.</figcaption>
      <div class="forest-grid" role="table" aria-label="Score of each variant: \(noun)">
      <div class="visually-hidden" role="row"><span role="columnheader">Variant</span>\
      <span role="columnheader">Interval</span><span role="columnheader">Score</span></div>
      \(ranked.prefix(Self.rowLimit).html(row))\
      <div class="forest-row forest-axis" aria-hidden="true">
      <span class="forest-name"></span>
      <span class="forest-strip"><svg width="100%" height="34">
      \(axis)</svg></span>
      <span class="forest-number"></span>
      </div>
      </div>
      \("<p class=\"more\">\(Numbers.count(hidden, "more variant")) in the table of final scores.</p>\n", if: hidden > 0)\
      </figure>

      """
  }

  private func row(_ summary: VariantSummary) -> HTML {
    let seeds = summary.scores.scores
    let texts = seeds.map { Wording.score($0, run.precision) }.joined(separator: ", ")
    let mean = Wording.score(summary.mean, run.precision)
    let bounds = summary.interval.map { " " + Wording.bounds($0, run.precision) } ?? ""
    let lines = references.html { "\(line("reference", $0.value, $0.value, y: (0, 26)))\n" }
    let rail: HTML = "<line class=\"rail\" x1=\"0\" x2=\"100%\" y1=\"13\" y2=\"13\"></line>\n"
    let whisker = summary.interval.map {
      "\(line("whisker", $0.lower, $0.upper, y: (13, 13)))\n" as HTML
    }
    let dots = seeds.filter(\.isFinite).html { dot("seed", $0, radius: 3) }
    let label = "Mean \(mean), \(run.evidence(summary)); seeds: \(texts)"
    return """
      <div \(seriesMark(summary.style, "forest-row")) role="row">
      <span class="forest-name" role="rowheader">\(summary.label)</span>
      <span class="forest-strip" role="cell"><svg width="100%" height="26" role="img" \
      aria-label="\(label)">
      \(lines)\(rail)\(whisker)\(dots)\(summary.finiteMean.map { dot("mean", $0, radius: 5) })\
      </svg></span>
      <span class="forest-number" role="cell">\(mean)\(bounds)</span>
      </div>

      """
  }

  private func line(_ style: HTML, _ from: Double, _ to: Double, y: (Int, Int)) -> HTML {
    """
    <line class="\(style)" x1="\(percent(from, in: scale))%" x2="\(percent(to, in: scale))%" \
    y1="\(y.0)" y2="\(y.1)"></line>
    """
  }

  private func dot(_ style: HTML, _ value: Double, radius: Int) -> HTML {
    """
    <circle class="\(style)" cx="\(percent(value, in: scale))%" cy="13" r="\(radius)"></circle>

    """
  }

  /// Round values above, names of the reference lines below.
  private var axis: HTML {
    func label(_ value: Double, y: Int, _ text: String) -> HTML {
      let share = share(of: value, in: scale)
      let anchor: HTML = share < 0.15 ? "start" : share > 0.85 ? "end" : "middle"
      return """
        <text x="\(percent(value, in: scale))%" y="\(y)" class="\(anchor)">\(text)</text>

        """
    }
    let ticks = linearTicks(from: scale.lowerBound, to: scale.upperBound, maximumCount: 4)
    return """
      \(ticks.html { tick in
        line("rail", tick.value, tick.value, y: (0, 4))
      })\(ticks.html { label($0.value, y: 14, $0.label) })\
      \(references.html { label($0.value, y: 30, $0.label) })
      """
  }
}

/// Where a value lies in a range, in percent with two places; held within it.
func percent(_ value: Double, in range: ClosedRange<Double>) -> String {
  let share = share(of: value, in: range)
  let hundredths = Int((max(0, min(1, share.isNaN ? 0 : share)) * 10_000).rounded())
  let rest = hundredths % 100
  return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}

/// How far along a range a value lies; of halves, since the width of a range may be beyond the
/// greatest Double.
func share(of value: Double, in range: ClosedRange<Double>) -> Double {
  (value / 2 - range.lowerBound / 2) / (range.upperBound / 2 - range.lowerBound / 2)
}

/// The range from `low` to `high` with that share of it more at both ends, as far as a Double goes.
func roomyRange(_ low: Double, _ high: Double, room share: Double) -> ClosedRange<Double> {
  let limit = Double.greatestFiniteMagnitude
  let room = low == high ? max(1, abs(low) * 0.1) : min((high / 2 - low / 2) * (2 * share), limit)
  return max(low - room, -limit)...min(high + room, limit)
}
