// SPDX-License-Identifier: MIT

import FoundationEssentials

/// One played episode of Pong, frame by frame, with what the policy thought at each decision.
///
/// File: `RBREPLAY`, a little-endian u32 with the header's length, the header as JSON, then all
/// frames (6 bytes each), then all decisions (7 bytes and 2 per named unit each, and 2 where the
/// policy looks through a window).
package struct ReplayFile: Hashable, Sendable {
  /// What is seen in one frame (1/60 s). Coordinates are the game's own state variables.
  package struct Frame: Hashable, Sendable {
    package var playerY: UInt8
    package var robotY: UInt8
    package var ballX: UInt8
    /// 0 while the ball is hidden.
    package var ballY: UInt8
    /// The scores as drawn.
    package var computerScore: UInt8
    package var playerScore: UInt8
    /// Which rows of the ball are drawn one row early, as near the right edge of the screen: bit 0
    /// its first and bit 1 its last row in its left column, bits 2 and 3 those in its right column.
    package var lift: UInt8

    package init(
      playerY: UInt8, robotY: UInt8, ballX: UInt8, ballY: UInt8, computerScore: UInt8,
      playerScore: UInt8, lift: UInt8 = 0
    ) {
      self.lift = lift
      self.playerY = playerY
      self.robotY = robotY
      self.ballX = ballX
      self.ballY = ballY
      self.computerScore = computerScore
      self.playerScore = playerScore
    }

    /// Where `lift` was not recorded: what it is while no paddle is near the beam.
    fileprivate var usualLift: UInt8 {
      let first = ballY & 1 == 1 ? 139 : 158
      let column = Int(ballX) - 49
      return (column >= first ? 3 : 0) | (column + 1 >= first ? 12 : 0)
    }
  }

  /// One choice of the policy, made after seeing frame `frame`.
  package struct Decision: Hashable, Sendable {
    /// Index into `frames` of the frame that was seen; the choice acts from the next one on.
    package var frame: Int
    /// Probability of the first action (Pong: RIGHT, up), quantized to 1/65535.
    package var probability: Double
    /// Index into `actions`.
    package var action: UInt8
    /// The reward that followed, rounded.
    package var reward: Int8
    /// The hidden units that contributed most to the logit, strongest first; `header.units` many.
    package var units: [UInt16]
    /// Where the window was, through which the frame was seen; nil without one.
    package var gaze: Gaze?

    package init(
      frame: Int, probability: Double, action: UInt8, reward: Int8, units: [UInt16],
      gaze: Gaze? = nil
    ) {
      self.gaze = gaze
      self.frame = frame
      self.probability = probability
      self.action = action
      self.reward = reward
      self.units = units
    }
  }

  /// A window's first row and column, in pixels of the screen.
  package struct Gaze: Hashable, Sendable {
    package var top: UInt8
    package var left: UInt8

    package init(top: UInt8, left: UInt8) { (self.top, self.left) = (top, left) }
  }

  /// A window's size, in pixels of the screen.
  package struct Window: Codable, Hashable, Sendable {
    package var height: Int
    package var width: Int

    package init(height: Int, width: Int) { (self.height, self.width) = (height, width) }
  }

  package struct Header: Codable, Hashable, Sendable {
    /// 1 has no `lift`; a game that is seen through a window has 3.
    package var formatVersion = 2
    /// Such as `pong`.
    package var environment: String
    /// Training episodes behind the policy.
    package var checkpoint: Int
    /// The evaluation episode, from 1.
    package var episode: Int
    package var `return`: Double
    package var actions: [String]
    /// How many hidden units each decision names.
    package var units: Int
    package var frameCount: Int
    package var decisionCount: Int
    /// nil where the policy sees all of the picture.
    package var window: Window?
  }

  package var header: Header
  /// From the reset frame on.
  package var frames: [Frame]
  package var decisions: [Decision]

  /// The newest layout that this version reads and writes.
  fileprivate static let format = 3
  private static let magic = Array("RBREPLAY".utf8)

  /// The file's bytes.
  package func encoded() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let head = (try? encoder.encode(header)).map { [UInt8]($0) } ?? []
    var file = Self.magic
    file.append(contentsOf: littleEndian(head.count, count: 4))
    file.append(contentsOf: head)
    for f in frames {
      file.append(contentsOf: [
        f.playerY, f.robotY, f.ballX, f.ballY, f.computerScore | (f.lift & 3) << 6,
        f.playerScore | (f.lift >> 2) << 6,
      ])
    }
    for d in decisions {
      file.append(contentsOf: littleEndian(d.frame, count: 3))
      file.append(contentsOf: littleEndian(Int((d.probability * 65535).rounded()), count: 2))
      file.append(d.action)
      file.append(UInt8(bitPattern: d.reward))
      for unit in d.units { file.append(contentsOf: littleEndian(Int(unit), count: 2)) }
      if header.window != nil { file += [d.gaze?.top ?? 0, d.gaze?.left ?? 0] }
    }
    return file
  }

}

