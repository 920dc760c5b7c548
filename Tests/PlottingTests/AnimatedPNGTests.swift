// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

@Suite("Animated PNG") struct AnimatedPNGTests {
  @Test("Only what changes is stored, and what does not change only lasts longer")
  func frames() throws {
    let palette: [UInt8] = [0, 0, 0, 255, 255, 255]
    var film = AnimatedPNG(width: 8, height: 6, palette: palette)
    var picture = [UInt8](repeating: 0, count: 48)
    film.add(picture, milliseconds: 50)
    film.add(picture, milliseconds: 50)
    picture[2 * 8 + 3] = 1
    picture[3 * 8 + 4] = 1
    film.add(picture, milliseconds: 40)
    #expect(film.count == 2)
    let file = try film.encoded(text: [PNGText("Software", "Rallybook")])
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

  private func positions(of type: String, in file: [UInt8]) -> [Int] {
    let word = Array(type.utf8)
    return (0..<file.count - 4).filter { file[$0..<$0 + 4].elementsEqual(word) }
  }
}
