// SPDX-License-Identifier: MIT

/// A whole game recorded from the real machine, act by act (`*.pongtrace`).
///
/// Little endian: a 64-byte header ("PONGTRC1", act count, CRC-32 of the reset frame, the policy's
/// seed, the final scores, the policy's name), then 12 bytes per act. Documented in
/// `docs/explain/pong.md`.
package struct TraceFile: Hashable, Sendable {
  /// One act (one frame): the action, and what stood after it.
  package struct Act: Hashable, Sendable {
    /// ALE's number, 0..17.
    package let action: UInt8
    package let reward: Int8
    package let playerY: UInt8
    package let robotY: UInt8
    package let ballX: UInt8
    package let ballY: UInt8
    package let computerScore: UInt8
    package let playerScore: UInt8
    /// zlib's CRC-32 over the 210·160 palette indices, row by row.
    package let frameCRC: UInt32

    package init(
      action: UInt8, reward: Int8, playerY: UInt8, robotY: UInt8, ballX: UInt8, ballY: UInt8,
      computerScore: UInt8, playerScore: UInt8, frameCRC: UInt32
    ) {
      self.action = action
      self.reward = reward
      self.playerY = playerY
      self.robotY = robotY
      self.ballX = ballX
      self.ballY = ballY
      self.computerScore = computerScore
      self.playerScore = playerScore
      self.frameCRC = frameCRC
    }
  }

  package struct Scores: Hashable, Sendable {
    package let computer: UInt8
    package let player: UInt8
  }

  package let resetFrameCRC: UInt32
  package let seed: UInt32
  package let finalScores: Scores
  package let policyName: String
  package let acts: [Act]

  /// A trace with the scores of its last act.
  ///
  /// - Parameter policyName: at most 32 bytes of ASCII.
  package init(resetFrameCRC: UInt32, seed: UInt32, policyName: String, acts: [Act]) {
    (self.resetFrameCRC, self.seed) = (resetFrameCRC, seed)
    (self.policyName, self.acts) = (policyName, acts)
    finalScores = Scores(
      computer: acts.last?.computerScore ?? 0, player: acts.last?.playerScore ?? 0)
  }

  /// The file's bytes.
  package func encoded() -> [UInt8] {
    func bytes(_ word: UInt32) -> [UInt8] { littleEndian(word, count: 4) }
    var file = Array("PONGTRC1".utf8) + bytes(UInt32(acts.count)) + bytes(resetFrameCRC)
    file += bytes(seed) + [finalScores.computer, finalScores.player]
    file += [UInt8](repeating: 0, count: 10) + policyName.utf8.prefix(32)
    file += [UInt8](repeating: 0, count: 64 - file.count)
    file.reserveCapacity(64 + 12 * acts.count)
    for act in acts {
      file += [act.action, UInt8(bitPattern: act.reward), act.playerY, act.robotY]
      file += [act.ballX, act.ballY, act.computerScore, act.playerScore]
      file += bytes(act.frameCRC)
    }
    return file
  }

  /// Reads a file's bytes.
  package init(decoding file: [UInt8], path: String) throws(ArtifactError) {
    guard file.count >= 64, file.starts(with: Array("PONGTRC1".utf8)) else {
      throw .init(
        .notThisFormat, path: path, detail: "not a Pong trace: it does not begin with PONGTRC1")
    }
    func word(_ place: Int) -> UInt32 { UInt32(file.littleEndian(at: place, count: 4)) }
    let count = Int(word(8))
    guard file.count == 64 + 12 * count else {
      throw .init(
        .truncated, path: path,
        detail: "\(file.count) bytes; its header says \(count) acts, \(64 + 12 * count) bytes")
    }
    resetFrameCRC = word(12)
    seed = word(16)
    finalScores = Scores(computer: file[20], player: file[21])
    let name = file[32..<64].prefix { $0 != 0 }
    guard let policyName = String(validating: name, as: UTF8.self) else {
      throw .init(.damaged, path: path, detail: "the policy's name is no UTF-8: \(Array(name))")
    }
    self.policyName = policyName
    acts = (0..<count).map { i in
      let p = 64 + 12 * i
      return Act(
        action: file[p], reward: Int8(bitPattern: file[p + 1]), playerY: file[p + 2],
        robotY: file[p + 3], ballX: file[p + 4], ballY: file[p + 5], computerScore: file[p + 6],
        playerScore: file[p + 7], frameCRC: word(p + 8))
    }
  }

  /// Reads the file at `path`.
  package init(contentsOf path: String) throws(ArtifactError) {
    try self.init(decoding: readFileBytes(path), path: path)
  }
}
