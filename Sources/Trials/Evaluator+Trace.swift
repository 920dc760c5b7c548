// SPDX-License-Identifier: MIT

package import Artifacts
import Digest
package import Environments

extension Evaluator {
  /// Plays evaluation episode `number` in the embedded Pong and keeps every frame as a trace, whose
  /// actions can be played on the real machine.
  ///
  /// - Returns: nil where the environment is not the embedded Pong.
  package func trace(_ number: Int) throws(EnvironmentError) -> TraceFile? {
    guard let pong = environment.innermost as? PongEnvironment else { return nil }
    var acts: [TraceFile.Act] = []
    var resetFrameCRC: UInt32 = 0
    var difference: Int32 = 0
    var isReset = true
    pong.onFrame = { [unowned pong] game in
      let crc = CRC32.checksum(PongScreen.render(game))
      defer { difference = game.playerScore - game.computerScore }
      if isReset {
        (isReset, resetFrameCRC) = (false, crc)
        return
      }
      acts.append(
        TraceFile.Act(
          action: pong.heldAction,
          reward: Int8(clamping: game.playerScore - game.computerScore - difference),
          playerY: UInt8(truncatingIfNeeded: game.playerY),
          robotY: UInt8(truncatingIfNeeded: game.robotY),
          ballX: UInt8(truncatingIfNeeded: game.ballX),
          ballY: UInt8(truncatingIfNeeded: game.ballY),
          computerScore: UInt8(truncatingIfNeeded: game.computerScore),
          playerScore: UInt8(truncatingIfNeeded: game.playerScore), frameCRC: crc))
    }
    defer { pong.onFrame = nil }
    _ = try play(number)
    return TraceFile(
      resetFrameCRC: resetFrameCRC, seed: UInt32(truncatingIfNeeded: number),
      finalScores: (acts.last?.computerScore ?? 0, acts.last?.playerScore ?? 0),
      policyName: "checkpoint", acts: acts)
  }
}
