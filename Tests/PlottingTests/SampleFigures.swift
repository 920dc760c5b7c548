// SPDX-License-Identifier: MIT

import Foundation

@testable import Plotting

/// Figures with plausible data, the same on every run.
enum SampleFigures {
  static let references = [
    ReferenceLine("random", -20.5), ReferenceLine("parity with the built-in player", 0),
    ReferenceLine("human", 9.3),
  ]

  static let noCurves = Figure.chart(
    .learning, lines: [], xLabel: "episode", yLabel: "return per episode")

  static func curves(
    _ labels: [String] = ["tuned, discount 0.99", "no normalization", "no discount", "vanilla"],
    xKind: AxisKind = .linear,
    title: String = "Discounting and normalization decide whether Pong is learned"
  ) -> Figure {
    var noise = Noise(seed: 7)
    let series = labels.enumerated().map { index, label -> Line in
      let xs = stride(from: 100.0, through: 8000, by: 40).map { xKind == .duration ? $0 * 0.9 : $0 }
      let reach = 26.0 / Double(index + 1) + 3
      let pace = 1500.0 * (1 + 0.4 * Double(index))
      let runs = (0..<3).map { _ -> [Double] in
        let late = 1 + 0.25 * noise.next()
        var drift = 0.0
        return xs.map { x in
          drift = drift * 0.9 + 0.5 * noise.next()
          return max(-21, -20.6 + reach / (1 + exp(-(x - pace * 2 * late) / (pace * 0.6))) + drift)
        }
      }
      let mean = xs.indices.map { i in runs.map { $0[i] }.reduce(0, +) / 3 }
      return Line(
        label: label, x: xs, y: mean, low: xs.indices.map { i in runs.map { $0[i] }.min() ?? .nan },
        high: xs.indices.map { i in runs.map { $0[i] }.max() ?? .nan },
        runs: runs.map { Line(x: xs, y: $0) })
    }
    return Figure.chart(
      .learning,
      title: title,
      lines: series, xLabel: xKind == .duration ? "training time" : "episode",
      yLabel: "return per episode", xKind: xKind, yRange: -21...21, references: references)
  }

  static func scores(count: Int = 5) -> Figure {
    var noise = Noise(seed: 3)
    let names = [
      "KL line search, 200 hidden units", "tuned", "no normalization", "no discount", "random play",
    ]
    let rows = (0..<count).map { index -> Figure.ScoresRow in
      let center = 8 - 6.5 * Double(index)
      let scores = (0..<10).map { _ in max(-21, center + 3 * noise.next()) }
      let mean = scores.reduce(0, +) / 10
      return (
        names[index % names.count], scores, Estimate(mean, mean - 1.6, mean + 1.4), nil
      )
    }
    return Figure.finalScores(
      title: "Final score of every seed", rows: rows,
      xLabel: "return per episode", references: references)
  }

  static func health() -> Figure {
    var noise = Noise(seed: 11)
    let xs = (1...2000).map(Double.init)
    func series(_ label: String, _ level: Double) -> Line {
      Line(
        label: label, x: xs,
        y: xs.map {
          level * exp(0.5 * noise.next() - $0 / 2500) + (noise.next() > 0.995 ? 0.02 : 0)
        })
    }
    return Figure.chart(
      .measured, title: "KL per update",
      lines: [series("tuned", 0.006), series("vanilla", 0.015)], xLabel: "update",
      yLabel: "mean KL, nats per decision", references: [ReferenceLine("limit", 0.01)])
  }

  static func timeline() -> Figure {
    var noise = Noise(seed: 5)
    var level = 0.0
    let values = (0..<1400).map { _ -> Double in
      level = level * 0.95 + noise.next()
      return 1 / (1 + exp(-level * 1.5))
    }
    let points = stride(from: 60, to: 1400, by: 71).enumerated().map {
      (decision: $1, isWon: $0 % 3 != 0)
    }
    return Figure.probabilityTimeline(
      title: "One evaluation game", probabilities: values, points: points,
      yLabel: "P(up)", xLabel: "decision")
  }

  static func filters(count: Int = 40) -> Figure {
    Figure.filters(
      title: "What 40 hidden units look for",
      tiles: (0..<count).map { filter($0, size: 80) }, tileWidth: 80, tileHeight: 80)
  }

  static func filter(_ unit: Int, size: Int) -> [Float] {
    var noise = Noise(seed: UInt64(unit) + 100)
    let (cx, cy, slope) = (40 + 25 * noise.next(), 40 + 25 * noise.next(), noise.next())
    return (0..<(size * size)).map { index -> Float in
      let (x, y) = (Double(index % size) - cx, Double(index / size) - cy)
      let track = exp(-pow(y - slope * x, 2) / 40) * cos(x / 6)
      return Float(track + 0.25 * noise.next())
    }
  }

  static func filmstrip(count: Int = 5) -> Figure {
    Figure.filmstrip(
      title: "The last rally",
      frames: (0..<count).map { index in
        (pong(ball: index * 20 + 30), "decision \(412 + index * 4)")
      })
  }

  private static func pong(ball: Int) -> PixelImage {
    var bytes: [UInt8] = []
    for y in 0..<210 {
      for x in 0..<160 {
        let isWall = (24..<34).contains(y) || (194..<210).contains(y)
        let isLeft = (16..<20).contains(x) && (80..<96).contains(y)
        let isRight = (140..<144).contains(x) && (120..<136).contains(y)
        let isBall = (ball..<(ball + 2)).contains(x) && (100..<104).contains(y)
        bytes +=
          isWall || isBall
          ? [236, 236, 236] : isLeft ? [213, 130, 74] : isRight ? [92, 186, 92] : [144, 72, 17]
      }
    }
    return PixelImage(width: 160, height: 210, format: .rgb, bytes: bytes)
  }
}

/// Uniform noise in −1…1 from a 64-bit linear congruence (Knuth's MMIX constants).
struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 52) - 1
  }
}
