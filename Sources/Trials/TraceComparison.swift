// SPDX-License-Identifier: MIT

package import Artifacts
import Digest
import Environments

/// Plays a recorded game's actions in the embedded game and compares every act.
///
/// - Returns: nil when all agrees; otherwise the first act that differs, with both states.
package func firstDifference(from trace: TraceFile) -> String? {
  var game = PongGame()
  guard CRC32.checksum(PongScreen.render(game)) == trace.resetFrameCRC else {
    return "the reset frame differs"
  }
  for (index, act) in trace.acts.enumerated() {
    guard act.action < PongEnvironment.actionNames.count else {
      return "act \(index + 1): action \(act.action); allowed: 0 to 17"
    }
    let (move, fire) = PongEnvironment.meaning(ofAction: Int(act.action))
    let reward = game.act(move, fire: fire)
    let found = TraceFile.Act(
      action: act.action, reward: Int8(clamping: reward),
      playerY: UInt8(truncatingIfNeeded: game.playerY),
      robotY: UInt8(truncatingIfNeeded: game.robotY), ballX: UInt8(truncatingIfNeeded: game.ballX),
      ballY: UInt8(truncatingIfNeeded: game.ballY),
      computerScore: UInt8(truncatingIfNeeded: game.computerScore),
      playerScore: UInt8(truncatingIfNeeded: game.playerScore),
      frameCRC: CRC32.checksum(PongScreen.render(game)))
    if found != act {
      return differenceSentence(act: index + 1, recorded: act, "embedded", found)
    }
  }
  return nil
}

/// The first act that differs, with both states.
func differenceSentence(
  act number: Int, recorded: TraceFile.Act, _ name: String, _ found: TraceFile.Act
) -> String {
  let label = name + String(repeating: " ", count: max(0, 8 - name.count))
  return """
    act \(number) (\(PongEnvironment.actionNames[Int(recorded.action)])) differs
      recorded  \(described(recorded))
      \(label)  \(described(found))
    """
}

private func described(_ act: TraceFile.Act) -> String {
  """
  reward \(act.reward), playerY \(act.playerY), robotY \(act.robotY), ballX \(act.ballX), \
  ballY \(act.ballY), computer \(act.computerScore), player \(act.playerScore), frame \
  \(String(act.frameCRC, radix: 16))
  """
}
