// SPDX-License-Identifier: MIT

/// The words around a figure; whatever is empty takes no room.
package struct FigureText: Equatable, Sendable {
  /// A few words, set in semibold; on a page with its own headings it may stay empty.
  package var title: String
  /// A sentence under the title.
  package var subtitle: String
  /// Small print under the figure: what a band is, n, thinning.
  package var caption: String
  /// For those who cannot see the figure; nil lets the figure describe its data.
  package var alternative: String?

  /// The words around a figure.
  package init(
    title: String = "", subtitle: String = "", caption: String = "", alternative: String? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.caption = caption
    self.alternative = alternative
  }
}
