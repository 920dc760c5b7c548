// SPDX-License-Identifier: MIT

import Plotting

/// What is said of figures that leave something out, or that could not be drawn.
extension Wording {
  /// In the place of a figure.
  static func notDrawn(_ error: PlottingError, hasTable: Bool) -> String {
    "This figure could not be drawn: \(error.context)."
      + (hasTable ? " Its numbers are in the CSV." : "")
  }

  /// At the top of the page.
  static func notDrawn(_ id: String) -> String {
    "The figure \(quoted(id)) could not be drawn; everything else is there."
  }

  static func withoutFont(_ letters: [Character]) -> String {
    let shown = letters.prefix(8).map(String.init).joined(separator: " ")
    return "No font of this machine has \(shown)\(letters.count > 8 ? " and others" : ""): figures"
      + " show boxes in their place. Install a font that has them, such as fonts-noto-core or"
      + " fonts-noto-cjk, and render the report again."
  }

  /// Which variants have a line of their own; empty where all have.
  static func drawn(_ drawn: DrawnVariants) -> String {
    guard drawn.isPartial else { return "" }
    let lines =
      drawn.isRanked
      ? "the \(count(drawn.indices.count - 1)) best and the worst by score have a line of their own"
      : "\(count(drawn.indices.count)) have a line of their own, those with a finished seed first"
    return " Of \(count(drawn.count, "variant")) \(lines); grey stands for all: their median, in a"
      + " band from their 5\u{A0}% to their 95\u{A0}% quantile. The CSV has every one."
  }

  static func medianLabel(_ count: Int) -> String { "median of \(Self.count(count)) variants" }
}
