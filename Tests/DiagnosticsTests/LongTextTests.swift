// SPDX-License-Identifier: MIT

import Diagnostics
import Testing

@Suite("Places and terminals")
struct LongTextTests {
  @Test("A place on a long line is what counting from its start gives")
  func places() {
    let units = ["a", "é", "e\u{301}", "👨‍👩‍👧", "漢", "\t", "\u{1F1E9}\u{1F1EA}", "\", \""]
    var line = ""
    for i in 0..<2_000 { line += units[(i * i + i / 7) % units.count] }
    let text = "first\n" + line + "\r\n" + "third"
    let source = SourceText(name: "a", text: text)
    let bytes = Array(text.utf8)
    let start = 6
    for offset in stride(from: start, through: start + line.utf8.count, by: 97) {
      let counted = String(decoding: bytes[start..<offset], as: UTF8.self).count
      #expect(source.position(at: offset) == SourcePosition(line: 2, column: counted + 1))
    }
    #expect(source.position(at: bytes.count) == SourcePosition(line: 3, column: 6))
  }

  @Test("A line for people stays one line; lines stay apart")
  func escapes() {
    let hostile = "a\u{1B}[2J\n\r\u{9B}b\u{202E}\u{2028}"
    #expect(DisplayText.escaped(hostile) == #"a\u{1b}[2J\u{a}\u{d}\u{9b}b\u{202e}\u{2028}"#)
    #expect(DisplayText.escapedLines("x\n\u{1B}y\r\n") == "x\n\\u{1b}y\\u{d}\n")
    #expect(DisplayText.escaped(DisplayText.escaped(hostile)) == DisplayText.escaped(hostile))
  }

  @Test("A JSON text keeps its meaning and loses what moves a cursor")
  func json() {
    #expect(
      DisplayText.escapedJSON("{\"a\":\"é\u{9B}\u{202E}\u{E0001}\"}")
        == #"{"a":"é\u009b\u202e\udb40\udc01"}"#)
  }
}
