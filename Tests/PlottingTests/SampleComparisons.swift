// SPDX-License-Identifier: MIT

import Foundation

@testable import Plotting

/// Figures that compare variants, with plausible data, the same on every run.
enum SampleComparisons {
  static let names = [
    "KL line search", "tuned", "no normalization", "no discount", "vanilla policy gradient",
  ]

  static func name(_ index: Int) -> String {
    index < names.count ? names[index] : "variant number \(index + 1)"
  }

  static func profiles(count: Int = 4, seeds: Int = 10) -> Figure {
    var noise = Noise(seed: 21)
    let series = (0..<count).map { index -> Line in
      let scores = (0..<seeds).map { _ in max(-21, 9 - 5 * Double(index) + 5 * noise.next()) }
      let thresholds = [-21.0] + scores.filter { $0 > -21 }.sorted() + [21]
      let shares = thresholds.map { t in Double(scores.count { $0 > t }) / Double(seeds) }
      let reach = 0.9 / Double(seeds).squareRoot()
      return Line(
        label: name(index), x: thresholds, y: shares,
        low: shares.map { max(0, $0 - reach * ($0 * (1 - $0) * 4).squareRoot()) },
        high: shares.map { min(1, $0 + reach * ($0 * (1 - $0) * 4).squareRoot()) },
        style: index, final: scores.reduce(0, +) / Double(seeds))
    }
    return Figure.chart(
      .profiles,
      title: "Performance profiles",
      lines: series, xLabel: "final score", yLabel: "share of seeds above the score")
  }

  static func matrix(count: Int = 5) -> Figure {
    Figure.improvementMatrix(
      title: "Probability of improvement", labels: (0..<count).map(name),
      cells: (0..<count).map { row in
        (0..<count).map { column in
          let p = 1 / (1 + exp(Double(row - column) * 0.7))
          return Estimate(
            p, max(0, p - 0.18), min(1, p + 0.18), isClear: abs(p - 0.5) > 0.18)
        }
      })
  }

  static func effects(count: Int = 4) -> Figure {
    var noise = Noise(seed: 8)
    func rows(_ names: [String], _ size: Double) -> [(label: String, estimate: Estimate)] {
      names.map { name in
        let value = size * noise.next()
        let (low, high) = (value - 1.4 - noise.next(), value + 1.5 + noise.next())
        return (name, Estimate(value, low, high, isClear: low > 0 || high < 0))
      }
    }
    let single = (0..<count).map { ["discount 0.99", "normalize episode", "hidden 50"][$0 % 3] }
    return Figure.effects(
      title: "What each factor does",
      groups: [
        ("Main effects", rows(single, 14)),
        ("Interactions", rows(single.map { "\($0) × sticky actions 0.25" }, 4)),
      ], xLabel: "change of the final score")
  }

  static func importance(count: Int = 5) -> Figure {
    let names = ["learningRate", "discount", "hidden", "decay", "kind"]
    return Figure.importance(
      title: "Which parameters matter",
      rows: (0..<count).map { index in
        (
          names[index % names.count], 0.68 / Double(index + 1), 0.24,
          "p \(index < 2 ? "0.001" : "0.31")", index < 2
        )
      })
  }

  static func parallel(draws: Int = 40) -> Figure {
    var noise = Noise(seed: 31)
    let rates = (0..<draws).map { _ in pow(10, -3.5 + 1.5 * noise.next()) }
    let discounts = (0..<draws).map { _ in 0.95 + 0.045 * noise.next() }
    let kinds = (0..<draws).map { _ in ((noise.next() + 1) * 1.4999).rounded(.down) }
    let scores = (0..<draws).map { index in
      12 - 22 * abs(log10(rates[index]) + 2.8) + (kinds[index] == 1 ? 3 : 0) + 2 * noise.next()
    }
    return Figure.parallelCoordinates(
      title: "Forty draws",
      axes: [
        ("optimizer.learningRate", rates, .logarithmic, nil),
        ("returns.discount", discounts, .linear, nil),
        ("optimizer.kind", kinds, .linear, ["rmsprop", "adam", "sgd"]),
      ], scoreLabel: "final score", scores: scores)
  }

  static func pairs(games: Int = 200) -> Figure {
    var noise = Noise(seed: 43)
    var counts: [[Double]: Int] = [:]
    for game in 0..<games {
      let here = max(-21, min(21, (6 + 5 * noise.next() + 5 * noise.next()).rounded()))
      counts[[here, game % 20 == 0 ? here - 3 : here], default: 0] += 1
    }
    return Figure.pairedCounts(
      title: "Returns in both places, game by game",
      pairs: counts.map { (x: $0.key[0], y: $0.key[1], count: $0.value) }
        .sorted { ($0.x, $0.y) < ($1.x, $1.y) },
      xLabel: "return in the embedded game", yLabel: "return in gymnasium:Pong-v0",
      range: -21...21)
  }

  static func histograms(count: Int = 3) -> Figure {
    var noise = Noise(seed: 41)
    let edges = stride(from: -21.0, through: 21, by: 2).map { $0 }
    return Figure.histograms(
      title: "Returns of single games",
      rows: (0..<count).map { index in
        let values = (0..<300).map { _ in
          min(20.9, max(-21, 8 - 6 * Double(index) + 4 * (noise.next() + noise.next())))
        }
        let counts = edges.indices.dropLast().map { bin in
          values.count { $0 >= edges[bin] && $0 < edges[bin + 1] }
        }
        return (name(index), counts, values.reduce(0, +) / 300, index)
      }, edges: edges, xLabel: "return per game",
      references: SampleFigures.references)
  }
}
