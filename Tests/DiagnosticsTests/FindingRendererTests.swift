// SPDX-License-Identifier: MIT
import Diagnostics
import Testing

@Suite("Findings as text")
struct FindingRendererTests {
  private func finding(_ source: SourceText, _ range: Range<Int>) -> Finding {
    Finding(
      code: "unknown-key", file: source.name, range: source.range(of: range),
      path: "base.optimiser", found: "\"optimiser\"", nearest: "optimizer")
  }

  private func render(_ text: String, _ range: Range<Int>, color: Bool = false) -> String {
    let source = SourceText(name: "experiments/a.json", text: text)
    return FindingRenderer(sources: [source], usesColor: color).render(finding(source, range))
  }

  @Test("Place, code, facts, the line and an underline")
  func format() {
    let text =
      String(repeating: "\n", count: 13) + "        \"optimiser\": { \"kind\": \"rmsprop\" }\n"
    #expect(
      render(text, 21..<32) == """
        experiments/a.json:14:9: error[unknown-key]: base.optimiser: found "optimiser"; did you mean "optimizer"?
           14 |         "optimiser": { "kind": "rmsprop" }
              |         ^~~~~~~~~~~
        """)
  }

  @Test("Tabs and wide characters do not move the underline")
  func widths() {
    let lines = render("\t\"名\": 1", 7..<8).split(separator: "\n")
    #expect(lines[1] == "    1 |   \"名\": 1")
    #expect(lines[2] == "      |        ^")
  }

  @Test("Long lines are shown around the place")
  func window() {
    let text = String(repeating: "x", count: 5000) + "HERE" + String(repeating: "y", count: 5000)
    let lines = render(text, 5000..<5004).split(separator: "\n")
    #expect(lines[1].count <= 8 + 122)
    #expect(lines[1].contains("…") && lines[1].contains("HERE"))
    let column = lines[1].distance(
      from: lines[1].startIndex, to: lines[1].firstIndex(of: "H") ?? lines[1].endIndex)
    #expect(
      lines[2] == String(repeating: " ", count: 6) + "|" + String(repeating: " ", count: column - 7)
        + "^~~~")
  }

  @Test("Control and direction characters cannot reach the terminal")
  func escapes() {
    let shown = render("\u{1B}[31m\u{202E}x", 8..<9)
    #expect(!shown.unicodeScalars.contains("\u{1B}"))
    #expect(!shown.unicodeScalars.contains("\u{202E}"))
    #expect(shown.contains("\\u{1b}[31m\\u{202e}x"))
    #expect(DisplayText.escaped("größe 👩‍👧") == "größe 👩‍👧")
  }

  @Test("Colour is there when asked for only")
  func color() {
    #expect(!render("abc", 0..<1).contains("\u{1B}"))
    #expect(render("abc", 0..<1, color: true).contains("\u{1B}[1;31merror[unknown-key]:\u{1B}[0m"))
  }

  @Test("What has no place still has a sentence, and notes follow it")
  func placeless() {
    let finding = Finding(
      .warning, code: "missing-file", file: "a.json", problem: "there is no such file",
      help: "write one", notes: ["first", "second"])
    #expect(
      FindingRenderer(sources: []).render([finding])
        == "a.json: warning[missing-file]: there is no such file; write one\n"
        + "  note: first\n  note: second\n")
  }

  @Test("Sorting is by text, then by place, and keeps the order of equals")
  func sorting() {
    func at(_ file: String, _ line: Int?, _ code: String) -> Finding {
      let place = line.map { SourcePosition(line: $0, column: 1) }
      return Finding(code: code, file: file, range: place.map { SourceRange(start: $0, end: $0) })
    }
    let sorted = [
      at("b", 1, "1"), at("a", 9, "2"), at("a", 2, "3"), at("a", nil, "4"), at("a", 2, "5"),
    ]
    .sortedByPlace(files: ["a", "b"])
    #expect(sorted.map(\.code) == ["4", "3", "5", "2", "1"])
  }
}
