// SPDX-License-Identifier: MIT

import Commands
import Diagnostics
import Testing

@Suite("Tables are aligned and fit the terminal")
struct TextTableTests {
  static var table: TextTable<[String]> {
    TextTable(
      [
        .init("trial") { .init($0[0]) }, .init("label", rank: 3, least: 8) { .init($0[1]) },
        .init("score", right: true, rank: 1) { .init($0[2]) },
        .init("rate", right: true, rank: 9) { .init($0[3]) },
        .init("empty", rank: 2) { _ in .init(nil) },
      ],
      rows: [
        ["1a2b3c4d5e6f", "discount off · normalize episode", "-14.20", "1.21M"],
        ["2a2b3c4d5e6f", "平均 · 割引", "3.00", "950"],
      ])
  }

  @Test("Without a limit every column stands in full, but for those that hold nothing")
  func wide() {
    #expect(
      Self.table.lines(width: nil, color: false) == [
        "trial         label                              score   rate",
        "1a2b3c4d5e6f  discount off · normalize episode  -14.20  1.21M",
        "2a2b3c4d5e6f  平均 · 割引                         3.00    950",
      ])
  }

  @Test("Labels are cut in their middle, then what matters least goes")
  func narrow() {
    #expect(
      Self.table.lines(width: 40, color: false)
        == [
          "trial         label         score   rate",
          "1a2b3c4d5e6f  disco…isode  -14.20  1.21M",
          "2a2b3c4d5e6f  平均 · 割引    3.00    950",
        ])
  }

  @Test("No line is wider than the terminal, and none loses the first column", arguments: 5...120)
  func fits(width: Int) {
    for line in Self.table.lines(width: width, color: false) {
      #expect(TerminalText.width(line) <= width, "\(line)")
    }
    let first = Self.table.lines(width: width, color: false)[1]
    #expect(first.hasPrefix(String("1a2b3c4d5e6f".prefix(width))))
  }

  @Test("Colour changes nothing but colour")
  func color() {
    let table = TextTable([.init("state") { .init($0, .bad) }], rows: ["failed"])
    #expect(table.lines(width: 80, color: true)[1] == "\u{1B}[31mfailed\u{1B}[0m")
  }
}
