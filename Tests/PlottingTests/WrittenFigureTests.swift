// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Plotting

@Suite("Files of figures") struct WrittenFigureTests {
  @Test("An SVG has a title, also where the figure has none of its own")
  func title() throws {
    let scene = SampleFigures.noCurves.scene()
    let text = try scene.svgText()
    #expect(text.contains("<title>Learning curves</title>"))
    let named = Figure.finalScores(title: "Scores", rows: [], xLabel: "score").scene()
    #expect(try named.svgText().contains("<title>Scores</title>"))
  }

  @Test("A PNG says how large it is: 96 points to the inch, whatever the scale")
  func size() throws {
    let scene = Figure.finalScores(rows: [], xLabel: "score").scene(width: 400)
    for (scale, perMetre) in [(1.0, UInt32(3_780)), (2, 7_559)] {
      let file = try scene.png(.light, scale: scale)
      let place = try #require(Data(file).range(of: Data("pHYs".utf8)))
      let bytes = [UInt8](Data(file)[place.upperBound..<place.upperBound + 9])
      let numbers = [0, 4].map { start in
        bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      }
      #expect(numbers == [perMetre, perMetre] && bytes[8] == 1)
      #expect(try PixelImage(png: file, as: .rgb).width == Int(400 * scale))
    }
  }

  @Test("A mark without a place is an error, not a drawing")
  func placeless() {
    var scene = Figure.finalScores(rows: [], xLabel: "score").scene()
    scene.marks.append(.circle(Point(.nan, 3), radius: 2, fill: Paint(0)))
    #expect(throws: PlottingError.self) { try scene.svg() }
    #expect(throws: PlottingError.self) { try scene.png(.light) }
  }
}

@Suite("Scripts beyond Inter") struct ScriptTests {
  private func ink(_ text: String) throws -> [[Bool]] {
    let mark = TextMark(text, at: Point(10, 40), style: TextStyle(size: 32), color: Paint(0))
    let scene = Scene(
      width: 200, height: 60, title: "t", alternative: "a", background: Paint(0xFFFFFF),
      marks: [.text(mark)])
    let image = try scene.pixels(.light, scale: 1)
    return (0..<image.height).map { y in
      (0..<image.width).map { image.bytes[(y * image.width + $0) * 3] < 128 }
    }
  }

  /// Columns with ink in the upper half of the letters, first and last.
  private func tall(_ text: String) throws -> (first: Int, last: Int) {
    let rows = try ink(text)[10..<26]
    let columns = (0..<200).filter { column in rows.contains { $0[column] } }
    return (columns.first ?? -1, columns.last ?? -1)
  }

  @Test("Arabic and Hebrew run from right to left")
  func directions() throws {
    // The alef, first of the word, is the only tall letter: it stands at the right.
    let (arabic, end) = (try tall("اممم"), try ink("اممم"))
    let inked = (0..<200).filter { column in end.contains { $0[column] } }
    let (left, right) = (try #require(inked.first), try #require(inked.last))
    #expect(arabic.first > (left + right) / 2, "\(arabic) within \(left)...\(right)")
  }

  @Test("Arabic letters are joined")
  func joined() throws {
    func groups(_ text: String) throws -> Int {
      let rows = try ink(text)
      let columns = (0..<200).map { column in rows.contains { $0[column] } }
      return zip([false] + columns, columns).count { !$0 && $1 }
    }
    #expect(try groups("ممم") == 1)
    #expect(try groups("م م م") == 3)
  }

  @Test("What no font has is told, and what Inter has is not")
  func missing() throws {
    #expect(try charactersWithoutFont(in: ["tuned, α = 0.1 − ∞", "عربي"]).isEmpty)
    #expect(try charactersWithoutFont(in: ["a\u{10FFFD}b", "\u{10FFFD}"]) == ["\u{10FFFD}"])
  }

  @Test("Chinese, Japanese and Korean are there once make setup has run")
  func ideographs() throws {
    #expect(try charactersWithoutFont(in: ["学习率", "學習率", "学習りつ", "학습률"]).isEmpty)
  }
}
