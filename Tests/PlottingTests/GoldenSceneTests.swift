// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Plotting

/// Small figures as text, held against stored ones; `RALLYBOOK_RECORD=1` writes them and fails.
@Suite struct GoldenSceneTests {
  @Test("A small figure of learning is laid out as before", arguments: [360.0, 720])
  func curves(width: Double) throws {
    let figure = Figure.chart(
      .learning, title: "Pong",
      lines: [
        Line(
          label: "tuned", x: [0, 50, 100], y: [-20, -10, 5], low: [-21, -12, 3],
          high: [-19, -8, 7], runs: [Line(x: [0, 100], y: [-20, 4])]),
        Line(label: "vanilla", x: [0, 50, 100], y: [-20, .nan, -15]),
      ],
      xLabel: "episode", yLabel: "return per episode", yRange: -21...21,
      references: [ReferenceLine("human", 9.3)])
    try compare(figure.scene(width: width).dump(.light), "curves-\(Int(width))")
  }

  @Test("A small figure of final scores is laid out as before")
  func scores() throws {
    let figure = Figure.finalScores(
      rows: [
        ("tuned", [4, 5, 7], Estimate(5.2, 4, 7), 1),
        ("vanilla", [-15, -14, -14], Estimate(-14.4), 0),
      ], xLabel: "return per episode", references: [ReferenceLine("parity", 0)])
    try compare(figure.scene().dump(.dark), "scores-720")
  }

  private func compare(_ dump: String, _ name: String) throws {
    if ProcessInfo.processInfo.environment["RALLYBOOK_RECORD"] == "1" {
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/\(name).scene.txt")
      try dump.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name); read the change, then run without RALLYBOOK_RECORD")
      return
    }
    let file = try #require(
      Bundle.module.url(
        forResource: "\(name).scene", withExtension: "txt", subdirectory: "Fixtures"),
      "no golden \(name); record it with RALLYBOOK_RECORD=1")
    let golden = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let lines = dump.split(separator: "\n")
    for (number, pair) in zip(golden, lines).enumerated() where pair.0 != pair.1 {
      Issue.record("\(name), line \(number + 1): stored \(pair.0); now \(pair.1)")
      return
    }
    #expect(golden.count == lines.count)
  }
}
