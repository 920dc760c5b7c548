// SPDX-License-Identifier: MIT

import Foundation
import Report
import RunStore
import Testing

@Suite("Hostile text") struct HostileTextTests {
  @Test("Titles, labels, Markdown and messages are shown and never run")
  func shownNotRun() throws {
    let attack = "\"><img src=x onerror=alert(1)><script>alert(2)</script>"
    var recipe = SyntheticRun.Recipe()
    recipe.title = attack
    recipe.labels = [attack, "{{{script}}} & ' \"\u{301} onmouseover=alert(3)"]
    recipe.question = """
      <script>alert(4)</script> and <b onclick="alert(5)">bold</b>

      [a](javascript:alert(6)) ![b](https://example.org/spy.png "t") <javascript:alert(7)>

      <iframe src="https://example.org"></iframe>
      """
    recipe.notes = recipe.question
    recipe.states = [2: .failed]
    recipe.message = attack
    recipe.log = attack + "\u{1B}[31mred\u{202E}"
    recipe.episodes = 120
    let page = try RenderedReport(recipe).page
    // The script of ours and the data of two games; nothing else begins a tag or an attribute.
    #expect(page.components(separatedBy: "<script").count - 1 == 3)
    for forbidden in [
      "<img src=x", "<iframe", "<b onclick", "href=\"javascript", "src=\"https:", "<script>alert",
      "\"\u{301} onmouseover", "\u{1B}", "\u{202E}",
    ] { #expect(!page.contains(forbidden), "\(forbidden)") }
    #expect(page.contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"))
    #expect(page.contains("{{{script}}} &amp; &#39; &quot"))
    #expect(page.contains("&lt;script&gt;alert(4)&lt;/script&gt;"))
    #expect(page.contains("&lt;iframe src="))
  }

  @Test("A quotation mark with an accent on it does not end an attribute")
  func combiningMarks() {
    #expect(HTML.escaped("x\"\u{301} y") == "x&quot;\u{301} y")
    #expect(HTML.escaped("<\u{338}b>") == "&lt;\u{338}b&gt;")
    #expect(HTML.escaped("a\r\nb\u{0}") == "a\u{FFFD}\nb\u{FFFD}")
  }

  @Test("Text in markup is escaped once, and markup in markup is not")
  func escapingByType() {
    let text = "<i>&\""
    let part: HTML = "<b title=\"\(text)\">\(text)\(3)</b>"
    #expect(part.text == "<b title=\"&lt;i&gt;&amp;&quot;\">&lt;i&gt;&amp;&quot;3</b>")
    let absent: HTML? = nil
    let whole: HTML = "<p>\(part)\(absent)\("<hr>", if: true)\("<br>", if: false)</p>"
    #expect(whole.text == "<p>\(part.text)<hr></p>")
  }

  @Test("Only Markdown, style and script become markup as they are")
  func rawMarkup() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Report").standardizedFileURL.path
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
    var raw: [String] = []
    for file in files.sorted() where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      for piece in text.components(separatedBy: "HTML(markup: ").dropFirst() {
        raw.append("\(file): \(piece.prefix { $0.isLetter })")
      }
    }
    // Parts that are markup already are joined in HTML.swift; the arena's policies are JSON without "<".
    #expect(
      raw == [
        "HTML/HTML.swift: parts", "HTML/Markdown.swift: String", "HTML/Page.swift: style",
        "HTML/Page.swift: script", "Sections/Arena.swift: try",
      ])
  }

  @Test("Labels that a spreadsheet would calculate are text in CSV")
  func spreadsheets() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = ["=cmd()", "a,\"b\""]
    recipe.episodes = 120
    let report = try RenderedReport(recipe)
    let lines = try report.text("data/scores.csv").split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("'=cmd(),") })
    #expect(lines.contains { $0.hasPrefix("\"a,\"\"b\"\"\",") })
  }

  @Test("A path with a quote is one word of the command")
  func shellWords() {
    #expect(shellWord("experiments/a.json") == "experiments/a.json")
    #expect(shellWord("it's; rm -rf") == "'it'\\''s; rm -rf'")
    #expect(shellWord("") == "''")
  }
}
