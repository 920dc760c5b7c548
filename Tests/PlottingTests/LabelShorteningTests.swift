// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

@Suite("Labels that do not fit") struct LabelShorteningTests {
  private let style = TextStyle(size: 12)

  private func expectApart(_ labels: [String], width: Double) {
    let short = style.shortened(labels, to: width)
    #expect(Set(short).count == Set(labels).count, "\(short)")
    for text in short { #expect(style.width(of: text) <= width, "\(text)") }
  }

  @Test("They keep beginning and end, and a short one is whole")
  func middle() {
    let long = "a label that its author made very long because it says everything, number 3"
    let short = style.shortened([long, "tuned"], to: 160)
    #expect(short[0].hasPrefix("a label") && short[0].hasSuffix("3") && short[0].contains("…"))
    #expect(short[1] == "tuned")
  }

  @Test("Those that differ still do, wherever they differ", arguments: [70.0, 120, 200, 330])
  func apart(width: Double) {
    let same = String(repeating: "the same words again ", count: 9)
    expectApart((2...4).map { same + "\($0)" }, width: width)
    expectApart((2...4).map { "\($0) " + same }, width: width)
    expectApart((2...40).map { same + "\($0) " + same }, width: width)
    expectApart(
      ["x", same + "a" + same + "b" + same, same + "b" + same + "a" + same], width: width)
    expectApart((0..<300).map { same + "rate \(1 << ($0 % 20)), \(same) unit \($0)" }, width: width)
    expectApart(["学习率" + same + "一", "学习率" + same + "二"], width: width)
  }

  @Test("A legend with room shortens nothing, however long its numbers are")
  func wholeLegend() {
    let series = [("learningRate 0.2", 31.57), ("learningRate 0.1", 27_888.123)].map {
      Line(label: $0.0, x: [0, 1], y: [0, $0.1])
    }
    let texts = Figure.chart(.learning, lines: series, xLabel: "episode", yLabel: "return").scene(
      width: 344
    ).texts
    #expect(texts.contains { $0.string == "learningRate 0.2" })
    #expect(texts.contains { $0.string == "learningRate 0.1" })
  }

  @Test("A legend's names stay apart")
  func legend() {
    let same =
      "a label that its author made very long because it says everything about the variant, "
    let labels = (2...4).map { same + same + "\($0)" }
    let series = labels.map { Line(label: $0, x: [0, 1], y: [0, 1]) }
    for width in [344.0, 720] {
      let texts = Figure.chart(.learning, lines: series, xLabel: "episode", yLabel: "return").scene(
        width: width
      ).texts
      let named = texts.map(\.string).filter { $0.hasPrefix("a label") }
      #expect(Set(named).count == 3, "\(named)")
    }
  }
}
