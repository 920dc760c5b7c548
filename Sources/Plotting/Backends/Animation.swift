// SPDX-License-Identifier: MIT

/// Pictures of one size and one palette in quick succession. Of each only the rectangle that changed is
/// stored.
package struct Animation: Sendable {
  /// Width and height in pixels.
  package let width: Int
  package let height: Int
  /// Three bytes a colour, at most 16 colours.
  package let palette: [UInt8]
  private(set) var parts: [Part] = []
  private var last: [UInt8] = []

  /// A rectangle and how long it is seen.
  struct Part {
    let image: IndexedImage
    let x: Int
    let y: Int
    var milliseconds: Int
  }

  /// An animation without pictures yet.
  package init(width: Int, height: Int, palette: [UInt8]) {
    precondition(
      palette.count % 3 == 0 && palette.count <= 48,
      "an animation has at most 16 colours of three bytes; found \(palette.count) bytes")
    self.width = width
    self.height = height
    // Every part has to be written with the same number of bits a pixel.
    self.palette = palette + [UInt8](repeating: 0, count: 48 - palette.count)
  }

  /// Pictures stored so far; those that change nothing only prolong the one before.
  package var count: Int { parts.count }

  /// Adds a picture: an index into the palette for each pixel, row by row.
  package mutating func add(_ indices: [UInt8], milliseconds: Int) {
    precondition(
      indices.count == width * height, "\(indices.count) pixels do not fill \(width)×\(height)")
    guard let changed = parts.isEmpty ? (0..<width, 0..<height) : changes(indices) else {
      parts[parts.count - 1].milliseconds += milliseconds
      return
    }
    parts.append(part(indices, columns: changed.0, rows: changed.1, milliseconds))
    last = indices
  }

  static let empty = PlottingError(.canvas, "an animation needs at least one picture")

  /// The file as an animated PNG, which every browser plays without end and every other viewer shows
  /// the first picture of, with `text` as text chunks.
  ///
  /// Source: PNG specification, third edition, section 11.3.6 (acTL, fcTL, fdAT).
  package func png(text: [PNGText] = []) throws(PlottingError) -> [UInt8] {
    guard let first = parts.first else { throw Self.empty }
    let file = try first.image.png()
    let pieces = try chunks(ofPNG: file)
    guard let data = pieces.first(where: { $0.type == "IDAT" }), let end = pieces.last else {
      throw PlottingError(.png, "a PNG without IDAT")
    }
    var result = Array(file[..<data.start])
    result += chunk("acTL", bigEndian(UInt32(parts.count)) + bigEndian(0))
    var sequence: UInt32 = 0
    for (index, part) in parts.enumerated() {
      result += chunk("fcTL", control(part, sequence))
      sequence += 1
      if index == 0 {
        result += file[data.start..<end.start]
        continue
      }
      let one = try part.image.png()
      for piece in try chunks(ofPNG: one) where piece.type == "IDAT" {
        result += chunk("fdAT", bigEndian(sequence) + one[piece.data])
        sequence += 1
      }
    }
    return try inserting(text, intoPNG: result + file[end.start...])
  }

  /// Place, size and time of a part; it stays, and is not blended.
  private func control(_ part: Part, _ sequence: UInt32) -> [UInt8] {
    let numbers = [part.image.width, part.image.height, part.x, part.y]
    let time = min(part.milliseconds, 65_535)
    return bigEndian(sequence) + numbers.flatMap { bigEndian(UInt32($0)) }
      + [UInt8(time >> 8), UInt8(time & 255), UInt8(1_000 >> 8), UInt8(1_000 & 255), 0, 0]
  }

  private func part(
    _ indices: [UInt8], columns: Range<Int>, rows: Range<Int>, _ milliseconds: Int
  ) -> Part {
    var cut: [UInt8] = []
    cut.reserveCapacity(columns.count * rows.count)
    for row in rows {
      cut += indices[row * width + columns.lowerBound..<row * width + columns.upperBound]
    }
    return Part(
      image: IndexedImage(
        width: columns.count, height: rows.count, palette: palette, indices: cut),
      x: columns.lowerBound, y: rows.lowerBound, milliseconds: milliseconds)
  }

  /// The columns and rows of the smallest rectangle that holds every change since the last picture.
  private func changes(_ indices: [UInt8]) -> (Range<Int>, Range<Int>)? {
    var (left, right, top, bottom) = (width, -1, height, -1)
    for row in 0..<height {
      let start = row * width
      guard indices[start..<start + width] != last[start..<start + width] else { continue }
      (top, bottom) = (min(top, row), row)
      for column in 0..<width where indices[start + column] != last[start + column] {
        left = min(left, column)
        right = max(right, column)
      }
    }
    return bottom < 0 ? nil : (left..<right + 1, top..<bottom + 1)
  }
}
