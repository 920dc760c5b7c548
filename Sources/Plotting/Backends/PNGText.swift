// SPDX-License-Identifier: MIT

import Digest

/// A note within a PNG file, such as where its numbers come from.
package struct PNGText: Equatable, Sendable {
  /// 1 to 79 characters of Latin-1, such as `Software` or `Source`.
  package let keyword: String
  /// What the note says, in any script; line feeds are kept.
  package let text: String

  /// A note from its keyword and text.
  package init(_ keyword: String, _ text: String) {
    self.keyword = keyword
    self.text = text
  }
}

/// The file with its size on paper as a `pHYs` chunk behind its head, and each note as a chunk before
/// its end: `tEXt` where Latin-1 suffices, else `iTXt`.
///
/// Source: PNG specification, third edition, sections 11.3.3.2, 11.3.3.4 and 11.3.4.3.
///
/// - Parameter scale: pixels to a point of 1/96 inch; nil leaves the size open.
func inserting(
  _ notes: [PNGText], intoPNG plain: [UInt8], scale: Double? = nil
) throws(PlottingError) -> [UInt8] {
  var file = plain
  if let scale, let head = try chunks(ofPNG: plain).first {
    let pixelsPerMetre = bigEndian(UInt32((scale * 96 / 0.0254).rounded()))
    file.insert(
      contentsOf: chunk("pHYs", pixelsPerMetre + pixelsPerMetre + [1]), at: head.data.upperBound + 4
    )
  }
  if notes.isEmpty { return file }
  let end = try chunks(ofPNG: file).last
  guard let end, end.type == "IEND" else {
    throw PlottingError(.png, "a PNG ends with IEND; found \(end?.type ?? "no chunk")")
  }
  var result = Array(file[..<end.start])
  for note in notes {
    let keyword = try checkedKeyword(note.keyword)
    if let latin = latin1(note.text) {
      result += chunk("tEXt", keyword + [0] + latin)
    } else {
      // After the keyword: not compressed, method 0, no language, no translated keyword.
      result += chunk("iTXt", keyword + [0, 0, 0, 0, 0] + Array(note.text.utf8))
    }
  }
  return result + file[end.start...]
}

/// One chunk of a PNG: its four letters, where its length field begins, and where its data lies.
struct PNGChunk {
  let type: String
  let start: Int
  let data: Range<Int>
}

/// The chunks of a PNG file, in order.
func chunks(ofPNG file: [UInt8]) throws(PlottingError) -> [PNGChunk] {
  let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  guard file.starts(with: signature) else {
    throw PlottingError(.png, "the bytes do not begin with the signature of PNG")
  }
  var found: [PNGChunk] = []
  var at = signature.count
  while at + 12 <= file.count {
    let length = file[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
    guard at + 12 + length <= file.count else { break }
    let type = String(decoding: file[(at + 4)..<(at + 8)], as: UTF8.self)
    found.append(PNGChunk(type: type, start: at, data: (at + 8)..<(at + 8 + length)))
    at += 12 + length
  }
  guard at == file.count else {
    throw PlottingError(.png, "the file breaks off within a chunk at byte \(at)")
  }
  return found
}

/// A chunk with its length and CRC.
func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
  let body = Array(type.utf8) + data
  return bigEndian(UInt32(data.count)) + body + bigEndian(CRC32.zlib.checksum(body))
}

func bigEndian(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

private func checkedKeyword(_ keyword: String) throws(PlottingError) -> [UInt8] {
  guard let bytes = latin1(keyword), (1...79).contains(bytes.count), !bytes.contains(10),
    bytes.first != 32, bytes.last != 32, !keyword.contains("  ")
  else {
    throw PlottingError(
      .keyword,
      "a PNG keyword has 1 to 79 characters of Latin-1 and no outer or double spaces; found"
        + " \"\(keyword)\"")
  }
  return bytes
}

/// Printable Latin-1 and line feeds, or nil where another character occurs.
private func latin1(_ text: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x0A, 0x20...0x7E, 0xA1...0xFF: bytes.append(UInt8(scalar.value))
    default: return nil
    }
  }
  return bytes
}
