// SPDX-License-Identifier: MIT

package import Artifacts
import Digest
package import Environments
import GymnasiumBridge

/// Plays Pong frame by frame, in the embedded game or on the real machine, to record whole games and
/// to compare recorded ones.
package final class PongTracer {
  /// Real Pong for two players, by PettingZoo's id.
  package static let twoPlayers = GymnasiumDescription.twoPlayerPong

  /// nil is the embedded game.
  private let real: GymnasiumWorker?
  private let environmentID: String
  /// The cartridge's number of the game that is recorded.
  private let number: UInt8
  private var embedded = PongGame()
  private var isOver = false

  /// - Parameter environmentID: `pong`, Pong by Gymnasium's id, as `gymnasium:ALE/Pong-v5`, or
  ///   `pettingzoo:pong_v3`.
  package init(environmentID: String = "pong") throws(EnvironmentError) {
    self.environmentID = environmentID
    number = environmentID == Self.twoPlayers ? 4 : 1
    let prefix = environmentID.hasPrefix(GymnasiumDescription.prefix)
    let id =
      prefix ? environmentID.dropFirst(GymnasiumDescription.prefix.count) : environmentID[...]
    real = environmentID == "pong" ? nil : try GymnasiumWorker(id: String(id))
    // No picture is needed; one pixel is the least that can be kept.
    if prefix { try real?.view(rows: [0], columns: [0]) }
  }

  /// Plays until someone has 21 points, or for so many frames.
  ///
  /// - Parameter kinds: who has the right paddle, and of two players the left one.
  package func record(
    _ kinds: [TracePlayer.Kind], seed: UInt32, frameLimit: Int = 108_000
  ) throws(EnvironmentError) -> TraceFile {
    var players = kinds.enumerated().map { i, kind in
      TracePlayer(kind, seed: seed, side: i == 0 ? .right : .left)
    }
    var queues = kinds.map { _ in [UInt8]() }
    let resetFrameCRC = try reset(number)
    var acts: [TraceFile.Act] = []
    // The players' picture of the game, some frames ahead of what has been recorded.
    var preview = embedded
    while !isOver && acts.count < frameLimit {
      var actions: [[UInt8]] = []
      while actions.count < min(Self.chunk, frameLimit - acts.count) {
        for i in players.indices where queues[i].isEmpty {
          queues[i] = players[i].actions(in: preview)
        }
        let frame = queues.indices.map { queues[$0].removeFirst() }
        _ = preview.act(frame)
        actions.append(frame)
      }
      acts += try act(actions)
    }
    return TraceFile(
      game: number, resetFrameCRC: resetFrameCRC, seed: seed,
      policyName: kinds.map(\.rawValue).joined(separator: "/"), acts: acts)
  }

  /// Plays a trace's actions and compares every act.
  ///
  /// - Returns: nil when all agrees; otherwise the first act that differs, with both states.
  package func firstDifference(from trace: TraceFile) throws(EnvironmentError) -> String? {
    guard real == nil || trace.game == number else {
      return "recorded of game \(trace.game); \(environmentID) plays game \(number)"
    }
    guard try reset(trace.game) == trace.resetFrameCRC else { return "the reset frame differs" }
    let known = PongEnvironment.actionNames.count
    var number = 0
    while number < trace.acts.count {
      let recorded = trace.acts[number...].prefix(Self.chunk)
      let played = try act(
        recorded.map(\.actions).prefix { $0.allSatisfy { $0 < known } })
      for (offset, expected) in recorded.enumerated() {
        number += 1
        if let action = expected.actions.first(where: { $0 >= known }) {
          return "act \(number): action \(action); allowed: 0 to 17"
        }
        guard offset < played.count else {
          return "act \(number): the \(real == nil ? "embedded" : "real") game is over"
        }
        if played[offset] != expected {
          let names = expected.actions.map { PongEnvironment.actionNames[Int($0)] }
          return """
            act \(number) (\(names.joined(separator: ", "))) differs
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
  private func reset(_ number: UInt8) throws(EnvironmentError) -> UInt32 {
    isOver = false
    embedded = PongGame(Int32(number))
    guard let real else { return CRC32.zlib.checksum(PongScreen.render(embedded)) }
    try real.reset(0, seed: 0)
    return try real.record(0, actions: []).before
  }

  /// Acts one after the other, each player's, at most until the game is over.
  private func act(_ actions: some Sequence<[UInt8]>) throws(EnvironmentError) -> [TraceFile.Act] {
    guard let real else {
      var acts: [TraceFile.Act] = []
      for frame in actions where !embedded.isOver {
        acts.append(TraceFile.Act(actions: frame, rewards: embedded.act(frame), embedded))
      }
      isOver = embedded.isOver
      return acts
    }
    let played = try real.record(0, actions: Array(actions))
    isOver = played.isOver
    // Where Pong keeps its state: addresses less 0x80, `docs/explain/pong.md`.
    return zip(actions, played.frames).map { actions, frame in
      let memory = frame.memory
      return TraceFile.Act(
        action: actions[0], reward: Int8(clamping: frame.rewards[0]), rightY: memory[0x33],
        leftY: memory[actions.count > 1 ? 0x32 : 0x15], ballX: memory[0x31], ballY: memory[0x36],
        leftScore: memory[0x0D], rightScore: memory[0x0E], frameCRC: frame.crc,
        second: actions.count > 1
          ? TraceFile.Second(
            action: actions[1], reward: Int8(clamping: frame.rewards[1]),
            serveTimer: memory[0x0B], liveFire: memory[0x43] < 128 ? 1 : 0) : nil)
    }
  }

  private static func shown(_ act: TraceFile.Act) -> String {
    let second = act.second.map {
      ", second reward \($0.reward), serve \($0.serveTimer), button \($0.liveFire)"
    }
    return """
      reward \(act.reward), right \(act.rightY), left \(act.leftY), ballX \(act.ballX), \
      ballY \(act.ballY), score \(act.leftScore):\(act.rightScore), frame \
      \(String(act.frameCRC, radix: 16))\(second ?? "")
      """
  }
}

extension PongGame {
  /// Acts by ALE's numbers of the actions, the right player's first; the rewards.
  mutating func act(_ actions: [UInt8]) -> (right: Int32, left: Int32) {
    let hands = actions.map { Hand(action: Int($0)) }
    return act(right: hands[0], left: hands.count > 1 ? hands[1] : Hand())
  }
}

extension TraceFile.Act {
  /// ALE's numbers, the right player's first.
  fileprivate var actions: [UInt8] { second.map { [action, $0.action] } ?? [action] }

  /// What stands in the embedded game after an act.
  init(actions: [UInt8], rewards: (right: Int32, left: Int32), _ game: PongGame) {
    self.init(
      action: actions[0], reward: Int8(clamping: rewards.right),
      rightY: UInt8(truncatingIfNeeded: game.rightY),
      leftY: UInt8(truncatingIfNeeded: game.leftY), ballX: UInt8(truncatingIfNeeded: game.ballX),
      ballY: UInt8(truncatingIfNeeded: game.ballY),
      leftScore: UInt8(truncatingIfNeeded: game.leftScore),
      rightScore: UInt8(truncatingIfNeeded: game.rightScore),
      frameCRC: CRC32.zlib.checksum(PongScreen.render(game)),
      second: game.hasTwoPlayers
        ? TraceFile.Second(
          action: actions[1], reward: Int8(clamping: rewards.left),
          serveTimer: UInt8(game.serveTimer), liveFire: game.liveFire ? 1 : 0) : nil)
  }
}
