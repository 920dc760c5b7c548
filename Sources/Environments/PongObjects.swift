// SPDX-License-Identifier: MIT

import Kernels

/// `observation.kind: objects`: where paddles and ball are and how they move, as eight numbers of
/// −1 to 1.
///
/// | | | scale |
/// |---|---|---|
/// | 0, 1 | the player's paddle: its middle, and its way since the last decision | 80 rows, 24 rows |
/// | 2, 3 | the computer's paddle: the same | |
/// | 4, 5 | the ball's middle: column, row | 80 columns, 80 rows |
/// | 6, 7 | the ball's velocity to the right, down | 4 columns a frame, 3 rows a frame |
///
/// Rows are counted down and columns to the right, from the middle of the field (row 114, column
/// 80). The ball's four are 0 while there is none; ways are 0 on an episode's first decision. The
/// computer's paddle waits above the field for a serve and then jumps; everything is cut to ±1.
struct PongObjects: PongView {
  let form = ObservationForm(.numbers, width: 8)
  private var values = SIMD8<Float>.zero

  mutating func look(at game: PongGame, isFirst: Bool) {
    let before = values
    values = .zero
    // Both paddles are 16 rows high; their middles as drawn (docs/explain/pong.md, 3.1).
    values[0] = Self.cut((Float(game.playerY + (game.playerY & 1)) - 6 - 114) / 80)
    values[2] = Self.cut((Float(game.robotY) - 7 - 114) / 80)
    if !isFirst {
      values[1] = Self.cut((values[0] - before[0]) * 80 / 24)
      values[3] = Self.cut((values[2] - before[2]) * 80 / 24)
    }
    guard game.ballY != 0, !game.isResetFrame else { return }
    let column = (Int(game.ballX) - 49 + 160) % 160
    values[4] = Self.cut((Float(column) + 1 - 80) / 80)
    values[5] = Self.cut((Float(game.ballY) - 12 - 114) / 80)
    values[6] = -Float(game.velocityX) / 4
    values[7] = Float(game.velocityY) / 3
  }

  private static func cut(_ value: Float) -> Float { max(-1, min(1, value)) }

  func observe(into numbers: inout [Float]) {
    for i in 0..<8 { numbers.append(values[i]) }
  }
}
