// SPDX-License-Identifier: MIT
import Diagnostics
import Testing

@Suite("Places in a text")
struct SourceTextTests {
  @Test("Lines end with LF, CRLF or CR")
  func lines() {
    let source = SourceText(name: "a", text: "one\ntwo\r\nthree\rfour")
    #expect((1...5).map(source.line) == ["one", "two", "three", "four", ""])
    #expect(source.position(at: 9) == SourcePosition(line: 3, column: 1))
    #expect(source.position(at: 8) == SourcePosition(line: 2, column: 4))
    #expect(source.position(at: 15) == SourcePosition(line: 4, column: 1))
  }

  @Test("Columns count characters, not bytes")
  func columns() {
    let text = "\"größe 👩‍👧\": x"
    let source = SourceText(name: "a", text: text)
    let offset = text.utf8.count - 1
    #expect(source.position(at: offset) == SourcePosition(line: 1, column: 12))
  }

  @Test("Places beyond the text are its end")
  func bounds() {
    let source = SourceText(name: "a", text: "ab")
    #expect(source.position(at: 99) == SourcePosition(line: 1, column: 3))
    #expect(source.position(at: -1) == SourcePosition(line: 1, column: 1))
    #expect(SourceText(name: "a", text: "").position(at: 0) == SourcePosition(line: 1, column: 1))
  }
}
