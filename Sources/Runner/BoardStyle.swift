// SPDX-License-Identifier: MIT

/// What the terminal can show.
package struct BoardStyle: Hashable, Sendable {
  package var usesColor: Bool
  /// Whether characters beyond ASCII arrive.
  package var usesUnicode: Bool

  package init(usesColor: Bool, usesUnicode: Bool) {
    self.usesColor = usesColor
    self.usesUnicode = usesUnicode
  }

  var ellipsis: String { usesUnicode ? "…" : "..." }
  var separator: String { usesUnicode ? " · " : ", " }
  var success: String { usesUnicode ? "✓" : "+" }
  var failure: String { usesUnicode ? "✗" : "x" }
  var pause: String { usesUnicode ? "■" : "=" }

  /// Text that may hold characters which only a Unicode terminal shows.
  func shown(_ text: String) -> String {
    usesUnicode
      ? text
      : String(text.map { $0.isASCII ? $0 : Self.ascii[$0] ?? "?" })
  }

  /// A bar of `columns` columns, filled up to `fraction`.
  func bar(_ fraction: Double, columns: Int) -> TerminalText {
    // Full only when all is done: a bar that looks ready and is not misleads.
    let filled = min(Int(fraction * Double(columns)), columns)
    var bar = TerminalText(String(repeating: usesUnicode ? "━" : "#", count: filled), .filled)
    bar.append(String(repeating: usesUnicode ? "─" : ".", count: columns - filled), .faint)
    return bar
  }

  /// Whole percent, rounded down, in four columns.
  func percent(_ fraction: Double) -> String {
    TerminalText.padded("\(Int(fraction * 100))%", columns: 4, right: true)
  }

  private static let ascii: [Character: Character] = ["–": "-", "−": "-", "·": ",", "×": "x"]
}
