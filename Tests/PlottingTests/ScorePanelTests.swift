// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

@Suite("The three panels of the score function estimator") struct ScorePanelTests {
  private static let regions = [
    PayingRegion(x: -1.4, y: -0.9, radius: 0.8), PayingRegion(x: 1.5, y: 1.3, radius: 0.5),
  ]

  static func sample(count: Int = 24) -> Figure {
    Figure.scorePanels(
      title: "Samples that score pull the mean", update(count: count), regions: regions,
      range: -3...3)
  }

  private static func update(count: Int) -> ScoreUpdate {
    var noise = Noise(seed: 9)
    let samples = (0..<count).map { index -> ScoreUpdate.Sample in
      // Some of them in the larger region.
      let middle = index % 6 == 0 ? (x: -1.4, y: -0.9, size: 0.5) : (x: 0.2, y: 0, size: 1.6)
      let x = middle.x + middle.size * noise.next()
      let y = middle.y + middle.size * noise.next()
      let pays = regions.contains {
        ($0.x - x) * ($0.x - x) + ($0.y - y) * ($0.y - y) <= $0.radius * $0.radius
      }
      return (x, y, pays ? 1 : -1)
    }
    return ScoreUpdate(
      before: PlaneDistribution(mean: (0.2, 0), deviation: (1, 0.8)),
      after: PlaneDistribution(mean: (-0.3, -0.4), deviation: (0.9, 0.75)), samples: samples)
  }

  @Test("They are sound, with samples and without")
  func sound() throws {
    try expectSound("panels", Self.sample())
    try expectSound("no samples", Self.sample(count: 0))
  }

  @Test("They are sound with hostile numbers", arguments: 0..<20)
  func hostile(seed: Int) throws {
    var hostile = Hostile(seed: seed)
    let numbers = hostile.values(8)
    func size(_ value: Double) -> Double { value.isFinite ? abs(value) + 0.01 : 1 }
    let samples = (0..<hostile.count(upTo: 30)).map { _ -> ScoreUpdate.Sample in
      let three = hostile.values(3)
      return (three[0], three[1], three[2])
    }
    let update = ScoreUpdate(
      before: PlaneDistribution(
        mean: (numbers[0], numbers[1]), deviation: (size(numbers[2]), size(numbers[3]))),
      after: PlaneDistribution(
        mean: (numbers[4], numbers[5]), deviation: (size(numbers[6]), size(numbers[7]))),
      samples: samples)
    let end = size(numbers[0]) * 10
    try expectSound(
      "seed \(seed)",
      Figure.scorePanels(
        title: hostile.label(), update,
        regions: [PayingRegion(x: numbers[1], y: numbers[2], radius: numbers[3])], range: -end...end
      ))
  }

  /// The tip of each arrow of a panel from its sample, in the units of the plane.
  private func arrows(_ panel: Int, in scene: Scene) -> [(x: Double, y: Double)] {
    let panels = scene.marks.compactMap { mark -> (Rect, [Mark])? in
      if case .clip(let rect, let inner) = mark { (rect, inner) } else { nil }
    }
    let (rect, marks) = panels[panel]
    let unit = rect.width / 6
    var arrows: [(x: Double, y: Double)] = []
    for (line, head) in zip(marks, marks.dropFirst()) {
      guard case .line(let shaft, _) = line, shaft.count == 2, case .polygon(let tip, _) = head
      else { continue }
      arrows.append(((tip[0].x - shaft[0].x) / unit, (shaft[0].y - tip[0].y) / unit))
    }
    return arrows
  }

  @Test("Every arrow is the gradient of log p by the mean, taken by differences, at one scale")
  func gradients() {
    let update = Self.update(count: 24)
    func logDensity(_ sample: ScoreUpdate.Sample, _ x: Double, _ y: Double) -> Double {
      let (a, b) = ((sample.x - x) / 1, (sample.y - y) / 0.8)
      return -(a * a + b * b) / 2
    }
    let (mean, h) = (update.before.mean, 1e-5)
    let slopes = update.samples.map { sample -> (x: Double, y: Double) in
      let right = logDensity(sample, mean.x + h, mean.y) - logDensity(sample, mean.x - h, mean.y)
      let up = logDensity(sample, mean.x, mean.y + h) - logDensity(sample, mean.x, mean.y - h)
      return (right / (2 * h), up / (2 * h))
    }
    let lengths = slopes.map { ($0.x * $0.x + $0.y * $0.y).squareRoot() }
    let scale = 0.17 * 6 / (lengths.max() ?? 1)
    for panel in 0..<2 {
      let drawn = arrows(panel, in: Self.sample().scene())
      #expect(drawn.count == 24)
      for (arrow, slope) in zip(drawn, slopes) {
        #expect(abs(arrow.x - scale * slope.x) < 1e-6 && abs(arrow.y - scale * slope.y) < 1e-6)
      }
    }
  }

  @Test("The last panel's arrow is the way of the mean; samples that score are full dots")
  func marks() {
    let scene = Self.sample().scene()
    let way = arrows(2, in: scene)
    #expect(way.count == 1 && abs(way[0].x + 0.5) < 1e-9 && abs(way[0].y + 0.4) < 1e-9)
    let wins = Self.update(count: 24).samples.count { $0.score > 0 }
    #expect(wins > 0 && wins < 24)
    #expect(scene.words.contains("score above 0 (\(wins))"))
    #expect(scene.words.contains("other scores (\(24 - wins))"))
    let full = scene.allMarks.count { mark in
      if case .circle(_, 2.75, let fill, let stroke) = mark { fill == stroke?.color } else { false }
    }
    // In two panels and the key.
    #expect(full == 2 * wins + 1)
    #expect(scene.alternative.contains("\(wins) of them in the 2 regions that pay"))
  }
}
