// SPDX-License-Identifier: MIT

import Digest
import Foundation
import TestSupport
import Testing

@testable import Plotting

@Suite struct PNGTests {
  private static func noise(_ format: PixelImage.Format, _ width: Int, _ height: Int) -> PixelImage
  {
    var noise = Noise(seed: UInt64(width * 1000 + height))
    return PixelImage(
      width: width, height: height, format: format,
      bytes: (0..<(width * height * format.channels)).map { _ in UInt8((noise.next() + 1) * 127.9) }
    )
  }

  @Test(
    "Pixels survive a PNG exactly, noise included",
    arguments: [(1, 1), (7, 3), (80, 80), (1, 300), (333, 1)])
  func roundTrip(_ width: Int, _ height: Int) throws {
    for format in [PixelImage.Format.grey, .rgb] {
      let image = Self.noise(format, width, height)
      #expect(try PixelImage(png: image.png(), as: format) == image)
    }
  }

  @Test("Grey as RGB is three equal channels")
  func greyAsRGB() {
    let small = PixelImage(width: 2, height: 1, format: .grey, bytes: [10, 200])
    #expect(small.asRGB.bytes == [10, 10, 10, 200, 200, 200])
  }

  @Test("Notes come back, in Latin-1 and beyond, and pixels stay")
  func texts() throws {
    let image = Self.noise(.grey, 9, 9)
    let written = [
      PNGText("Software", "Rallybook"), PNGText("Source", "μ = −20.5\nsecond line"),
      PNGText("Comment", ""), PNGText("Autor", "Jürgen"),
    ]
    let file = try image.png(text: written)
    #expect(try notes(ofPNG: file) == written)
    #expect(try PixelImage(png: file, as: .grey) == image)
    #expect(try notes(ofPNG: image.png()).isEmpty)
  }

  @Test("pngcheck finds nothing to complain about")
  func checked() throws {
    let scene = SampleFigures.scores().scene(width: 360)
    let notes = [PNGText("Source", "a → b"), PNGText("Title", "plain")]
    for file in [try scene.png(.dark, text: notes), try Self.noise(.rgb, 40, 40).png(text: notes)] {
      let folder = try TemporaryFolder()
      let path = folder.url.appendingPathComponent("figure.png")
      try Data(file).write(to: path)
      _ = try ChildProcess.output([Tools.path("pngcheck"), "-q", path.path])
    }
  }

  @Test(
    "Keywords that break the rules of PNG are refused",
    arguments: ["", " padded", "two  spaces", "tab\tbed", String(repeating: "a", count: 80), "μ"])
  func keywords(_ keyword: String) {
    let image = Self.noise(.grey, 2, 2)
    #expect {
      try image.png(text: [PNGText(keyword, "x")])
    } throws: {
      ($0 as? PlottingError)?.code == .keyword
    }
  }

  @Test("Bytes that are no PNG, or break off, are refused")
  func broken() throws {
    let file = try Self.noise(.grey, 20, 20).png()
    for bytes in [[], [1, 2, 3], Array("not a picture at all".utf8), Array(file.prefix(90))] {
      #expect(throws: PlottingError.self) { try PixelImage(png: bytes, as: .grey) }
      #expect(throws: PlottingError.self) { try notes(ofPNG: bytes) }
    }
    let empty = PixelImage(width: 0, height: 0, format: .grey, bytes: [])
    #expect(throws: PlottingError.self) { try empty.png() }
  }

  @Test("A palette keeps the commonest colours and moves no channel visibly")
  func palette() throws {
    let scene = SampleFigures.curves().scene(width: 520)
    let real = try scene.pixels(.light)
    let shown = try PixelImage(png: scene.png(.light), as: .rgb)
    #expect(shown.width == real.width && shown.height == real.height)
    #expect(shown.bytes[0..<3] == [0xFF, 0xFF, 0xFF])
    let differences = zip(real.bytes, shown.bytes).map { abs(Int($0) - Int($1)) }
    #expect(Double(differences.reduce(0, +)) / Double(differences.count) < 0.6)
    #expect((differences.max() ?? 0) < 64)
  }
}
