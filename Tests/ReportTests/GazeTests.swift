// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import TestSupport
import Testing

@Suite("Where policies look") struct GazeTests {
  /// A gaze that goes round, and one that stays.
  private static func gaze(_ variant: Int, _ decision: Int) -> ReplayFile.Gaze {
    variant == 0
      ? .init(top: UInt8(34 + decision * 16 % 97), left: UInt8(decision * 32 % 97))
      : .init(top: 82, left: 96)
  }

  private static func report(
    _ gaze: @escaping (Int, Int) -> ReplayFile.Gaze?
  ) throws -> RenderedReport {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = ["learned gaze", "fixed gaze"]
    recipe.gaze = gaze
    return try RenderedReport(recipe)
  }

  @Test("The table counts every decision, cell by cell, as the stored game has it")
  func table() throws {
    let report = try Self.report { Self.gaze($0, $1) }
    let rows = try report.text("data/gaze.csv").split(separator: "\n").dropFirst()
    #expect(rows.count == 2 * 2 * 100)
    let replay = SyntheticRun.replay(checkpoint: 600, trace: nil)
    var expected: [String] = []
    for (variant, label) in ["learned gaze", "fixed gaze"].enumerated() {
      var (balls, inSight) = (0, 0)
      var seen = [Int](repeating: 0, count: 100)
      var places = seen
      for (index, decision) in replay.decisions.enumerated() {
        let window = Self.gaze(variant, index)
        func sees(_ row: Int, _ column: Int) -> Bool {
          row >= Int(window.top) && row < Int(window.top) + 64 && column >= Int(window.left)
            && column < Int(window.left) + 64
        }
        for cell in 0..<100 where sees(42 + cell / 10 * 16, 8 + cell % 10 * 16) { seen[cell] += 1 }
        let frame = replay.frames[decision.frame]
        guard frame.ballY > 0 else { continue }
        // The ball's four rows begin 14 rows, its right column 48 columns before its coordinates.
        let (row, column) = (Int(frame.ballY) - 12, (Int(frame.ballX) + 112) % 160)
        balls += 1
        if sees(row, column) { inSight += 1 }
        places[(row - 34) / 16 * 10 + column / 16] += 1
      }
      for checkpoint in [0, 600] {
        for cell in 0..<100 {
          let share = Double(seen[cell]) / Double(replay.decisions.count)
          expected.append(
            "\(label),0,\(checkpoint),\(cell / 10 + 1),\(cell % 10 + 1),\(Float(share)),"
              + "\(places[cell]),\(balls),\(inSight)")
        }
      }
      let percent = Int((100 * Double(inSight) / Double(balls)).rounded())
      #expect(inSight > 0 && inSight < balls)
      #expect(report.page.contains("the ball is in sight at \(percent) % of its decisions"))
    }
    #expect(rows.count == expected.count)
    for (row, judged) in zip(rows, expected) {
      let (cells, others) = (row.split(separator: ","), judged.split(separator: ","))
      for (place, (a, b)) in zip(cells, others).enumerated() {
        if place == 5, let x = Double(a), let y = Double(b) {
          #expect(abs(x - y) < 1e-5)
        } else {
          #expect(a == b, "\(row) \(judged)")
        }
      }
    }
    for stage in 1...3 {
      #expect(report.page.contains("id=\"figure-gaze-\(stage)\""))
    }
    #expect(report.page.contains("data-names=\"At the start|Half way|At the end\""))
  }

  @Test("Who sees all of the picture has no map; a run without a gaze has no such section")
  func others() throws {
    let half = try Self.report { $0 == 0 ? Self.gaze($0, $1) : nil }
    #expect(half.page.contains("id=\"gaze\""))
    #expect(try !half.text("data/gaze.csv").contains("fixed gaze"))
    let none = try Self.report { _, _ in nil }
    #expect(!none.page.contains("id=\"gaze\"") && !none.page.contains("data-glimpse"))
  }

  @Test("Where the shown policy sees everything, a game of the best gaze stands before its games")
  func beside() throws {
    let page = try Self.report { $0 == 1 ? Self.gaze($0, $1) : nil }.page
    let parts = page.components(separatedBy: "class=\"replay-data\" data-game=")
    #expect(parts.count == 1 + 3)
    #expect(parts[1].hasPrefix("\"0\"") && parts[1].contains("data-glimpse=\"64 64\""))
    #expect(parts.dropFirst(2).allSatisfy { !$0.contains("data-glimpse") })
    #expect(page.contains("value=\"0\"> “fixed gaze”"))
    #expect(page.contains("class=\"stop\" data-game=\"1\"") && page.contains("data-game=\"2\""))
    #expect(!page.contains("class=\"stop\" data-game=\"0\""))
    #expect(page.contains("That of “fixed gaze”, in a game of its own, sees what lies in"))
  }

  @Test("The player draws the window round what is seen and darkens the rest")
  func player() throws {
    let report = try Self.report { Self.gaze($0, $1) }
    let replay = SyntheticRun.replay(checkpoint: 600, trace: nil)
    let last = replay.decisions.count - 1
    let window = Self.gaze(0, last)
    let browser = try Browser()
    defer { browser.stop() }
    try browser.emulate(width: 1_000, scheme: "light")
    try browser.open("file://\(report.directory)/index.html")
    let (top, left) = (Int(window.top), Int(window.left))
    let found = try browser.evaluate(
      """
      const bar = document.getElementById("scrubber");
      bar.value = bar.max;
      bar.dispatchEvent(new Event("input"));
      const picture = document.getElementById("game").getContext("2d").getImageData(0, 0, 160, 210).data;
      const pixel = (x, y) => [...picture.slice(4 * (160 * y + x), 4 * (160 * y + x) + 3)].join();
      return [pixel(\(left), \(top)), pixel(\(left) + 63, \(top) + 63), pixel(\(left) + 63, \(top)),
              pixel(\(left) + 1, \(top) + 1) === pixel(\(left) + 64, \(top) + 1) ? "alike" : "darker"];
      """)
    #expect(found as? [String] == ["255,224,102", "255,224,102", "255,224,102", "darker"])
    #expect(try browser.consoleMessages().isEmpty)
  }
}
