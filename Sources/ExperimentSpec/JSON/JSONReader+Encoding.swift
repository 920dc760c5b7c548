// SPDX-License-Identifier: MIT
import Diagnostics

extension JSONReader {
  /// Whether the bytes can be read as text; reports what is not UTF-8.
  mutating func checkEncoding() -> Bool {
    let bytes = source.bytes
    if index == 0, end >= 2 {
      let isUTF16 =
        (bytes[0] == 0xFE && bytes[1] == 0xFF) || (bytes[0] == 0xFF && bytes[1] == 0xFE)
        || bytes[0] == 0 || bytes[1] == 0
      if isUTF16 {
        report(
          "not-utf-8", 0..<0, problem: "the bytes look like UTF-16 or UTF-32",
          help: "save the file as UTF-8")
        return false
      }
    }
    if index == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]), end >= 3 {
      report(
        "byte-order-mark", 0..<0, problem: "the file starts with a byte order mark (EF BB BF)",
        help: "save it as UTF-8 without one")
      index = 3
    }
    var place = index
    var reported = 0
    while place < end {
      if bytes[place] < 0x80 {
        place += 1
        continue
      }
      let length = sequenceLength(at: place)
      if length == 0 {
        if reported < 10 { reportBadByte(place) }
        reported += 1
        while place < end, bytes[place] >= 0x80, sequenceLength(at: place) == 0 { place += 1 }
      } else {
        place += length
      }
    }
    return true
  }

  private mutating func reportBadByte(_ place: Int) {
    let byte = String(source.bytes[place], radix: 16, uppercase: true)
    report(
      "not-utf-8", place..<place + 1, problem: "byte 0x\(byte) at offset \(place) is not UTF-8",
      help: "save the file as UTF-8")
  }

  /// Bytes of the well-formed sequence that starts at `place` (Unicode 15, table 3-7), or 0.
  private func sequenceLength(at place: Int) -> Int {
    let bytes = source.bytes
    func isContinuation(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      place + offset < end && range.contains(bytes[place + offset])
    }
    switch bytes[place] {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: return isContinuation(1) ? 2 : 0
    case 0xE0...0xEF:
      let lower: UInt8 = bytes[place] == 0xE0 ? 0xA0 : 0x80
      let upper: UInt8 = bytes[place] == 0xED ? 0x9F : 0xBF
      return isContinuation(1, lower...upper) && isContinuation(2) ? 3 : 0
    case 0xF0...0xF4:
      let lower: UInt8 = bytes[place] == 0xF0 ? 0x90 : 0x80
      let upper: UInt8 = bytes[place] == 0xF4 ? 0x8F : 0xBF
      return isContinuation(1, lower...upper) && isContinuation(2) && isContinuation(3) ? 4 : 0
    default: return 0
    }
  }
}
