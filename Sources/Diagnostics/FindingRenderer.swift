// SPDX-License-Identifier: MIT

/// Turns findings into text for people: place, severity, code and facts, then the source line with
/// the found part underlined, then the notes.
///
///     experiments/a.json:14:9: error[unknown-key]: base.optimiser: found "optimiser"; did you mean "optimizer"?
///        14 |         "optimiser": { "kind": "rmsprop" }
///           |         ^~~~~~~~~~~
package struct FindingRenderer: Sendable {
  /// Whether severity and underline are coloured by ANSI codes.
  package let usesColor: Bool
  /// The widest shown part of a source line, in characters.
  private let window = 120
  private let sources: [String: SourceText]

  package init(sources: [SourceText], usesColor: Bool = false) {
    self.sources = Dictionary(
      sources.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.usesColor = usesColor
  }

  /// All findings in the given order, each ended by a newline.
  package func render(_ findings: [Finding]) -> String {
    var shown = ShownLine()
    return findings.map { render($0, &shown) + "\n" }.joined()
  }

  /// One finding, lines joined by newlines, without one at the end.
  package func render(_ finding: Finding) -> String {
    var shown = ShownLine()
    return render(finding, &shown)
  }

  /// The line that was shown last, by characters: many findings may stand on one long line.
  private struct ShownLine {
    var file = ""
    var number = 0
    var characters: [Character] = []
  }

  private func render(_ finding: Finding, _ shown: inout ShownLine) -> String {
    let severity = finding.severity
    let tag = paint("\(severity.rawValue)[\(finding.code)]:", severity == .error ? "1;31" : "1;33")
    var lines = ["\(place(finding))\(tag) \(DisplayText.escaped(finding.sentence))"]
    if let file = finding.file, let source = sources[file], let range = finding.range {
      if shown.file != file || shown.number != range.start.line {
        shown = ShownLine(
          file: file, number: range.start.line,
          characters: Array(source.line(range.start.line)))
      }
      lines += excerpt(shown.characters, range)
    }
    lines += finding.notes.map { "  note: \(DisplayText.escaped($0))" }
    return lines.joined(separator: "\n")
  }

  private func place(_ finding: Finding) -> String {
    guard let file = finding.file else { return "" }
    let name = DisplayText.escaped(file)
    guard let start = finding.range?.start else { return "\(name): " }
    return "\(name):\(start.line):\(start.column): "
  }

  private func excerpt(_ characters: [Character], _ range: SourceRange) -> [String] {
    guard characters.contains(where: { !$0.isWhitespace }) else { return [] }
    let first = min(range.start.column - 1, characters.count)
    let last =
      range.end.line == range.start.line
      ? min(max(range.end.column - 1, first), characters.count) : characters.count

    var left = 0
    var right = characters.count
    if characters.count > window {
      left = max(0, min(first - window / 3, characters.count - window))
      right = left + window
    }
    let head = left > 0 ? "…" : ""
    let tail = right < characters.count ? "…" : ""
    let cells = characters[left..<right].map(DisplayText.cell)
    let text = head + cells.map(\.shown).joined() + tail
    let indent = head.count + cells[..<(first - left)].map(\.width).reduce(0, +)
    let marked = cells[(first - left)..<(min(last, right) - left)].map(\.width).reduce(0, +)
    let mark = "^" + String(repeating: "~", count: max(0, marked - 1))

    let number = String(range.start.line)
    let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
    let blank = String(repeating: " ", count: gutter.count)
    return [
      "\(gutter) | \(text)",
      "\(blank) | \(String(repeating: " ", count: indent))\(paint(mark, "1;31"))",
    ]
  }

  private func paint(_ text: String, _ code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
