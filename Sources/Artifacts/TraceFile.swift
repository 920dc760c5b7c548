// SPDX-License-Identifier: MIT

/// A whole game recorded from the real machine, act by act (`*.pongtrace`, `*.pongtrace2`).
///
/// Little endian: a 64-byte header, then 12 bytes per act of a game against the computer, 16 of one
/// of two players. Documented in `docs/explain/pong.md`, section 9.
package struct TraceFile: Hashable, Sendable {
  /// One act (one frame): the actions, and what stood after it.
  package struct Act: Hashable, Sendable {
    /// ALE's number, 0..17.
    package let action: UInt8
    package let reward: Int8
    package let rightY: UInt8
    package let leftY: UInt8
    package let ballX: UInt8
    package let ballY: UInt8
    package let leftScore: UInt8
    package let rightScore: UInt8
    /// zlib's CRC-32 over the 210·160 palette indices, row by row.
    package let frameCRC: UInt32
    /// nil where the computer has the left paddle.
    package let second: Second?

    package init(
      action: UInt8, reward: Int8, rightY: UInt8, leftY: UInt8, ballX: UInt8, ballY: UInt8,
      leftScore: UInt8, rightScore: UInt8, frameCRC: UInt32, second: Second? = nil
    ) {
      self.action = action
      self.reward = reward
      self.rightY = rightY
      self.leftY = leftY
      self.ballX = ballX
      self.ballY = ballY
      self.leftScore = leftScore
      self.rightScore = rightScore
      self.frameCRC = frameCRC
      self.second = second
    }
  }

  /// What only a game of two players has.
  package struct Second: Hashable, Sendable {
    /// The left player's.
    package let action: UInt8
    package let reward: Int8
    package let serveTimer: UInt8
    /// 0 or 1.
    package let liveFire: UInt8

    package init(action: UInt8, reward: Int8, serveTimer: UInt8, liveFire: UInt8) {
      (self.action, self.reward) = (action, reward)
      (self.serveTimer, self.liveFire) = (serveTimer, liveFire)
    }
  }

  package struct Scores: Hashable, Sendable {
    package let left: UInt8
    package let right: UInt8
  }

  /// The cartridge's number of the game: 1, or of two players 3 and 4.
  package let game: UInt8
  package let resetFrameCRC: UInt32
  package let seed: UInt32
  package let finalScores: Scores
  package let policyName: String
  package let acts: [Act]

  private static let marks = (one: Array("PONGTRC1".utf8), two: Array("PONGTRC2".utf8))

  /// A trace with the scores of its last act.
  ///
  /// - Parameters:
  ///   - policyName: at most 32 bytes of ASCII; of two players, with a / between them.
  ///   - acts: all with a second player where `game` has one.
  package init(
    game: UInt8 = 1, resetFrameCRC: UInt32, seed: UInt32, policyName: String, acts: [Act]
  ) {
    self.game = game
    (self.resetFrameCRC, self.seed) = (resetFrameCRC, seed)
    (self.policyName, self.acts) = (policyName, acts)
    finalScores = Scores(left: acts.last?.leftScore ?? 0, right: acts.last?.rightScore ?? 0)
  }

  /// The file's bytes.
  package func encoded() -> [UInt8] {
    func bytes(_ word: UInt32) -> [UInt8] { littleEndian(word, count: 4) }
    var file = game > 2 ? Self.marks.two : Self.marks.one
    file += bytes(UInt32(acts.count)) + bytes(resetFrameCRC)
    file += bytes(seed) + [finalScores.left, finalScores.right, game > 2 ? game : 0]
    file += [UInt8](repeating: 0, count: 9) + policyName.utf8.prefix(32)
    file += [UInt8](repeating: 0, count: 64 - file.count)
    file.reserveCapacity(64 + 16 * acts.count)
    for act in acts {
      let (reward, second) = (UInt8(bitPattern: act.reward), act.second)
      file +=
        second.map { [act.action, $0.action, reward, UInt8(bitPattern: $0.reward)] }
        ?? [act.action, reward]
      file += [act.rightY, act.leftY, act.ballX, act.ballY, act.leftScore, act.rightScore]
      file += second.map { [$0.serveTimer, $0.liveFire] } ?? []
      file += bytes(act.frameCRC)
    }
    return file
  }

  /// Reads a file's bytes.
  package init(decoding file: [UInt8], path: String) throws(ArtifactError) {
    let isOfTwo = file.starts(with: Self.marks.two)
    guard file.count >= 64, isOfTwo || file.starts(with: Self.marks.one) else {
      throw .init(
        .notThisFormat, path: path,
        detail: "not a Pong trace: it does not begin with PONGTRC1 or PONGTRC2")
    }
    func word(_ place: Int) -> UInt32 { UInt32(file.littleEndian(at: place, count: 4)) }
    let count = Int(word(8))
    let size = isOfTwo ? 16 : 12
    guard file.count == 64 + size * count else {
      throw .init(
        .truncated, path: path,
        detail: "\(file.count) bytes; its header says \(count) acts, \(64 + size * count) bytes")
    }
    game = isOfTwo ? file[22] : 1
    guard !isOfTwo || [3, 4].contains(game) else {
      throw .init(
        .damaged, path: path, detail: "its game of two players is number \(game); allowed: 3, 4")
    }
    resetFrameCRC = word(12)
    seed = word(16)
    finalScores = Scores(left: file[20], right: file[21])
    let name = file[32..<64].prefix { $0 != 0 }
    guard let policyName = String(validating: name, as: UTF8.self) else {
      throw .init(.damaged, path: path, detail: "the policy's name is no UTF-8: \(Array(name))")
    }
    self.policyName = policyName
    acts = (0..<count).map { i in
      let start = 64 + size * i
      // Where the first player's reward is, and what follows the rewards.
      let (reward, p) = isOfTwo ? (start + 2, start + 4) : (start + 1, start + 2)
      return Act(
        action: file[start], reward: Int8(bitPattern: file[reward]), rightY: file[p],
        leftY: file[p + 1], ballX: file[p + 2], ballY: file[p + 3], leftScore: file[p + 4],
        rightScore: file[p + 5], frameCRC: word(start + size - 4),
        second: isOfTwo
          ? Second(
            action: file[start + 1], reward: Int8(bitPattern: file[start + 3]),
            serveTimer: file[p + 6], liveFire: file[p + 7]) : nil)
    }
  }

  /// Reads the file at `path`.
  package init(contentsOf path: String) throws(ArtifactError) {
    try self.init(decoding: readFileBytes(path), path: path)
  }
}
