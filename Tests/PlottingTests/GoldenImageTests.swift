// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Plotting

/// Figures as pixels, held against stored pictures with a tolerance: another version of Cairo or of
/// a font may move an edge, but not a line.
@Suite("Golden images") struct GoldenImageTests {
  /// A channel may differ by this before its pixel counts as different.
  private static let channelTolerance = 48
  /// Share of pixels that may be different.
  private static let pixelTolerance = 0.004

  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  @Test(
    "A figure looks as it did",
    arguments: ["curves-360-light", "curves-360-dark", "scores-720-light", "timeline-360-light"])
  func image(_ name: String) throws {
    let parts = name.split(separator: "-")
    let theme = try #require(Theme.all.first { $0.name == parts[2] })
    let width = try #require(Double(parts[1]))
    let scene: Scene =
      switch parts[0] {
      case "curves": SampleFigures.curves().scene(width: width)
      case "scores": SampleFigures.scores().scene(width: width)
      default: SampleFigures.timeline().scene(width: width)
      }
    let drawn = try scene.pixels(theme, scale: 1)
    let place = Self.fixtures.appendingPathComponent("\(name).png")
    if ProcessInfo.processInfo.environment["RALLYBOOK_RECORD"] != nil {
      try Data(try scene.png(theme, scale: 1)).write(to: place)
      Issue.record("recorded \(place.lastPathComponent); run again without RALLYBOOK_RECORD")
      return
    }
    let file = try #require(
      try? Data(contentsOf: place), "no golden \(name); record it with RALLYBOOK_RECORD=1")
    let stored = try PixelImage(png: [UInt8](file), as: .rgb)
    #expect(stored.width == drawn.width && stored.height == drawn.height)
    guard stored.width == drawn.width, stored.height == drawn.height else { return }
    let different = Self.differentPixels(stored, drawn)
    let share = Double(different.count) / Double(drawn.width * drawn.height)
    if share > Self.pixelTolerance {
      let picture = try Self.difference(stored, drawn, different).png()
      let shown = FileManager.default.temporaryDirectory.appendingPathComponent(
        "golden-\(name)-difference.png")
      try Data(picture).write(to: shown)
      Issue.record("\(different.count) pixels differ; stored, drawn and both: \(shown.path)")
    }
  }

  @Test("A line elsewhere is beyond the tolerance, and the difference shows where")
  func sensitivity() throws {
    let plain = PixelImage(
      width: 100, height: 50, format: .rgb, bytes: [UInt8](repeating: 255, count: 15_000))
    var bytes = plain.bytes
    for column in 0..<100 { for channel in 0..<3 { bytes[(20 * 100 + column) * 3 + channel] = 0 } }
    let other = PixelImage(width: 100, height: 50, format: .rgb, bytes: bytes)
    let different = Self.differentPixels(plain, other)
    #expect(different.count == 100)
    #expect(Double(different.count) / 5_000 > Self.pixelTolerance)
    let shown = Self.difference(plain, other, different)
    #expect(shown.width == 300)
    #expect(Array(shown.bytes[(20 * 300 + 250) * 3..<(20 * 300 + 251) * 3]) == [214, 40, 40])
  }

  /// Places of the pixels in which a channel differs by more than the tolerance.
  private static func differentPixels(_ a: PixelImage, _ b: PixelImage) -> [Int] {
    (0..<a.width * a.height).filter { place in
      (0..<3).contains {
        abs(Int(a.bytes[3 * place + $0]) - Int(b.bytes[3 * place + $0])) > channelTolerance
      }
    }
  }

  /// Stored, drawn, and the drawn one faintly with what differs in red, side by side.
  private static func difference(_ a: PixelImage, _ b: PixelImage, _ different: [Int]) -> PixelImage
  {
    let marked = Set(different)
    var bytes: [UInt8] = []
    for row in 0..<a.height {
      for image in [a, b] { bytes += image.bytes[3 * row * a.width..<3 * (row + 1) * a.width] }
      for column in 0..<a.width {
        let place = row * a.width + column
        bytes +=
          marked.contains(place)
          ? [214, 40, 40] : b.bytes[3 * place..<3 * place + 3].map { 192 + $0 / 4 }
      }
    }
    return PixelImage(width: 3 * a.width, height: a.height, format: .rgb, bytes: bytes)
  }
}
