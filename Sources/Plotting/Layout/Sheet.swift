// SPDX-License-Identifier: MIT

/// The sheet a figure is laid out on from above downwards: sizes of text, margins, marks so far.
package struct Sheet {
  /// Width of the sheet in points.
  let width: Double
  /// Marks so far, in drawing order.
  var marks: [Mark] = []
  /// Sentences of the small print under the figure.
  var notes: [String] = []
  /// How far down the sheet is used, in points.
  var bottom: Double
  /// Where the names of a chart's lines stand, by line.
  var names: [Int: Rect] = [:]
  /// Where a chart's data lie; nil on other sheets.
  var chart: ChartPlaces?

  /// The least width at which a figure has room for labels beside its lines.
  static let wideFrom = 520.0

  /// An empty sheet; widths below 200 points are taken as 200.
  init(width: Double) {
    self.width = width.isNaN ? 200 : max(width, 200)
    bottom = self.width < Self.wideFrom ? 12 : 18
  }

  /// Whether labels fit beside lines.
  var isWide: Bool { width >= Self.wideFrom }
  /// Free room at the left and right edge, in points.
  var margin: Double { isWide ? 20 : 12 }
  /// Width between the margins, in points.
  var innerWidth: Double { width - 2 * margin }

  /// For the title.
  var titleStyle: TextStyle { TextStyle(size: isWide ? 16 : 14, weight: .semibold) }
  /// For names of series.
  var labelStyle: TextStyle { TextStyle(size: isWide ? 12 : 11) }
  /// For numbers and names of axes.
  var tickStyle: TextStyle { TextStyle(size: isWide ? 11 : 10) }
  /// For small print.
  var captionStyle: TextStyle { TextStyle(size: isWide ? 10.5 : 9.5) }

  /// Adds the title and leaves the gap under it.
  mutating func addTitle(_ title: String) {
    if title.isEmpty { return }
    addParagraph(title, style: titleStyle, color: .ink, maximumLines: 3)
    bottom += isWide ? 14 : 10
  }

  /// Adds the small print after a gap.
  mutating func addNotes() {
    if notes.isEmpty { return }
    bottom += 10
    addParagraph(
      notes.joined(separator: " "), style: captionStyle, color: .mutedInk, maximumLines: 6)
  }

  /// Adds lines of text over the inner width.
  mutating func addParagraph(
    _ text: String, style: TextStyle, color: Paint, maximumLines: Int
  ) {
    for line in style.wrapped(text, to: innerWidth, maximumLines: maximumLines) {
      let baseline = bottom + style.ascent + (style.lineHeight - style.ascent - style.descent) / 2
      add(text: line, at: Point(margin, baseline), style: style, color: color)
      bottom += style.lineHeight
    }
  }

  /// Adds one line of text; an empty one leaves no mark.
  mutating func add(
    text: String, at position: Point, style: TextStyle, color: Paint,
    anchor: TextAnchor = .start, baseline: TextBaseline = .alphabetic, halo: Paint? = nil
  ) {
    let mark = TextMark(
      text, at: position, style: style, color: color, anchor: anchor, baseline: baseline,
      halo: halo)
    if !mark.string.isEmpty { marks.append(.text(mark)) }
  }
}
