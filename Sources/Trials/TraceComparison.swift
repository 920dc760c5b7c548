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
    let crc = CRC32.checksum(PongScreen.render(game))
    let found = [
      Int(reward), Int(game.playerY), Int(game.robotY), Int(game.ballX), Int(game.ballY),
      Int(game.computerScore), Int(game.playerScore), Int(crc),
    ]
    let recorded = [
      Int(act.reward), Int(act.playerY), Int(act.robotY), Int(act.ballX), Int(act.ballY),
      Int(act.computerScore), Int(act.playerScore), Int(act.frameCRC),
    ]
    if found != recorded {
      return """
        act \(index + 1) (\(PongEnvironment.actionNames[Int(act.action)])) differs
          recorded  \(described(recorded))
          embedded  \(described(found))
        """
    }
  }
  return nil
}

private func described(_ values: [Int]) -> String {
  let names = ["reward", "playerY", "robotY", "ballX", "ballY", "computer", "player"]
  let state = zip(names, values).map { "\($0) \($1)" }.joined(separator: ", ")
  return "\(state), frame \(String(values[7], radix: 16))"
}
