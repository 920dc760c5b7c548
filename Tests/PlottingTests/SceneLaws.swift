// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

private let widths = [0.0, 260, 344, 360, 519, 520, 720, 1008, 1200]

/// Holds the laws of every scene at many widths, and draws it once.
func expectSound(_ name: String, _ figure: Figure) throws {
  for width in widths {
    let scene = figure.scene(width: width)
    #expect(scene.layoutProblems() == [], "\(name) at \(width)")
    #expect(!scene.alternative.isEmpty)
    #expect(allPointsAreFinite(scene.marks), "\(name) at \(width) has a point without a place")
    if width == 360 {
      _ = try scene.png(.light, scale: 1)
      _ = try scene.svg()
    }
  }
}

extension Scene {
  /// What is wrong with the layout: texts that overlap and texts that leave the canvas, a sentence
  /// each; empty for a sound scene.
  func layoutProblems() -> [String] {
    let all = texts.filter { !$0.string.isEmpty }
    let boxes = all.map(\.box)
    var problems: [String] = []
    for i in all.indices {
      if !bounds.grown(by: 0.01).contains(boxes[i]) {
        problems.append("\"\(all[i].string)\" leaves the canvas: \(boxes[i])")
      }
      for j in all.indices where j > i && boxes[i].grown(by: -0.01).intersects(boxes[j]) {
        problems.append("\"\(all[i].string)\" overlaps \"\(all[j].string)\"")
      }
    }
    return problems
  }
}

private func allPointsAreFinite(_ marks: [Mark]) -> Bool {
  marks.allSatisfy { mark in
    switch mark {
    case .line(let points, _), .polygon(let points, _): points.allSatisfy(\.isFinite)
    case .circle(let center, let radius, _, _): center.isFinite && radius.isFinite
    case .rect(let rect, _, _, _), .image(_, let rect): rect.center.isFinite
    case .text(let text): text.position.isFinite
    case .clip(let rect, let inner): rect.center.isFinite && allPointsAreFinite(inner)
    }
  }
}

/// Labels and numbers that layouts break on.
struct Hostile {
  var noise: Noise

  init(seed: Int) { noise = Noise(seed: UInt64(seed) + 1) }

  mutating func count(upTo limit: Int) -> Int { Int((noise.next() + 1) / 2 * Double(limit + 1)) }

  mutating func values(_ count: Int) -> [Double] {
    let level = noise.next() * 20
    return (0..<count).map { _ in
      let dice = noise.next()
      return dice > 0.9 ? .nan : dice > 0.87 ? .infinity : dice < -0.5 ? level : level + dice * 5
    }
  }

  mutating func label() -> String {
    let labels = [
      "", "a", "tuned", "<script>alert(1)</script> & \"quotes\"", "line\nbreak\tand tab",
      String(repeating: "very long label ", count: 12), String(repeating: "W", count: 90),
      "漢字と絵文字 🏓🏓🏓", "عربي \u{202E}gnorw", "learning rate 10⁻³, discount 0.99",
    ]
    return labels[min(count(upTo: labels.count - 1), labels.count - 1)]
  }
}

extension Scene {
  /// The document of a scene without pictures.
  func svgText(_ notes: [PNGText] = []) throws -> String {
    String(decoding: try #require(try svg(text: notes)), as: UTF8.self)
  }
}

extension Figure {
  /// The figure at the width of a page's column.
  func scene() -> Scene { scene(width: 720) }
}
