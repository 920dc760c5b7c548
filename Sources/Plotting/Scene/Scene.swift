// SPDX-License-Identifier: MIT

/// A figure as a value: a canvas and the marks on it, in points, before any pixel exists.
package struct Scene: Equatable, Sendable {
  /// Width of the canvas in points (1/96 inch, as CSS pixels).
  package let width: Double
  /// Height of the canvas in points.
  package let height: Double
  /// What the figure is called, in a few words.
  let title: String
  /// What the figure shows, for those who cannot see it.
  package let alternative: String
  /// What covers the canvas below all marks.
  let background: Paint
  /// What is drawn, from below upwards.
  var marks: [Mark] = []

  /// The whole canvas.
  var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// Every text of the scene, those within clips included, in drawing order.
  var texts: [TextMark] { collectTexts(marks) }

  /// What is written on it, in drawing order.
  package var words: [String] { texts.map(\.string) }

  /// Whether pictures of pixels are among the marks.
  var hasImages: Bool { Plotting.hasImages(marks) }
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

/// Why a figure could not be made: what kind of trouble, and the facts as a sentence.
package struct PlottingError: Error, Equatable, CustomStringConvertible {
  /// The kinds of trouble.
  package enum Code: String, Sendable {
    /// The canvas is empty, not finite, or larger than any screen or printer needs.
    case canvas
    /// Cairo reports a failure.
    case cairo
    /// libpng reports a failure, or bytes are not a PNG.
    case png
    /// A text chunk's keyword breaks the rules of PNG.
    case keyword
  }

  /// The kind of trouble.
  package let code: Code
  /// The facts as a sentence.
  package let context: String

  /// An error with its facts.
  package init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  /// The error as the command line prints it.
  package var description: String { "error[\(code.rawValue)]: \(context)" }
}
