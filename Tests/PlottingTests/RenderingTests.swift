// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Plotting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct RenderingTests {
  @Test("The same scene gives the same bytes, as PNG and as SVG", arguments: Theme.all)
  func deterministic(_ theme: Theme) throws {
    let scene = SampleFigures.curves().scene()
    let (png, svg) = (try scene.png(theme), try scene.svgText())
    // Another drawing between moves Cairo's own counters.
    _ = try SampleFigures.scores().scene().svgText()
    #expect(try scene.png(theme) == png)
    #expect(try scene.svgText() == svg)
    #expect(SampleFigures.curves().scene() == scene)
  }

  @Test(
    "A PDF is a page of the figure's size in inches, its fonts embedded, the same bytes each time",
    arguments: [SampleFigures.curves(), SampleFigures.filters(count: 3)])
  func paper(_ figure: Figure) throws {
    let scene = figure.scene(width: 3.3 * 96)
    let file = try scene.pdf(text: [PNGText("Source", "rallybook run a.json")])
    let text = String(decoding: file, as: Unicode.ASCII.self)
    #expect(text.hasPrefix("%PDF-1.4") && text.hasSuffix("%%EOF\n"))
    #expect(text.contains("/MediaBox [ 0 0 237.6"))
    // Outlines of TrueType or of CFF, and none of Cairo's own drawings of letters.
    #expect(text.contains("/FontFile2") || text.contains("/FontFile3"))
    #expect(!text.contains("/Type3") && !text.contains("/CreationDate"))
    #expect(text.contains("Source: rallybook run a.json"))
    #expect(try scene.pdf(text: [PNGText("Source", "rallybook run a.json")]) == file)
  }

  @Test("Pictures of pixels have no SVG")
  func pictures() throws {
    let scene = SampleFigures.filters(count: 3).scene()
    #expect(scene.hasImages)
    #expect(try scene.svg() == nil)
  }

  @Test("A PNG has two pixels to a point")
  func doubled() throws {
    let scene = SampleFigures.timeline().scene(width: 360)
    let image = try PixelImage(png: scene.png(.light), as: .rgb)
    #expect(image.width == 720 && image.height == Int(scene.height) * 2)
  }

  @Test("An SVG is well formed, with title and alternative, hostile words included")
  func wellFormed() throws {
    let figure = SampleFigures.curves(
      ["<script>alert(1)</script>", "a & b", "]]>"],
      title: "</title><script>alert(1)</script>\u{0}\u{FFFF}")
    let text = try figure.scene().svgText()
    let parser = XMLParser(data: Data(text.utf8))
    #expect(parser.parse() && parser.parserError == nil)
    // What a parser may let pass: a missing blank before an attribute, a stray quotation mark.
    #expect(!text.contains(/"[a-z]+="|\/>[^<\s]/))
    #expect(!text.contains("<script"))
    #expect(text.contains("<title>&lt;/title&gt;&lt;script"))
    #expect(text.contains("<desc>Learning curves of return per episode"))
    #expect(text.contains("width=\"720px\""))
  }

  @Test(
    "An unreasonable canvas is refused with its size",
    arguments: [(0.0, 10.0), (10, .nan), (-5, 10), (100_000, 10), (10, .infinity)])
  func refused(_ width: Double, _ height: Double) {
    let scene = Scene(
      width: width, height: height, title: "t", alternative: "", background: Paint(0xFFFFFF))
    for draw in [{ _ = try scene.png(.light) }, { _ = try scene.svg() }, { _ = try scene.pdf() }] {
      #expect {
        try draw()
      } throws: {
        ($0 as? PlottingError)?.code == .canvas
      }
    }
  }

  @Test("Marks land where the scene says, clips cut, and images stay sharp")
  func exact() throws {
    let image = PixelImage(width: 2, height: 1, format: .grey, bytes: [0, 255])
    let scene = Scene(
      width: 8, height: 4, title: "", alternative: "", background: Paint(0x102030),
      marks: [
        .image(image, Rect(x: 0, y: 0, width: 4, height: 2)),
        .clip(
          Rect(x: 4, y: 0, width: 2, height: 4),
          [.rect(Rect(x: 4, y: 2, width: 4, height: 2), fill: Paint(0xFF0000))]),
      ])
    let pixels = try scene.pixels(.light, scale: 1)
    func color(_ x: Int, _ y: Int) -> [UInt8] {
      Array(pixels.bytes[((y * 8 + x) * 3)..<((y * 8 + x) * 3 + 3)])
    }
    #expect(color(0, 0) == [0, 0, 0] && color(1, 1) == [0, 0, 0])
    #expect(color(2, 0) == [255, 255, 255] && color(3, 1) == [255, 255, 255])
    #expect(color(5, 3) == [255, 0, 0])
    #expect(color(6, 3) == [0x10, 0x20, 0x30] && color(7, 0) == [0x10, 0x20, 0x30])
  }
}

@Suite struct ProvenanceTests {
  @Test("Provenance stands in the SVG as metadata, and cannot break out of it")
  func metadata() throws {
    let scene = SampleComparisons.effects().scene()
    let notes = [PNGText("Software", "Rallybook"), PNGText("Source", "a </metadata><script> & 漢")]
    let text = try scene.svgText(notes)
    #expect(
      text.contains(
        "<metadata>\nSoftware: Rallybook\nSource: a &lt;/metadata&gt;&lt;script&gt; &amp; 漢\n"
          + "</metadata>"))
    #expect(try !scene.svgText().contains("<metadata>"))
  }
}
