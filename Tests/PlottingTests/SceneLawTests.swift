// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

/// Laws of every figure, whatever its data: no two texts overlap, none leaves the canvas.
@Suite struct SceneLawTests {
  @Test("The sample figures are sound")
  func samples() throws {
    try expectSound("curves", SampleFigures.curves())
    try expectSound("scores", SampleFigures.scores(count: 9))
    try expectSound("health", SampleFigures.health())
    try expectSound("timeline", SampleFigures.timeline())
    try expectSound("filters", SampleFigures.filters(count: 11))
    try expectSound("filmstrip", SampleFigures.filmstrip(count: 13))
    try expectSound("pairs", SampleComparisons.pairs())
  }

  @Test("Figures without data are sound and say so")
  func empty() throws {
    try expectSound("curves", SampleFigures.noCurves)
    try expectSound("scores", Figure.finalScores(rows: [], xLabel: "score"))
    try expectSound("lines", Figure.chart(.measured, lines: [], xLabel: "update", yLabel: "KL"))
    try expectSound(
      "timeline", Figure.probabilityTimeline(probabilities: [], yLabel: "P", xLabel: "decision"))
    try expectSound("filters", Figure.filters(tiles: [], tileWidth: 80, tileHeight: 80))
    try expectSound("filmstrip", Figure.filmstrip(frames: []))
    try expectSound(
      "pairs", Figure.pairedCounts(pairs: [], xLabel: "here", yLabel: "there"))
    let scene = SampleFigures.noCurves.scene()
    #expect(scene.texts.contains { $0.string == "no data yet" })
  }

  @Test("Curves with hostile data are sound", arguments: 0..<50)
  func hostileCurves(seed: Int) throws {
    var hostile = Hostile(seed: seed)
    let series = (0..<hostile.count(upTo: 20)).map { _ -> Line in
      let count = hostile.count(upTo: 40)
      let ys = hostile.values(count)
      return Line(
        label: hostile.label(), x: (0..<count).map { Double($0 * $0) }, y: ys,
        low: ys.map { $0 - 1 }, high: ys.map { $0 + hostile.noise.next() },
        runs: [Line(x: (0..<count).map(Double.init), y: hostile.values(count))])
    }
    let references = (0..<hostile.count(upTo: 6)).map { _ in
      ReferenceLine(hostile.label(), hostile.noise.next() * 20)
    }
    let kinds = [AxisKind.linear, .logarithmic, .duration]
    let figure = Figure.chart(
      .learning,
      title: hostile.label(),
      lines: series, xLabel: hostile.label(), yLabel: hostile.label(), xKind: kinds[seed % 3],
      yKind: kinds[seed / 3 % 2], yRange: seed % 5 == 0 ? -21...21 : nil, references: references)
    try expectSound("seed \(seed)", figure)
  }

  @Test("Scores with hostile data are sound", arguments: 0..<40)
  func hostileScores(seed: Int) throws {
    var hostile = Hostile(seed: seed)
    let rows = (0..<hostile.count(upTo: 12)).map { _ -> Figure.ScoresRow in
      let scores = hostile.values(hostile.count(upTo: 30))
      return (
        hostile.label(), scores,
        Estimate(scores.first, scores.last, hostile.values(1)[0]), nil
      )
    }
    let figure = Figure.finalScores(
      title: hostile.label(), rows: rows, xLabel: hostile.label(),
      references: (0..<hostile.count(upTo: 7)).map { _ in
        ReferenceLine(hostile.label(), hostile.noise.next() * 3)
      })
    try expectSound("seed \(seed)", figure)
  }

  @Test("Equal end values, one point and huge values are sound")
  func special() throws {
    func curves(_ lines: [Line]) -> Figure {
      Figure.chart(.learning, lines: lines, xLabel: "episode", yLabel: "return")
    }
    let equal = (0..<6).map { index in
      Line(label: "variant \(index)", x: [0, 1, 2], y: [0, 0.5, 1])
    }
    try expectSound("equal", curves(equal))
    let point = Line(label: "one", x: [5], y: [5], low: [4], high: [6])
    try expectSound("one point", curves([point]))
    for size in [1e-300, 1e-9, 1e9, 1e15, 1e300] {
      let series = Line(label: "x", x: [1, 2, 3], y: [-size, 0, size])
      try expectSound("\(size)", Figure.chart(.measured, lines: [series], xLabel: "x", yLabel: "y"))
    }
  }
}
