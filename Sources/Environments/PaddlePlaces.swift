// SPDX-License-Identifier: MIT

/// Where a paddle can be: for each place a number, shared by all heights at which the same pixels
/// are lit; a place without any is number 0.
final class PaddlePlaces: Sendable {
  static let robotColumn = 8
  static let playerColumn = 70
  /// Made once; whoever asks often keeps it.
  static let shared = PaddlePlaces()

  /// The number of the place, by the paddle's height in the game, 0 to 255.
  let robot: [UInt8]
  let player: [UInt8]
  /// The lit rows, by number; each paddle is two columns wide.
  let runs: [PixelRun]
  /// The lit pixels, by number.
  let pixels: [[UInt16]]

  private init() {
    var runs = [PixelRun()]
    var pixels: [[UInt16]] = [[]]
    func place(_ run: PixelRun, _ column: Int) -> UInt8 {
      guard run.start < run.end else { return 0 }
      let lit = [column, column + 1].flatMap { column in
        (run.start..<run.end).map { UInt16(Int($0) * PongVision.side + column) }
      }
      if let known = pixels.firstIndex(of: lit) { return UInt8(known) }
      runs.append(run)
      pixels.append(lit)
      return UInt8(pixels.count - 1)
    }
    robot = (0..<256).map {
      place(PixelRun(screenRows: PongGeometry.robotRows($0)), Self.robotColumn)
    }
    player = (0..<256).map {
      place(PixelRun(screenRows: PongGeometry.playerRows($0)), Self.playerColumn)
    }
    (self.runs, self.pixels) = (runs, pixels)
  }
}
