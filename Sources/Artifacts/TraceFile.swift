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
  }

  package let resetFrameCRC: UInt32
  package let seed: UInt32
  package let finalScores: (computer: UInt8, player: UInt8)
  package let policyName: String
  package let acts: [Act]

  /// Reads a file's bytes.
  package init(decoding file: [UInt8], path: String) throws(ArtifactError) {
    guard file.count >= 64, file.starts(with: Array("PONGTRC1".utf8)) else {
      throw .init(
        .notThisFormat, path: path, detail: "not a Pong trace: it does not begin with PONGTRC1")
    }
    func word(_ place: Int) -> UInt32 {
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(file[place + $1]) << (8 * UInt32($1)) }
    }
    let count = Int(word(8))
    guard file.count == 64 + 12 * count else {
      throw .init(
        .truncated, path: path,
        detail: "\(file.count) bytes; its header speaks of \(count) acts, \(64 + 12 * count) bytes")
    }
    resetFrameCRC = word(12)
    seed = word(16)
    finalScores = (file[20], file[21])
    policyName = String(decoding: file[32..<64].prefix { $0 != 0 }, as: UTF8.self)
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

  package static func == (a: TraceFile, b: TraceFile) -> Bool {
    a.acts == b.acts && a.resetFrameCRC == b.resetFrameCRC && a.seed == b.seed
      && a.finalScores == b.finalScores && a.policyName == b.policyName
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(acts) }
}
