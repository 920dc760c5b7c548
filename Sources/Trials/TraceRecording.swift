// SPDX-License-Identifier: MIT

package import Artifacts
package import Environments
import GymnasiumBridge

/// Records whole games of the real Pong, frame by frame, for `trace check`.
package final class TraceRecorder {
  private let witness: GameWitness

  /// - Parameter id: Gymnasium's id of Pong, such as `ALE/Pong-v5`.
  package init(id: String) throws(EnvironmentError) { witness = try GameWitness(id: id) }

  /// Plays until someone has 21 points, or for so many frames.
  package func record(
    _ kind: TracePlayer.Kind, seed: UInt32, frameLimit: Int = 108_000
  ) throws(EnvironmentError) -> TraceFile {
    var player = TracePlayer(kind, seed: seed)
    try witness.reset()
    let resetFrameCRC = witness.frameCRC
    var acts: [TraceFile.Act] = []
    // The player's picture of the game, some frames ahead of what has been recorded.
    var preview = PongGame()
    while !witness.isOver && acts.count < frameLimit {
      var actions: [UInt8] = []
      while actions.count < min(Self.chunk, frameLimit - acts.count) {
        let chosen = player.actions(in: preview)
        for action in chosen {
          let (move, fire) = PongEnvironment.meaning(ofAction: Int(action))
          _ = preview.act(move, fire: fire)
        }
        actions += chosen
      }
      acts += try witness.act(Array(actions.prefix(frameLimit - acts.count))).map(Self.act)
    }
    return TraceFile(
      resetFrameCRC: resetFrameCRC, seed: seed,
      finalScores: (acts.last?.computerScore ?? 0, acts.last?.playerScore ?? 0),
      policyName: kind.rawValue, acts: acts)
  }

  /// Acts that are asked for at a time.
  private static let chunk = 1000

  /// Where Pong keeps its state: addresses less 0x80, `docs/explain/pong.md`.
  private static func act(_ sight: GameWitness.Sight) -> TraceFile.Act {
    TraceFile.Act(
      action: sight.action, reward: Int8(clamping: sight.reward), playerY: sight.memory[0x33],
      robotY: sight.memory[0x15], ballX: sight.memory[0x31], ballY: sight.memory[0x36],
      computerScore: sight.memory[0x0D], playerScore: sight.memory[0x0E],
      frameCRC: sight.frameCRC)
  }
}
