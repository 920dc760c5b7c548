// SPDX-License-Identifier: MIT

package import Environments

/// An Atari game played frame by frame on ALE, with all that can be seen of the machine.
package final class GameWitness {
  /// What stands after one act, one frame.
  package struct Sight: Hashable, Sendable {
    /// ALE's number of the action.
    package let action: UInt8
    package let reward: Int
    /// zlib's CRC-32 over the screen's palette indices, row by row.
    package let frameCRC: UInt32
    /// The machine's 128 bytes, from address 0x80.
    package let memory: [UInt8]
  }

  private let worker: GymnasiumWorker
  /// CRC-32 of the frame now shown.
  package private(set) var frameCRC: UInt32 = 0
  /// Whether the game is over.
  package private(set) var isOver = false
  /// Names of ALE's actions by number.
  package var actionNames: [String] { worker.facts.actions }
  /// Numbers of the actions that the game uses.
  package var ownActions: [Int] { worker.facts.ownActions }

  /// - Parameter id: Gymnasium's, such as `ALE/Pong-v5`; its skip and stickiness do not count here.
  package init(
    id: String, python: [String]? = nil, logPath: String? = nil
  ) throws(EnvironmentError) {
    worker = try GymnasiumWorker(id: id, python: python, logPath: logPath)
    // No picture is needed; one pixel is the least that can be kept.
    try worker.view(rows: [0], columns: [0])
  }

  /// Begins a game.
  package func reset() throws(EnvironmentError) {
    try worker.reset(0, seed: 0)
    _ = try act([])
  }

  /// Takes actions one after the other, at most until the game is over.
  package func act(_ actions: [UInt8]) throws(EnvironmentError) -> [Sight] {
    let reply = try worker.witness(0, actions: actions)
    let count = (reply.count - 8) / Self.recordBytes
    guard reply.count == 8 + count * Self.recordBytes, count <= actions.count else {
      throw worker.nonsense(
        found: "\(reply.count) bytes for \(actions.count) acts", allowed: "136 for each")
    }
    let sights = (0..<count).map { i in
      let record = reply[(8 + i * Self.recordBytes)...].prefix(Self.recordBytes)
      return Sight(
        action: actions[i], reward: Int(Int32(bitPattern: record.word(at: 0))),
        frameCRC: record.word(at: 4), memory: Array(record.dropFirst(8)))
    }
    isOver = reply[0] != 0
    frameCRC = sights.last?.frameCRC ?? reply.word(at: 4)
    return sights
  }

  private static let recordBytes = 136
}
