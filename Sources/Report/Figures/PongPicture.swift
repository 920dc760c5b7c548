// SPDX-License-Identifier: MIT

package import Artifacts
package import Plotting

/// One frame of Pong as the game shows it, 160 columns by 210 rows, painted from what a replay
/// holds.
package enum PongPicture {
  package static let width = 160
  package static let height = 210

  /// The colours of ordinary play, in the order of their numbers.
  enum Ink: UInt8, CaseIterable {
    case background, field, computer, player, black, gaze

    var rgb: [UInt8] {
      switch self {
      case .background: [144, 72, 17]
      case .field: [236, 236, 236]
      case .computer: [213, 130, 74]
      case .player: [92, 186, 92]
      case .black: [0, 0, 0]
      case .gaze: [255, 224, 102]
      }
    }
  }

  /// Five rows of three cells for each digit.
  private static let glyphs: [[[Character]]] = [
    ["###", "#.#", "#.#", "#.#", "###"], [".#.", ".#.", ".#.", ".#.", ".#."],
    ["###", "..#", "###", "#..", "###"], ["###", "..#", ".##", "..#", "###"],
    ["#.#", "#.#", "###", "..#", "..#"], ["###", "#..", "###", "..#", "###"],
    ["#..", "#..", "###", "#.#", "###"], ["###", "..#", "..#", "..#", "..#"],
    ["###", "#.#", "###", "#.#", "###"], ["###", "#.#", "###", "..#", "..#"],
  ].map { $0.map(Array.init) }

  /// The empty field with its walls.
  private static let empty: [UInt8] = {
    var cells = [UInt8](repeating: Ink.background.rawValue, count: width * height)
    for row in Array(24..<34) + Array(194..<210) {
      for column in 0..<width { cells[row * width + column] = Ink.field.rawValue }
    }
    for column in 0..<8 { cells[column] = Ink.black.rawValue }
    return cells
  }()

  /// The window through which a decision was made, as its rows and columns.
  package typealias Window = (rows: Range<Int>, columns: Range<Int>)

  /// The frame's pixels as RGB.
  package static func image(_ frame: ReplayFile.Frame, _ window: Window? = nil) -> PixelImage {
    let colours = Ink.allCases.map(\.rgb)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * height * 3)
    for ink in inks(frame, window) { bytes += colours[Int(ink)] }
    return PixelImage(width: width, height: height, format: .rgb, bytes: bytes)
  }

  /// The frame's pixels as numbers of inks, row by row, with a window's edge.
  static func inks(_ frame: ReplayFile.Frame, _ window: Window? = nil) -> [UInt8] {
    var cells = empty
    func box(_ ink: Ink, columns: Range<Int>, rows: Range<Int>) {
      for row in rows.clamped(to: 0..<height) {
        for column in columns { cells[row * width + column] = ink.rawValue }
      }
    }
    func digit(_ ink: Ink, _ value: Int, left: Int) {
      for (r, cells) in glyphs[value % 10].enumerated() {
        for (c, cell) in cells.enumerated() where cell == "#" {
          box(ink, columns: left + 4 * c..<left + 4 * c + 4, rows: 1 + 4 * r..<5 + 4 * r)
        }
      }
    }
    func score(_ ink: Ink, _ value: UInt8, left: Int) {
      digit(ink, Int(value), left: left)
      if value > 9 { digit(ink, Int(value) / 10, left: left - 16) }
    }
    score(.computer, frame.computerScore, left: 36)
    score(.player, frame.playerScore, left: 116)
    for object in objects(frame) {
      // Walls hide what is behind them.
      box(object.ink, columns: object.columns, rows: object.rows.clamped(to: 34..<194))
    }
    if let (rows, columns) = window {
      for edge in [rows.prefix(1), rows.suffix(1)] { box(.gaze, columns: columns, rows: edge) }
      for edge in [columns.prefix(1), columns.suffix(1)] { box(.gaze, columns: edge, rows: rows) }
    }
    return cells
  }

  /// What moves, in the order of painting.
  struct Object {
    let ink: Ink
    let columns: Range<Int>
    /// Rows of the screen, some of them perhaps behind the walls.
    let rows: Range<Int>
  }

  static func objects(_ frame: ReplayFile.Frame) -> [Object] {
    let top = Int(frame.playerY) + Int(frame.playerY & 1) - 14
    let robotTop = max(25, Int(frame.robotY) - 15)
    var found = [
      Object(ink: .player, columns: 140..<144, rows: top..<max(top, min(206, top + 16))),
      Object(
        ink: .computer, columns: 16..<20, rows: robotTop..<max(robotTop, Int(frame.robotY) + 1)),
    ]
    guard frame.ballY > 0 else { return found }
    for (place, bits) in [(0, frame.lift), (1, frame.lift >> 2)] {
      let column = (Int(frame.ballX) - 49 + place + 2 * width) % width
      let first = Int(frame.ballY) - 14 - Int(bits & 1)
      let end = Int(frame.ballY) - 10 - Int(bits >> 1 & 1)
      found.append(Object(ink: .field, columns: column..<column + 1, rows: first..<max(first, end)))
    }
    return found
  }

  /// The post's preprocessing of the frame: which of the 80 × 80 sampled pixels (rows 35, 37, …
  /// 193, columns 0, 2, … 158) are lit, as `80 · row + column`, rising.
  package static func litPixels(_ frame: ReplayFile.Frame) -> [Int] {
    var lit: Set<Int> = []
    for object in objects(frame) {
      for column in object.columns where column % 2 == 0 {
        for row in object.rows where row % 2 == 1 && (35...193).contains(row) {
          lit.insert((row - 35) / 2 * 80 + column / 2)
        }
      }
    }
    return lit.sorted()
  }
}

extension ReplayFile {
  /// The window through which a decision was made; nil where all of the picture is seen.
  func window(at decision: Int) -> PongPicture.Window? {
    guard let size = header.window, decisions.indices.contains(decision),
      let gaze = decisions[decision].gaze
    else { return nil }
    let (top, left) = (Int(gaze.top), Int(gaze.left))
    return (top..<top + size.height, left..<left + size.width)
  }
}
