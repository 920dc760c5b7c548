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
  /// Where the data lie, on a chart of lines.
  package var chart: ChartPlaces?

  /// The whole canvas.
  var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// Every mark, those within clips included, in drawing order.
  var allMarks: [Mark] { marks.flatMap(\.withInner) }

  /// Every text of the scene, in drawing order.
  var texts: [TextMark] {
    allMarks.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// What is written on it, in drawing order.
  package var words: [String] { texts.map(\.string) }

  /// Whether pictures of pixels are among the marks.
  var hasImages: Bool {
    allMarks.contains { if case .image = $0 { true } else { false } }
  }
}

extension Mark {
  /// The mark and, of a clip, what it holds.
  fileprivate var withInner: [Mark] {
    if case .clip(_, let inner) = self { [self] + inner.flatMap(\.withInner) } else { [self] }
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
