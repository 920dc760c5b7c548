// SPDX-License-Identifier: MIT

/// Data and words that lay themselves out at any width.
package protocol Figure: Sendable {
  /// The words around the figure.
  var text: FigureText { get }
  /// What the figure is called where the words around it have no title.
  var name: String { get }
  /// Draws the data below the title.
  ///
  /// - Returns: what the figure shows, for those who cannot see it; nil where there is no data.
  func draw(on sheet: inout Sheet) -> String?
}

extension Figure {
  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addTitle(text.title)
    let description = draw(on: &sheet)
    if description == nil {
      sheet.addParagraph(
        "no data yet", style: sheet.labelStyle, color: .mutedInk, maximumLines: 1)
    }
    sheet.addNotes()
    return Scene(
      width: sheet.width, height: (sheet.bottom + (sheet.isWide ? 16 : 12)).rounded(.up),
      title: text.title.isEmpty ? name : text.title,
      alternative: text.alternative ?? description ?? "\(name): no data yet.",
      background: .surface, marks: sheet.marks)
  }
}

/// The words around a figure; an empty one takes no room.
package struct FigureText: Equatable, Sendable {
  /// A few words, set in semibold; on a page with its own headings it may stay empty.
  package var title: String
  /// For those who cannot see the figure; nil lets the figure describe its data.
  package var alternative: String?

  /// The words around a figure.
  package init(title: String = "", alternative: String? = nil) {
    self.title = title
    self.alternative = alternative
  }
}
