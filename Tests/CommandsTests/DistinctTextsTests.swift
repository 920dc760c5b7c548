// SPDX-License-Identifier: MIT

import Commands
import Diagnostics
import Testing

@Suite("Labels that are cut stay apart")
struct DistinctTextsTests {
  private let long = String(repeating: "the same words ", count: 8)

  @Test("Different texts stay different, equal ones equal, none is too wide", arguments: 4...60)
  func apart(columns: Int) {
    let texts =
      (0..<9).map { "head \(long)\($0)\(long) tail" } + ["short", "short", "head", long]
      + ["\(long)x", "平均 \(long) 割引", "平均 \(long) 割引 2"]
    let shown = TerminalText.distinct(texts, columns: columns, mark: "…")
    #expect(shown.count == texts.count)
    #expect(shown.allSatisfy { TerminalText.width($0) <= columns }, "\(shown)")
    #expect(Set(shown).count == Set(texts).count, "\(shown)")
    #expect(shown[9] == shown[10])
  }

  @Test("What differs is shown where it has room")
  func differing() {
    let texts = [3, 4].map { "label \(long)rate 0.\($0) \(long)end" }
    let shown = TerminalText.distinct(texts, columns: 24, mark: "…")
    #expect(shown == ["label the s…3… words end", "label the s…4… words end"], "\(shown)")
    #expect(TerminalText.distinct(["abc", "abd"], columns: 9, mark: "…") == ["abc", "abd"])
  }
}
