// SPDX-License-Identifier: MIT

package import Environments

/// An Atari game played frame by frame on ALE, with all that can be seen of the machine.
package final class AtariGame {
  /// What stands after one act, one frame.
  package struct Frame {
    /// ALE's number of the action.
    package let action: UInt8
    package let reward: Int
    /// zlib's CRC-32 over the screen's palette indices, row by row.
    package let frameCRC: UInt32
    /// The machine's 128 bytes, from address 0x80.
    package let memory: [UInt8]
  }

  private let worker: GymnasiumWorker
  /// Whether the game is over.
  package private(set) var isOver = false

  /// - Parameter id: Gymnasium's, such as `ALE/Pong-v5`; its skip and stickiness do not count here.
  package init(id: String) throws(EnvironmentError) {
    worker = try GymnasiumWorker(id: id)
    // No picture is needed; one pixel is the least that can be kept.
    try worker.view(rows: [0], columns: [0])
  }

  /// Begins a game.
  ///
  /// - Returns: CRC-32 of the frame that is then shown.
  package func reset() throws(EnvironmentError) -> UInt32 {
    try worker.reset(0, seed: 0)
    return try play([]).lastFrameCRC
  }

  /// Takes actions one after the other, at most until the game is over.
  package func act(_ actions: [UInt8]) throws(EnvironmentError) -> [Frame] {
    try play(actions).frames
  }

  private func play(
    _ actions: [UInt8]
  ) throws(EnvironmentError) -> (frames: [Frame], lastFrameCRC: UInt32) {
    let reply = try worker.record(0, actions: actions)
    let size = 136
    let count = (reply.count - 8) / size
    guard reply.count == 8 + count * size, count <= actions.count else {
      throw worker.nonsense(
        found: "\(reply.count) bytes for \(actions.count) acts", allowed: "136 for each", at: 0)
    }
    let frames = (0..<count).map { i in
      let bytes = reply[(8 + i * size)...].prefix(size)
      return Frame(
        action: actions[i], reward: Int(Int32(bitPattern: bytes.word(at: 0))),
        frameCRC: bytes.word(at: 4), memory: Array(bytes.dropFirst(8)))
    }
    isOver = reply[0] != 0
    return (frames, reply.word(at: 4))
  }
}
