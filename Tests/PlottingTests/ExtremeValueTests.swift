// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

/// Every figure with numbers that scales break on.
@Suite("Figures of extreme, equal, infinite and missing values") struct ExtremeValueTests {
  enum Kind: String, CaseIterable {
    case curves, logarithmicCurves, seconds, lines, logarithmicLines, profiles, scores, matrix,
      effects, importance, coordinates, logarithmicCoordinates, histograms, pairs, timeline, filters
  }

  private static let least = Double.leastNonzeroMagnitude

  /// Six numbers each.
  static let values: [(name: String, numbers: [Double])] = [
    ("equal", [3, 3, 3, 3, 3, 3]), ("zero", [0, 0, 0, 0, 0, 0]),
    ("one zero", [0, 1e-4, 2e-3, 3e-2, 1e-1, 1]),
    ("below zero", [-1e-9, 1e-4, 2e-3, 3e-2, 0.1, 1]),
    ("greatest", [-1.797e308, 1.797e308, 0, 1.797e308, -1.797e308, 1e308]),
    ("equal and greatest", .init(repeating: 1.797e308, count: 6)),
    ("least", [least, 2 * least, least, 0, least, 4 * least]),
    ("far apart", [least, 1.797e308, 1, 1e-300, 1e300, 1e-5]),
    ("close", [1, 1.000_000_000_000_000_2, 1, 1, 1, 1]),
    ("close and large", [1e15, 1e15 + 0.125, 1e15, 1e15, 1e15, 1e15]),
    ("infinite", .init(repeating: .infinity, count: 6)),
    ("below infinite", .init(repeating: -.infinity, count: 6)),
    ("missing", .init(repeating: .nan, count: 6)),
    ("mixed", [.nan, .infinity, -.infinity, 1, -1e300, 1e-300]),
  ]

  @Test("They are sound and can be drawn", arguments: Kind.allCases, values.map(\.name))
  func sound(_ kind: Kind, _ name: String) throws {
    let numbers = try #require(Self.values.first { $0.name == name }).numbers
    try expectSound("\(kind.rawValue), \(name)", Self.figure(kind, numbers))
  }

  private static func figure(
    _ kind: Kind, _ numbers: [Double]
  ) -> Figure {
    switch kind {
    case .curves: curves(numbers, .linear, .linear)
    case .logarithmicCurves:
      curves(numbers, .linear, .logarithmic)
    case .seconds: curves(numbers, .duration, .linear)
    case .lines: lines(numbers, .linear)
    case .logarithmicLines: lines(numbers, .logarithmic)
    case .coordinates: coordinates(numbers, .linear)
    case .logarithmicCoordinates:
      coordinates(numbers, .logarithmic)
    case .profiles, .scores, .matrix, .effects, .importance:
      comparison(kind, numbers)
    case .histograms, .pairs, .timeline, .filters: single(kind, numbers)
    }
  }

  private static func curves(
    _ numbers: [Double], _ x: AxisKind, _ y: AxisKind
  ) -> Figure {
    // Where a curve lies is as extreme as what it says.
    let places = x == .duration ? numbers.map { abs($0) }.sorted() : (0..<6).map(Double.init)
    let background = Line(label: "median", x: places, y: numbers, isBackground: true)
    return Figure.chart(
      .learning,
      lines: [
        Line(
          label: "a", x: places, y: numbers, low: numbers, high: numbers.reversed(),
          runs: [Line(x: places, y: numbers.reversed())]), background,
      ], xLabel: "episode", yLabel: "return", xKind: x, yKind: y,
      references: numbers.map { ReferenceLine("mark", $0) } + [ReferenceLine("human", 9.3)])
  }

  private static func lines(_ numbers: [Double], _ kind: AxisKind) -> Figure {
    Figure.chart(
      .measured, lines: [Line(label: "a", x: (0..<6).map(Double.init), y: numbers)],
      xLabel: "update", yLabel: "y", yKind: kind, references: [ReferenceLine("limit", 0.01)])
  }

  private static func coordinates(_ numbers: [Double], _ kind: AxisKind) -> Figure {
    Figure.parallelCoordinates(
      axes: [
        ("rate", numbers, kind, nil),
        ("kind", [0, 1, .nan, 0, 1, 0], .linear, ["adam", "sgd"]),
      ], scoreLabel: "score", scores: numbers.reversed())
  }

  private static func comparison(
    _ kind: Kind, _ numbers: [Double]
  ) -> Figure {
    switch kind {
    case .profiles:
      Figure.chart(
        .profiles,
        lines: [
          Line(
            label: "a", x: numbers.filter { !$0.isNaN }.sorted(),
            y: numbers.filter { !$0.isNaN }, final: numbers[0])
        ], xLabel: "score", yLabel: "share"
      )
    case .scores:
      Figure.finalScores(
        rows: (0..<40).map { row in
          (
            "variant \(row)", numbers,
            Estimate(numbers[row % 6], numbers[(row + 1) % 6], numbers[(row + 2) % 6]), nil
          )
        }, xLabel: "score",
        references: [ReferenceLine("parity", 0), ReferenceLine("mark", numbers[1])]
      )
    case .matrix:
      Figure.improvementMatrix(
        labels: ["a", "b"],
        cells: [
          [
            Estimate(nil), Estimate(numbers[0], numbers[1], numbers[2]),
          ],
          [
            Estimate(numbers[3], numbers[4], numbers[5]), Estimate(nil),
          ],
        ]
      )
    case .effects:
      Figure.effects(
        groups: [
          (
            "Main effects",
            (0..<6).map {
              (
                "level \($0)",
                Estimate(numbers[$0], numbers[($0 + 1) % 6], numbers[($0 + 2) % 6])
              )
            }
          )
        ], xLabel: "change of the score"
      )
    default:
      Figure.importance(
        rows: (0..<6).map {
          ("path \($0)", numbers[$0], numbers[($0 + 1) % 6], "", $0 > 2)
        }
      )
    }
  }

  private static func single(
    _ kind: Kind, _ numbers: [Double]
  ) -> Figure {
    switch kind {
    case .histograms:
      Figure.histograms(
        rows: [("a", [1, 0, 4, 2, 9], numbers[0], nil)],
        edges: numbers.sorted(), xLabel: "return",
        references: [ReferenceLine("mark", numbers[2])]
      )
    case .pairs:
      Figure.pairedCounts(
        pairs: (0..<6).map { (numbers[$0], numbers[5 - $0], $0) },
        xLabel: "here", yLabel: "there"
      )
    case .timeline:
      Figure.probabilityTimeline(
        probabilities: numbers, points: [(3, true)], yLabel: "P", xLabel: "decision"
      )
    default:
      Figure.filters(
        tiles: [numbers.map { Float($0) }],
        tileWidth: 3, tileHeight: 2
      )
    }
  }
}
