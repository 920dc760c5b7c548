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
  package var background: Paint
  /// What is drawn, from below upwards.
  package var marks: [Mark]

  /// A canvas with marks; later ones lie over earlier ones.
  package init(
    width: Double, height: Double, title: String, alternative: String, background: Paint,
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

  /// Whether pictures of pixels are among the marks.
  package var hasImages: Bool { Plotting.hasImages(marks) }
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

private func hasImages(_ marks: [Mark]) -> Bool {
  marks.contains { mark in
    switch mark {
    case .image: true
    case .clip(_, let inner): hasImages(inner)
    default: false
    }
  }
}
