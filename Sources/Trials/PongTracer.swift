// SPDX-License-Identifier: MIT

package import Artifacts
import Digest
package import Environments
import GymnasiumBridge

/// Plays Pong frame by frame, in the embedded game or on the real machine, to record whole games and
/// to compare recorded ones.
package final class PongTracer {
  /// nil is the embedded game.
  private let real: GymnasiumWorker?
  private var embedded = PongGame()
  private var isOver = false

  /// - Parameter environmentID: `pong`, or Pong by Gymnasium's id, `gymnasium:ALE/Pong-v5`.
  package init(environmentID: String = "pong") throws(EnvironmentError) {
    let id = environmentID.dropFirst(GymnasiumDescription.prefix.count)
    real = environmentID == "pong" ? nil : try GymnasiumWorker(id: String(id))
    // No picture is needed; one pixel is the least that can be kept.
    try real?.view(rows: [0], columns: [0])
  }

  /// Plays until someone has 21 points, or for so many frames.
  package func record(
    _ kind: TracePlayer.Kind, seed: UInt32, frameLimit: Int = 108_000
  ) throws(EnvironmentError) -> TraceFile {
    var player = TracePlayer(kind, seed: seed)
    let resetFrameCRC = try reset()
    var acts: [TraceFile.Act] = []
    // The player's picture of the game, some frames ahead of what has been recorded.
    var preview = PongGame()
    while !isOver && acts.count < frameLimit {
      var actions: [UInt8] = []
      while actions.count < min(Self.chunk, frameLimit - acts.count) {
        let chosen = player.actions(in: preview)
        for action in chosen { _ = preview.act(action) }
        actions += chosen
      }
      acts += try act(Array(actions.prefix(frameLimit - acts.count)))
    }
    return TraceFile(
      resetFrameCRC: resetFrameCRC, seed: seed, policyName: kind.rawValue, acts: acts)
  }

  /// Plays a trace's actions and compares every act.
  ///
  /// - Returns: nil when all agrees; otherwise the first act that differs, with both states.
  package func firstDifference(from trace: TraceFile) throws(EnvironmentError) -> String? {
    guard try reset() == trace.resetFrameCRC else { return "the reset frame differs" }
    var number = 0
    while number < trace.acts.count {
      let recorded = trace.acts[number...].prefix(Self.chunk)
      let played = try act(
        recorded.map(\.action).prefix { $0 < PongEnvironment.actionNames.count })
      for (offset, expected) in recorded.enumerated() {
        number += 1
        guard expected.action < PongEnvironment.actionNames.count else {
          return "act \(number): action \(expected.action); allowed: 0 to 17"
        }
        guard offset < played.count else {
          return "act \(number): the \(real == nil ? "embedded" : "real") game is over"
        }
        if played[offset] != expected {
          return """
            act \(number) (\(PongEnvironment.actionNames[Int(expected.action)])) differs
              recorded  \(Self.shown(expected))
              \(real == nil ? "embedded" : "real    ")  \(Self.shown(played[offset]))
            """
        }
      }
    }
    return nil
  }

  /// Acts that are asked for at a time.
  private static let chunk = 1000

  /// Begins a game.
  ///
  /// - Returns: CRC-32 of its first frame.
  private func reset() throws(EnvironmentError) -> UInt32 {
    isOver = false
    embedded = PongGame()
    guard let real else { return CRC32.zlib.checksum(PongScreen.render(embedded)) }
    try real.reset(0, seed: 0)
    return try real.record(0, actions: []).before
  }

  /// Acts one after the other, at most until the game is over.
  private func act(_ actions: [UInt8]) throws(EnvironmentError) -> [TraceFile.Act] {
    guard let real else {
      var acts: [TraceFile.Act] = []
      for action in actions where !embedded.isOver {
        acts.append(TraceFile.Act(action: action, reward: embedded.act(action), embedded))
      }
      isOver = embedded.isOver
      return acts
    }
    let played = try real.record(0, actions: actions)
    isOver = played.isOver
    // Where Pong keeps its state: addresses less 0x80, `docs/explain/pong.md`.
    return zip(actions, played.frames).map { action, frame in
      TraceFile.Act(
        action: action, reward: Int8(clamping: frame.reward), playerY: frame.memory[0x33],
        robotY: frame.memory[0x15], ballX: frame.memory[0x31], ballY: frame.memory[0x36],
        computerScore: frame.memory[0x0D], playerScore: frame.memory[0x0E], frameCRC: frame.crc)
    }
  }

  private static func shown(_ act: TraceFile.Act) -> String {
    """
    reward \(act.reward), playerY \(act.playerY), robotY \(act.robotY), ballX \(act.ballX), \
    ballY \(act.ballY), computer \(act.computerScore), player \(act.playerScore), frame \
    \(String(act.frameCRC, radix: 16))
    """
  }
}

extension PongGame {
  /// Acts by ALE's number of an action; the reward.
  mutating func act(_ action: UInt8) -> Int32 {
    let (move, fire) = PongEnvironment.meaning(ofAction: Int(action))
    return act(move, fire: fire)
  }
}

extension TraceFile.Act {
  /// What stands in the embedded game after an act.
  init(action: UInt8, reward: Int32, _ game: PongGame) {
    self.init(
      action: action, reward: Int8(clamping: reward),
      playerY: UInt8(truncatingIfNeeded: game.playerY),
      robotY: UInt8(truncatingIfNeeded: game.robotY), ballX: UInt8(truncatingIfNeeded: game.ballX),
      ballY: UInt8(truncatingIfNeeded: game.ballY),
      computerScore: UInt8(truncatingIfNeeded: game.computerScore),
      playerScore: UInt8(truncatingIfNeeded: game.playerScore),
      frameCRC: CRC32.zlib.checksum(PongScreen.render(game)))
  }
}
