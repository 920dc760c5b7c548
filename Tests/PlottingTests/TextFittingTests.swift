// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Plotting

@Suite struct TextFittingTests {
  private let style = TextStyle(size: 12)

  @Test("Truncated text fits and says that it was cut")
  func truncated() {
    let text = "KL line search, 200 hidden units"
    let short = style.truncated(text, to: 80)
    #expect(short.hasSuffix("…") && style.width(of: short) <= 80)
    #expect(style.truncated(text, to: 1000) == text)
    #expect(style.truncated(text, to: 2) == "")
  }

  @Test("Wrapped lines fit, words stay whole where they can, and too many end in an ellipsis")
  func wrapped() {
    let text = "one two three four five six seven eight nine ten"
    let lines = style.wrapped(text, to: 70)
    #expect(lines.joined(separator: " ") == text)
    #expect(lines.allSatisfy { style.width(of: $0) <= 70 })
    let two = style.wrapped(text, to: 70, maximumLines: 2)
    #expect(two.count == 2 && two[1].hasSuffix("…"))
    let broken = style.wrapped(String(repeating: "w", count: 50), to: 70)
    #expect(broken.joined().count == 50 && broken.allSatisfy { style.width(of: $0) <= 70 })
    #expect(style.wrapped("", to: 70).isEmpty)
  }

  @Test("Breaks, controls and writing-direction marks never reach the canvas")
  func cleaned() {
    let mark = TextMark(
      "a\nb\u{0}c\u{202E}d\u{85}e", at: Point(0, 0), style: style, color: Paint(0))
    #expect(mark.string == "a b cd e")
  }

  @Test("Letters drawn fill the box that layout reckoned with, and never leave it")
  func drawn() throws {
    for weight in [TextWeight.regular, .semibold] {
      for text in ["Hamburgefonstiv 0123456789 (−20.5)", "ÄÖÜ μ σ 10⁻⁵ ≤ …", "漢字 and 🏓", "لعبة"] {
        let mark = TextMark(
          text, at: Point(20, 40), style: TextStyle(size: 20, weight: weight), color: Paint(0))
        let scene = Scene(
          width: mark.box.right + 20, height: 60, title: "", alternative: "",
          background: Paint(0xFFFFFF), marks: [.text(mark)])
        let pixels = try scene.pixels(.light, scale: 1)
        let dark = (0..<(pixels.width * pixels.height)).filter { pixels.bytes[$0 * 3] < 200 }
        let columns = dark.map { $0 % pixels.width }
        #expect(Double(columns.min() ?? 0) >= mark.box.x - 1.5, "\(text)")
        #expect(Double(columns.max() ?? 0) <= mark.box.right + 1.5, "\(text)")
        if text.first?.isASCII == true {
          // Widths that did not belong to the face drawn would leave the box partly empty.
          #expect(Double(columns.max() ?? 0) >= mark.box.right - 4, "\(text)")
        }
      }
    }
  }
}
