// SPDX-License-Identifier: MIT

/// A figure as a value: a canvas and the marks on it, in points, before any pixel exists.
package struct Scene: Equatable, Sendable {
  /// Width of the canvas in points (1/96 inch, as CSS pixels).
  package var width: Double
  /// Height of the canvas in points.
  package var height: Double
  /// What the figure is called, in a few words.
  package var title: String
  /// What the figure shows, for those who cannot see it.
  package var alternative: String
  /// What covers the canvas below all marks.
  package var background: Color
  /// What is drawn, from below upwards.
  package var marks: [Mark]

  /// A canvas with marks; later ones lie over earlier ones.
  package init(
    width: Double, height: Double, title: String, alternative: String, background: Color,
    marks: [Mark] = []
  ) {
    self.width = width
    self.height = height
    self.title = title
    self.alternative = alternative
    self.background = background
    self.marks = marks
  }

  /// The whole canvas.
  package var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// Every text of the scene, those within clips included, in drawing order.
  package var texts: [TextMark] { collectTexts(marks) }

  /// What is wrong with the layout: texts that overlap and texts that leave the canvas, a sentence
  /// each; empty for a sound scene.
  package func layoutProblems() -> [String] {
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

private func collectTexts(_ marks: [Mark]) -> [TextMark] {
  marks.flatMap { mark -> [TextMark] in
    switch mark {
    case .text(let text): [text]
    case .clip(_, let inner): collectTexts(inner)
    default: []
    }
  }
}
