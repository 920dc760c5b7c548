// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics
import Plotting

/// A part of a game as an animated picture: the screen twice its size, and P(first action) below.
package enum PongAnimation {
  /// Screen frames between two pictures: 20 pictures a second.
  static let step = 3
  private static let scale = 2
  private static let stripHeight = 48
  private static let width = PongPicture.width * scale
  private static let height = PongPicture.height * scale + stripHeight

  /// Colours beside those of the game, in the order of their numbers behind them.
  private enum Extra: UInt8 {
    case paper = 6
    case rule, label, won, lost
  }

  private static let palette: [UInt8] =
    PongPicture.Ink.allCases.flatMap(\.rgb) + [
      20, 22, 26, 62, 68, 78, 154, 162, 173, 121, 201, 143, 240, 141, 114,
    ]

  /// The animation as a file, an animated PNG or a GIF.
  ///
  /// - Parameters:
  ///   - start: seconds of the game before it begins.
  ///   - seconds: how long it is, at most.
  ///   - notes: where it comes from, by keyword.
  ///   - isGIF: otherwise an animated PNG.
  /// - Throws: when the game has no such moment, or libpng fails.
  package static func file(
    of replay: ReplayFile, from start: Double, seconds: Double, notes: [(String, String)],
    isGIF: Bool = false
  ) throws(ReportError) -> [UInt8] {
    let first = Int((start * 60).rounded())
    guard replay.frames.indices.contains(first) else {
      let length = Double(replay.frames.count) / 60
      throw ReportError(
        .drawing, path: "the animation",
        detail: "it cannot begin at \(Numbers.fixed(start, decimals: 1)) s; the game has"
          + " \(Numbers.fixed(length, decimals: 1)) s")
    }
    let end = min(replay.frames.count, first + max(step, Int((seconds * 60).rounded())))
    var animation = Animation(width: width, height: height, palette: palette)
    var decision = 0
    for frame in stride(from: first, to: end, by: step) {
      while decision + 1 < replay.decisions.count, replay.decisions[decision + 1].frame <= frame {
        decision += 1
      }
      animation.add(
        picture(replay, frame: frame, decision: decision), milliseconds: step * 1_000 / 60)
    }
    return try ReportError.catching {
      try isGIF
        ? animation.gif(comment: notes.map { "\($0.0): \($0.1)" }.joined(separator: "\n"))
        : animation.png(text: notes.map { PNGText($0.0, $0.1) })
    }
  }

  private static func picture(_ replay: ReplayFile, frame: Int, decision now: Int) -> [UInt8] {
    let game = PongPicture.inks(replay.frames[frame], replay.window(at: now))
    var cells: [UInt8] = []
    cells.reserveCapacity(width * height)
    for row in 0..<PongPicture.height {
      let line = game[row * PongPicture.width..<(row + 1) * PongPicture.width]
      let wide = line.flatMap { [UInt8](repeating: $0, count: scale) }
      for _ in 0..<scale { cells += wide }
    }
    cells += [UInt8](repeating: Extra.paper.rawValue, count: width * stripHeight)
    drawStrip(replay.decisions, now: now, on: &cells)
    return cells
  }

  /// The last decisions, two pixels each, the newest at the right edge.
  private static func drawStrip(
    _ decisions: [ReplayFile.Decision], now: Int, on cells: inout [UInt8]
  ) {
    let top = PongPicture.height * scale
    func set(_ x: Int, _ y: Int, _ ink: UInt8) {
      if (0..<width).contains(x), (0..<stripHeight).contains(y) {
        cells[(top + y) * width + x] = ink
      }
    }
    for x in stride(from: 0, to: width, by: 4) { set(x, stripHeight / 2, Extra.rule.rawValue) }
    func level(_ decision: Int) -> Int {
      stripHeight - 5 - Int((decisions[decision].probability * Double(stripHeight - 9)).rounded())
    }
    for index in max(0, now - width / 2 + 1)...max(0, now) where index < decisions.count {
      let x = width - 2 - 2 * (now - index)
      let reward = decisions[index].reward
      if reward != 0 {
        let ink = reward > 0 ? Extra.won : Extra.lost
        for y in 0..<stripHeight { set(x, y, ink.rawValue) }
      }
      let (a, b) = (level(max(0, index - 1)), level(index))
      for y in min(a, b)...max(a, b) + 1 {
        set(x, y, PongPicture.Ink.field.rawValue)
        if y >= b, y <= b + 1 { set(x + 1, y, PongPicture.Ink.field.rawValue) }
      }
    }
    // P(UP), three cells by five.
    let word = [
      "##. .# #.# ##. #.", "#.# #. #.# #.# .#", "##. #. #.# ##. .#", "#.. #. #.# #.. .#",
      "#.. .# ### #.. #.",
    ]
    for (row, line) in word.enumerated() {
      for (column, cell) in line.enumerated() where cell == "#" {
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
          set(4 + 2 * column + dx, 4 + 2 * row + dy, Extra.label.rawValue)
        }
      }
    }
  }
}