extension ReplayFile {
  /// Reads a file's bytes.
  package init(decoding file: [UInt8], path: String) throws(ArtifactError) {
    guard file.starts(with: Self.magic), file.count >= 12 else {
      throw .init(.notThisFormat, path: path, detail: "not a Rallybook replay")
    }
    func number(at place: Int, bytes: Int) -> Int {
      Int(file.littleEndian(at: place, count: bytes))
    }
    let start = 12 + number(at: 8, bytes: 4)
    guard start <= file.count,
      let header = try? JSONDecoder().decode(Header.self, from: Data(file[12..<start]))
    else { throw .init(.damaged, path: path, detail: "the replay's header cannot be read") }
    guard (1...Self.format).contains(header.formatVersion) else {
      throw .init(
        .otherVersion, path: path,
        detail: "a replay of format \(header.formatVersion); allowed: 1 to \(Self.format)")
    }
    guard (0...1 << 24).contains(header.frameCount), (0...1 << 24).contains(header.decisionCount),
      (0...64).contains(header.units), !header.actions.isEmpty, header.return.isFinite,
      header.window.map({ 1...210 ~= $0.height && 1...160 ~= $0.width }) != false
    else { throw .init(.damaged, path: path, detail: "the replay's header makes no sense") }
    let size = 7 + 2 * header.units + (header.window == nil ? 0 : 2)
    guard file.count == start + 6 * header.frameCount + size * header.decisionCount else {
      throw .init(.truncated, path: path, detail: "its length does not fit its header")
    }
    let frames = (0..<header.frameCount).map { i in
      let p = start + 6 * i
      var frame = Frame(
        playerY: file[p], robotY: file[p + 1], ballX: file[p + 2], ballY: file[p + 3],
        computerScore: file[p + 4] & 63, playerScore: file[p + 5] & 63,
        lift: file[p + 4] >> 6 | (file[p + 5] >> 6) << 2)
      if header.formatVersion == 1 { frame.lift = frame.usualLift }
      return frame
    }
    let place = start + 6 * header.frameCount
    let decisions = (0..<header.decisionCount).map { i in
      let p = place + size * i
      return Decision(
        frame: number(at: p, bytes: 3), probability: Double(number(at: p + 3, bytes: 2)) / 65535,
        action: file[p + 5], reward: Int8(bitPattern: file[p + 6]),
        units: (0..<header.units).map { UInt16(number(at: p + 7 + 2 * $0, bytes: 2)) },
        gaze: header.window.map { _ in Gaze(top: file[p + size - 2], left: file[p + size - 1]) })
    }
    var seen = 0
    for (i, decision) in decisions.enumerated() {
      guard (seen..<max(seen, frames.count)).contains(decision.frame),
        Int(decision.action) < header.actions.count
      else {
        throw .init(
          .damaged, path: path,
          detail: "decision \(i + 1) is of frame \(decision.frame), action \(decision.action); "
            + "it has \(frames.count) frames and \(header.actions.count) actions")
      }
      if let gaze = decision.gaze, let window = header.window,
        Int(gaze.top) + window.height > 210 || Int(gaze.left) + window.width > 160
      {
        throw .init(
          .damaged, path: path,
          detail: "decision \(i + 1) looks at \(window.height) × \(window.width) pixels from row "
            + "\(gaze.top), column \(gaze.left) on; the screen has 210 × 160")
      }
      seen = decision.frame
    }
    self.init(header: header, frames: frames, decisions: decisions)
  }

  /// Reads the file at `path`.
  package init(contentsOf path: String) throws(ArtifactError) {
    try self.init(decoding: readFileBytes(path), path: path)
  }

  /// A game that was just played; see `Header` for what it is told of.
  package init(
    environment: String, checkpoint: Int, episode: Int, return: Double, actions: [String],
    units: Int, window: Window? = nil, frames: [Frame], decisions: [Decision]
  ) {
    self.init(
      header: Header(
        formatVersion: window == nil ? 2 : 3, environment: environment, checkpoint: checkpoint,
        episode: episode, return: `return`,
        actions: actions, units: units, frameCount: frames.count, decisionCount: decisions.count,
        window: window),
      frames: frames, decisions: decisions)
  }
}
