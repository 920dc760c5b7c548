// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

@Suite("JSON with places")
struct JSONReaderTests {
  /// `LINE:COLUMN code` of each finding.
  private func faults(_ text: String) -> [String] {
    faults(Array(text.utf8))
  }

  private func faults(_ bytes: [UInt8]) -> [String] {
    JSONReader.read(SourceText(name: "a.json", bytes: bytes)).findings.map { finding in
      let place = finding.range.map { "\($0.start.line):\($0.start.column) " } ?? ""
      return place + finding.code
    }
  }

  @Test(
    "Each error has a code and a place",
    arguments: [
      ("", ["1:1 empty-file"]), (" \n ", ["1:1 empty-file"]),
      (#"{"a": 1,}"#, ["1:8 trailing-comma"]), ("[1,]", ["1:3 trailing-comma"]),
      ("[1 2]", ["1:3 missing-comma"]), ("[,1]", ["1:2 missing-value"]),
      (#"{"a": 1 "b": 2}"#, ["1:8 missing-comma"]), (#"{"a" 1}"#, ["1:2 missing-colon"]),
      (#"{"a": }"#, ["1:7 missing-value"]), (#"{"a"= 1}"#, ["1:5 missing-colon"]),
      ("{a: 1}", ["1:2 unquoted-key"]), ("{1: 1}", ["1:2 unquoted-key"]),
      ("{'a': 'b'}", ["1:2 single-quotes", "1:7 single-quotes"]),
      ("[1] // x", ["1:5 comment"]), ("/* x */ 1 # y", ["1:1 comment", "1:11 comment"]),
      ("[NaN, -Infinity]", ["1:2 not-a-number", "1:7 not-a-number"]),
      ("[007, -01]", ["1:2 leading-zero", "1:7 leading-zero"]),
      (
        "[.5, 5., +1, 0x1F, 1_000, 1e]",
        (0..<6).map { ["1:2", "1:6", "1:10", "1:14", "1:20", "1:27"][$0] + " bad-number" }
      ),
      ("1e999", ["1:1 number-too-large"]), ("[tuned, True]", ["1:2 bare-word", "1:9 bare-word"]),
      ("\"abc\n", ["1:1 unterminated-string"]),
      ("{\"a\": \"b,\n \"c\": 1}", ["1:7 unterminated-string"]),
      ("\"a\tb\"", ["1:3 control-character"]), (#""a\x""#, ["1:3 bad-escape"]),
      (#""\u12G4""#, ["1:2 bad-escape"]), (#""\ud83d""#, ["1:2 lone-surrogate"]),
      (#""\ude00x\ud83d\u0041""#, ["1:2 lone-surrogate", "1:9 lone-surrogate"]),
      (#"{"a": [1, 2"#, ["1:12 truncated"]), (#"{"a":"#, ["1:6 truncated"]),
      (#"{"a": [1}"#, ["1:9 mismatched-bracket", "1:10 truncated"]),
      ("1 2", ["1:3 trailing-text"]), (#"{"a": 1, "a": 2}"#, ["1:10 duplicate-key"]),
      ("[@]", ["1:2 unexpected-character"]), ("[1,\u{a0}2]", ["1:4 unexpected-character"]),
      ("\u{feff}1", ["1:1 byte-order-mark"]),
    ])
  func codes(text: String, expected: [String]) {
    #expect(faults(text) == expected)
  }

  @Test("Bytes that are no UTF-8 are named with their place")
  func encoding() {
    #expect(faults([0x22, 0x61, 0xE9, 0x62, 0x22]) == ["1:3 not-utf-8"])
    #expect(faults([0x22, 0xC0, 0xAF, 0x22]) == ["1:2 not-utf-8"])
    #expect(faults([0x22, 0xED, 0xA0, 0x80, 0x22]) == ["1:2 not-utf-8"])
    #expect(faults([0xFF, 0xFE, 0x7B, 0x00]) == ["1:1 not-utf-8"])
    let message = JSONReader.read(SourceText(name: "a", bytes: [0x22, 0xE9, 0x22])).findings[0]
    #expect(message.sentence == "byte 0xE9 at offset 1 is not UTF-8; save the file as UTF-8")
  }

  @Test("100,000 brackets give an error, not a crash", arguments: ["[", "{\"a\":", "[{\"a\":"])
  func deep(unit: String) {
    let text = String(repeating: unit, count: 100_000)
    let document = JSONReader.read(SourceText(name: "a", text: text))
    #expect(document.findings.map(\.code) == ["too-deep"])
    #expect(document.findings[0].sentence.contains("nested more than 64 deep"))
    #expect(!document.isWhole)
  }

  @Test("64 levels are fine, 65 are not")
  func depthLimit() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(faults(nested(64)).isEmpty)
    #expect(faults(nested(65)) == ["1:65 too-deep"])
  }

  @Test("Errors beyond a hundred are not listed")
  func many() {
    let text = "[" + String(repeating: "NaN,", count: 5000) + "1]"
    let findings = JSONReader.read(SourceText(name: "a", text: text)).findings
    #expect(findings.count == 100)
    #expect(findings.last?.notes == ["further errors are not shown"])
  }

  @Test("A text cut off still gives what it has")
  func partial() {
    let text = #"{"a": 1, "b": [true, {"c": nu"#
    let document = JSONReader.read(SourceText(name: "a", text: text))
    #expect(document.value?.plain[path: "a"] == 1)
    #expect(!document.isWhole)
  }

  @Test("Values have the ranges of their text")
  func ranges() {
    let text = "{ \"a\" : [ 1.50 , \"x\" ] }"
    let members = JSONReader.read(SourceText(name: "a", text: text)).value?.members ?? []
    #expect(members.first?.keyRange == 2..<5)
    #expect(members.first?.value.range == 8..<22)
  }
}
