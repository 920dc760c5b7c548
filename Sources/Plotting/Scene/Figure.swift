// SPDX-License-Identifier: MIT

/// Data that lay themselves out at any width; each kind is a static function.
package struct Figure: Sendable {
  /// What the figure is called where it has no title.
  private let name: String
  private let title: String
  private let alternative: String?
  private let draw: @Sendable (inout Sheet) -> String?

  /// - Parameters:
  ///   - title: a few words, set in semibold; on a page with its own headings it may stay empty.
  ///   - alternative: for those who cannot see the figure; nil lets the figure describe its data.
  ///   - draw: draws the data below the title, and says what the figure shows; nil where there is no
  ///     data.
  init(
    _ name: String, title: String, alternative: String? = nil,
    draw: @escaping @Sendable (_ sheet: inout Sheet) -> String?
  ) {
    self.name = name
    self.title = title
    self.alternative = alternative
    self.draw = draw
  }

  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addTitle(title)
    let description = draw(&sheet)
    if description == nil {
      sheet.addParagraph(
        "no data yet", style: sheet.labelStyle, color: .mutedInk, maximumLines: 1)
    }
    sheet.addNotes()
    return Scene(
      width: sheet.width, height: (sheet.bottom + (sheet.isWide ? 16 : 12)).rounded(.up),
      title: title.isEmpty ? name : title,
      alternative: alternative ?? description ?? "\(name): no data yet.", background: .surface,
      marks: sheet.marks, chart: sheet.chart)
  }
}
