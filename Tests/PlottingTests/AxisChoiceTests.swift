// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Plotting

@Suite("What axes cover") struct AxisChoiceTests {
  private func texts(_ scene: Scene) -> [String] { scene.texts.map(\.string) }

  @Test("A reference far from the data is named below and does not flatten them")
  func distantReferences() {
    let curves = Figure.chart(
      .learning, lines: [Line(label: "a", x: [0, 1, 2], y: [-20.8, -20.1, -19])],
      xLabel: "episode", yLabel: "return",
      references: [ReferenceLine("random", -20.5), ReferenceLine("human", 9.3)])
    let drawn = curves.scene()
    #expect(!texts(drawn).contains("−10") && !texts(drawn).contains("10"))
    #expect(texts(drawn).contains { $0.contains("Out of view: human 9.3.") })
    #expect(texts(drawn).contains { $0.contains("random") })
    let scores = Figure.finalScores(
      rows: [("a", [-20.8, -20.1, -19], Estimate(-20), nil)],
      xLabel: "score", references: [ReferenceLine("human", 9.3)]
    ).scene()
    #expect(!texts(scores).contains("−10") && !texts(scores).contains("10"))
    #expect(texts(scores).contains { $0.contains("Out of view: human 9.3.") })
  }

  @Test("One zero leaves a logarithmic axis logarithmic, and is said to lie on its edge")
  func zero() {
    let figure = Figure.chart(
      .measured,
      lines: [
        Line(label: "kl", x: [0, 1, 2, 3, 4], y: [1e-5, 0, 1e-4, 1e-3, 0.2])
      ], xLabel: "update", yLabel: "KL", yKind: .logarithmic)
    let drawn = figure.scene()
    #expect(texts(drawn).contains("10⁻⁴") && texts(drawn).contains("0.01"))
    #expect(texts(drawn).contains { $0.contains("Values of 0 and below lie on the lower edge.") })
    let whole = drawn.marks.flatMap { mark -> [Mark] in
      if case .clip(_, let inner) = mark { inner } else { [] }
    }
    let longest = whole.compactMap { mark -> Int? in
      if case .line(let points, _) = mark { points.count } else { nil }
    }.max()
    #expect(longest == 5, "the line is whole: \(longest ?? 0) of 5 points")
  }

  @Test("A logarithmic axis has two numbers or more, all within it", arguments: 0..<200)
  func logarithmicTicks(seed: Int) {
    var noise = Noise(seed: UInt64(seed))
    let low = pow(10, noise.next() * 8)
    let high = low * (1 + pow(10, noise.next() * 3))
    for count in 2...9 {
      let ticks = Plotting.logarithmicTicks(from: low, to: high, maximumCount: count)
      #expect(ticks.count <= count, "\(low)...\(high): \(ticks)")
      #expect(count < 4 || ticks.count >= 2, "\(low)...\(high), \(count): \(ticks)")
      #expect(ticks.allSatisfy { $0.value >= low * 0.99999 && $0.value <= high * 1.00001 })
      // Where there are powers enough, the numbers are spread over the axis.
      let powers = (-12...12).count { low <= pow(10, Double($0)) && pow(10, Double($0)) <= high }
      if powers > 1, count > 1, let least = ticks.first?.value {
        #expect(least <= low * 10.001, "\(low)...\(high), \(count): \(ticks)")
      }
    }
  }

  @Test("More rows than can be read are summarized, and that is said")
  func manyRows() {
    let rows = (0..<1_000).map { row -> Figure.ScoresRow in
      ("variant \(row)", [Double(-row)], Estimate(Double(-row)), nil)
    }
    let drawn = Figure.finalScores(rows: rows, xLabel: "score").scene(width: 1_008)
    #expect(drawn.height < 1_300)
    let found = texts(drawn)
    #expect(found.contains("variant 0") && found.contains("variant 999"))
    #expect(found.contains("980 between them"))
    #expect(found.contains { $0.contains("Of 1,000 rows the best 16 and the worst 4") })
  }
}
