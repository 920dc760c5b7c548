// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

/// The laws of scenes for the figures that compare variants.
@Suite struct ComparisonLawTests {
  @Test("One variant, five and thirty are sound", arguments: [1, 2, 5, 30])
  func counts(count: Int) throws {
    try expectSound("profiles", SampleComparisons.profiles(count: count))
    try expectSound("one seed", SampleComparisons.profiles(count: count, seeds: 1))
    try expectSound("matrix", SampleComparisons.matrix(count: count))
    try expectSound("effects", SampleComparisons.effects(count: count))
    try expectSound("importance", SampleComparisons.importance(count: count))
    try expectSound("parallel", SampleComparisons.parallel(draws: count))
    try expectSound("histograms", SampleComparisons.histograms(count: count))
  }

  @Test("Without data they are sound and say so")
  func empty() throws {
    let figures: [(String, Figure)] = [
      ("profiles", Figure.chart(.profiles, lines: [], xLabel: "s", yLabel: "t")),
      ("matrix", Figure.improvementMatrix(labels: [], cells: [])),
      ("effects", Figure.effects(groups: [], xLabel: "e")),
      ("importance", Figure.importance(rows: [])),
      ("parallel", Figure.parallelCoordinates(axes: [], scoreLabel: "s", scores: [])),
      ("histograms", Figure.histograms(rows: [], edges: [], xLabel: "r")),
    ]
    for (name, figure) in figures {
      try expectSound(name, figure)
      let texts = figure.scene().texts.map(\.string)
      #expect(texts.contains { $0.contains("no data") || $0.contains("fewer than") }, "\(name)")
    }
  }

  @Test("Hostile labels and numbers are sound", arguments: 0..<40)
  func hostile(seed: Int) throws {
    var hostile = Hostile(seed: seed)
    let title = hostile.label()
    let count = hostile.count(upTo: 12)
    let labels = (0..<count).map { _ in hostile.label() }
    let values = hostile.values(count)
    let others = hostile.values(count)

    let effects = Figure.effects(
      title: title,
      groups: [
        (
          hostile.label(),
          labels.indices.map {
            (
              labels[$0],
              Estimate(values[$0], others[$0], values[$0] + 2, isClear: $0.isMultiple(of: 2))
            )
          }
        ), (hostile.label(), []),
      ], xLabel: hostile.label())
    try expectSound("effects \(seed)", effects)

    let bars = Figure.importance(
      title: title,
      rows: labels.indices.map {
        (
          labels[$0], values[$0] / 10, others[$0] / 10, hostile.label(), $0.isMultiple(of: 2)
        )
      })
    try expectSound("importance \(seed)", bars)

    let matrix = Figure.improvementMatrix(
      title: title, labels: labels,
      cells: labels.indices.map { row in
        labels.indices.map { Estimate(values[row] / 20, others[$0], 0.9) }
      })
    try expectSound("matrix \(seed)", matrix)

    let parallel = Figure.parallelCoordinates(
      title: title,
      axes: (0..<hostile.count(upTo: 6)).map { axis -> Figure.Parameter in
        let label = hostile.label()
        if axis.isMultiple(of: 2) {
          return (label, hostile.values(count), axis == 2 ? .logarithmic : .linear, nil)
        }
        let places = values.map { $0.isFinite ? Double(abs(Int($0)) % max(count, 1)) : .nan }
        return (label, places, .linear, labels)
      }, scoreLabel: hostile.label(), scores: others, lowestIsBest: seed.isMultiple(of: 2))
    try expectSound("parallel \(seed)", parallel)

    let edges = (0...20).map { Double($0 * $0) - 50 }
    let histograms = Figure.histograms(
      title: title,
      rows: labels.indices.map { row in
        (labels[row], (0..<20).map { ($0 * row * 7919) % 11 }, values[row], nil)
      }, edges: edges, xLabel: hostile.label(),
      references: [ReferenceLine(hostile.label(), 3)])
    try expectSound("histograms \(seed)", histograms)

    let profiles = Figure.chart(
      .profiles, title: title,
      lines: labels.indices.map { row in
        let thresholds = (0..<row).map(Double.init)
        return Line(
          label: labels[row], x: thresholds, y: thresholds.map { 1 / (1 + $0) },
          final: values[row])
      }, xLabel: hostile.label(), yLabel: hostile.label(), lowestFirst: seed.isMultiple(of: 3))
    try expectSound("profiles \(seed)", profiles)
  }

  @Test("Huge and tiny numbers are sound", arguments: [1e-300, 1e-9, 1e9, 1e15, 1e300])
  func extremes(size: Double) throws {
    let estimate = Estimate(size, -size, size * 1.5)
    try expectSound("effects", Figure.effects(groups: [("", [("x", estimate)])], xLabel: "x"))
    let axis: Figure.Parameter = ("x", [size, size * 2, -size], .linear, nil)
    try expectSound(
      "parallel",
      Figure.parallelCoordinates(axes: [axis], scoreLabel: "s", scores: [0, size, -size]))
    try expectSound(
      "histograms",
      Figure.histograms(
        rows: [("x", [3], size / 2, nil)], edges: [0, size], xLabel: "x"
      ))
  }

  @Test("Legends order by final score, best first")
  func order() throws {
    let scene = SampleComparisons.profiles(count: 5).scene()
    let shown = scene.texts.map(\.string).filter(SampleComparisons.names.contains)
    #expect(shown == SampleComparisons.names)
  }

  @Test("A small number on a logarithmic axis or in a measured series keeps its digits")
  func smallFinals() {
    let series = Line(label: "a", x: [1, 2, 3], y: [0.4, 0.1, 2e-5])
    for kind in [AxisKind.linear, .logarithmic] {
      let scene = Figure.chart(
        .measured, lines: [series], xLabel: "update", yLabel: "KL", yKind: kind
      )
      .scene()
      #expect(scene.texts.contains { $0.string == "2×10⁻⁵" }, "\(kind)")
    }
  }

  @Test("A band given with a series is drawn, and thinning keeps its extremes")
  func bands() {
    let xs = (0..<2_000).map(Double.init)
    var high = xs.map { _ in 1.0 }
    high[777] = 9
    let series = Line(
      label: "a", x: xs, y: xs.map { _ in 0 }, low: xs.map { _ in -1 }, high: high)
    let scene = Figure.chart(.measured, lines: [series], xLabel: "update", yLabel: "y").scene(
      width: 720)
    #expect(scene.texts.contains { $0.string.contains("500 buckets") })
    var top = Double.infinity
    var bands = 0
    for case .clip(_, let marks) in scene.marks {
      for case .polygon(let points, _) in marks {
        bands += 1
        top = min(top, points.map(\.y).min() ?? .infinity)
      }
    }
    #expect(bands == 1)
    let flat = Line(label: "a", x: xs, y: xs.map { _ in 9 })
    #expect(
      Figure.chart(.measured, lines: [flat], xLabel: "update", yLabel: "y").scene().height > 0)
    #expect(top < 120)
  }
}
