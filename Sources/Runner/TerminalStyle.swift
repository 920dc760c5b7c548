// SPDX-License-Identifier: MIT

package import Diagnostics

/// What the terminal can show.
package struct TerminalStyle: Hashable, Sendable {
  package var usesColor: Bool
  /// Whether characters beyond ASCII arrive.
  package var usesUnicode: Bool
}

extension TerminalStyle {
  /// What the terminal can show, by `--color`, `NO_COLOR`, `TERM` and the locale.
  package init(_ color: ColorChoice, environment: [String: String], isTerminal: Bool) {
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty } ?? ""
    let name = locale.lowercased()
    usesColor = color.isOn(isTerminal: isTerminal, environment: environment)
    usesUnicode = name.contains("utf-8") || name.contains("utf8")
  }

  var ellipsis: String { usesUnicode ? "…" : "..." }
  var separator: String { usesUnicode ? " · " : ", " }
  var success: String { usesUnicode ? "✓" : "+" }
  var failure: String { usesUnicode ? "✗" : "x" }
  var pause: String { usesUnicode ? "■" : "=" }

  /// Text that may hold characters which only a Unicode terminal shows, or which no terminal may
  /// get as they are.
  func shown(_ text: String) -> String {
    let text = DisplayText.escaped(text)
    return usesUnicode
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

  /// A sparkline of at most `columns` columns: each value between the least and the greatest shown.
  ///
  /// Without Unicode there are no such characters, and the line is empty.
  func sparkline(_ trend: Trend, columns: Int) -> TerminalText {
    guard usesUnicode else { return TerminalText() }
    let samples = trend.samples(columns: columns)
    let known = samples.compactMap { $0 }
    guard let least = known.min(), let greatest = known.max() else { return TerminalText() }
    let blocks = Array("▁▂▃▄▅▆▇█")
    // A mean that wanders by less than a hundredth is a flat line, not a range of mountains.
    let span = max(greatest - least, 0.01)
    var text = ""
    var last = blocks[0]
    for sample in samples {
      if let sample {
        let level = (sample - least) / span * Double(blocks.count - 1)
        last = blocks[min(blocks.count - 1, max(0, Int(level.rounded())))]
      }
      text.append(last)
    }
    return TerminalText(text, .filled)
  }

  private static let ascii: [Character: Character] = ["–": "-", "−": "-", "·": ",", "×": "x"]
}
