// SPDX-License-Identifier: MIT

import Randomness
import Testing

@testable import Plotting

@Suite("Animated pictures") struct AnimationTests {
  @Test("Only what changes is stored, and what does not change only lasts longer")
  func frames() throws {
    let palette: [UInt8] = [0, 0, 0, 255, 255, 255]
    var film = Animation(width: 8, height: 6, palette: palette)
    var picture = [UInt8](repeating: 0, count: 48)
    film.add(picture, milliseconds: 50)
    film.add(picture, milliseconds: 50)
    picture[2 * 8 + 3] = 1
    picture[3 * 8 + 4] = 1
    film.add(picture, milliseconds: 40)
    #expect(film.count == 2)
    let file = try film.png(text: [PNGText("Software", "Rallybook")])
    // A reader that knows no animation sees the first picture.
    let first = try PixelImage(png: file, as: .rgb)
    #expect(first.bytes.allSatisfy { $0 == 0 } && first.width == 8 && first.height == 6)
    let control = positions(of: "fcTL", in: file)
    #expect(control.count == 2 && positions(of: "fdAT", in: file).count == 1)
    func number(_ place: Int, _ field: Int) -> Int {
      file[place + 4 + 4 * field..<place + 8 + 4 * field].reduce(0) { $0 << 8 | Int($1) }
    }
    // Sequence, width, height, x, y; then the time in thousandths of a second.
    #expect((0..<5).map { number(control[0], $0) } == [0, 8, 6, 0, 0])
    #expect((0..<5).map { number(control[1], $0) } == [1, 2, 2, 3, 2])
    #expect(Int(file[control[0] + 24]) << 8 | Int(file[control[0] + 25]) == 100)
    #expect(Int(file[control[1] + 24]) << 8 | Int(file[control[1] + 25]) == 40)
    #expect(try notes(ofPNG: file) == [PNGText("Software", "Rallybook")])
  }

  @Test("A GIF has the same pictures, read by a slow reader, however long its codes become")
  func gif() throws {
    let (width, height) = (97, 61)
    var film = Animation(width: width, height: height, palette: Array(0..<48))
    var source = Xoshiro256(seed: 1)
    // Noise, so that the table of codes fills and is cleared; a flat picture, with the longest codes.
    let noise = (0..<width * height).map { _ in UInt8(truncatingIfNeeded: source.next() & 15) }
    let pictures = [noise, [UInt8](repeating: 7, count: width * height), noise]
    for picture in pictures { film.add(picture, milliseconds: 33) }
    let file = try film.gif(comment: "rallybook")
    let read = try GIFReading(file)
    #expect(read.width == width && read.height == height && read.palette == Array(0..<48))
    #expect(read.pictures == pictures)
    // 33, 66, 99 milliseconds.
    #expect(read.hundredths == [3, 4, 3])
    #expect(String(decoding: file, as: UTF8.self).contains("rallybook"))
    for count in 1...80 {
      var film = Animation(width: count, height: 1, palette: Array(0..<48))
      let line = noise.prefix(count).map { $0 & 3 }
      film.add(line, milliseconds: 10)
      #expect(try GIFReading(film.gif()).pictures == [line])
    }
  }

  private func positions(of type: String, in file: [UInt8]) -> [Int] {
    let word = Array(type.utf8)
    return (0..<file.count - 4).filter { file[$0..<$0 + 4].elementsEqual(word) }
  }
}

/// A GIF as a reader that is slow and obvious sees it: strings of colours by their codes.
private struct GIFReading {
  var (width, height) = (0, 0)
  var palette: [UInt8] = []
  var pictures: [[UInt8]] = []
  var hundredths: [Int] = []

  init(_ file: [UInt8]) throws {
    #expect(file.starts(with: Array("GIF89a".utf8)) && file.last == 0x3B)
    var at = 6
    func number(_ place: Int) -> Int { Int(file[place]) | Int(file[place + 1]) << 8 }
    (width, height) = (number(6), number(8))
    let colors = 2 << Int(file[10] & 7)
    palette = Array(file[13..<13 + 3 * colors])
    at = 13 + 3 * colors
    func blocks() -> [UInt8] {
      var result: [UInt8] = []
      while file[at] > 0 {
        result += file[at + 1...at + Int(file[at])]
        at += 1 + Int(file[at])
      }
      at += 1
      return result
    }
    var screen = [UInt8](repeating: 0, count: width * height)
    while file[at] != 0x3B {
      let (kind, label) = (file[at], file[at + 1])
      if kind == 0x21 {
        at += 2
        let content = blocks()
        if label == 0xF9 { hundredths.append(Int(content[1]) | Int(content[2]) << 8) }
        continue
      }
      try #require(kind == 0x2C)
      let (x, y, wide, high) = (number(at + 1), number(at + 3), number(at + 5), number(at + 7))
      let bits = Int(file[at + 10])
      at += 11
      let cells = Self.colors(blocks(), bits)
      try #require(cells.count == wide * high)
      for row in 0..<high {
        for column in 0..<wide {
          screen[(y + row) * width + x + column] = cells[row * wide + column]
        }
      }
      pictures.append(screen)
    }
  }

  private static func colors(_ bytes: [UInt8], _ colorBits: Int) -> [UInt8] {
    let (clear, end) = (1 << colorBits, 1 << colorBits + 1)
    let alphabet = (0..<clear).map { [UInt8($0)] } + [[], []]
    var (strings, size) = (alphabet, colorBits + 1)
    var (place, last): (Int, [UInt8]?) = (0, nil)
    var result: [UInt8] = []
    while true {
      let code = (0..<size).reduce(0) {
        $0 | Int(bytes[(place + $1) / 8] >> UInt8((place + $1) % 8) & 1) << $1
      }
      place += size
      if code == end { return result }
      if code == clear {
        (strings, size, last) = (alphabet, colorBits + 1, nil)
        continue
      }
      // A code may be the very one that it completes.
      let string = code < strings.count ? strings[code] : (last ?? []) + (last ?? []).prefix(1)
      result += string
      if let last, strings.count < 4096 { strings.append(last + string.prefix(1)) }
      if strings.count == 1 << size, size < 12 { size += 1 }
      last = string
    }
  }
}
