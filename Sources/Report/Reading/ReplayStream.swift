// SPDX-License-Identifier: MIT

package import Artifacts
import FoundationEssentials

/// A replay made small enough to lie in a page: what `replay.js` reads.
///
/// In order: residuals of ballX and ballY against a straight line, of robotY against the rule that
/// it chases the ball, of playerY in even and then in odd frames, of both scores and of the
/// ball's lift against the frame before; then for each decision the frames since the last one, P(first action) in 255ths,
/// action · 4 + reward + 1; last, where there are unit slots, a byte of bits: which of the
/// slots' units were among the strongest; of a gaze the first row and column of its window.
package struct ReplayStream {
  /// Hidden units that the page can show.
  static let slotLimit = 8
  /// Of base64, so that an episode stays below 200 kB.
  package static let textLimit = 190_000

  let frames: [ReplayFile.Frame]
  let decisions: [ReplayFile.Decision]
  /// The hidden units behind the slots, the one that fired most first.
  let units: [Int]
  /// Whether the game's end had to be left out.
  package let isCut: Bool
  package let base64: String

  /// - Returns: nil for a replay that the player cannot show: another game, no decisions, or more
  ///   than two actions.
  ///
  /// - Parameter limit: bytes of base64 beyond which the game's end is left out.
  package init?(_ replay: ReplayFile, limit: Int = textLimit) {
    guard replay.header.environment == "pong", replay.header.actions.count == 2,
      replay.frames.count > 1, !replay.decisions.isEmpty,
      replay.decisions.allSatisfy({ (0...1).contains($0.action) && $0.frame < replay.frames.count })
    else { return nil }
    var kept = replay.frames.count
    while true {
      let decisions = replay.decisions.filter { $0.frame < kept }
      guard !decisions.isEmpty else { return nil }
      let frames = Array(replay.frames[..<kept])
      let units = Self.mostActive(decisions)
      guard let bytes = Self.encoded(frames, decisions, units: units) else { return nil }
      let text = Data(bytes).base64EncodedString()
      if text.utf8.count <= limit {
        self.frames = frames
        self.decisions = decisions
        self.units = units
        isCut = kept < replay.frames.count
        base64 = text
        return
      }
      kept = kept * limit / text.utf8.count * 98 / 100
    }
  }

  /// The units named most often; of equal ones the lower number first.
  private static func mostActive(_ decisions: [ReplayFile.Decision]) -> [Int] {
    var counts: [Int: Int] = [:]
    for decision in decisions { for unit in decision.units { counts[Int(unit), default: 0] += 1 } }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(slotLimit).map(\.key)
  }

  private static func encoded(
    _ frames: [ReplayFile.Frame], _ decisions: [ReplayFile.Decision], units: [Int]
  ) -> [UInt8]? {
    let ballY = frames.map { Int($0.ballY) }
    let player = steady(frames.map { Int($0.playerY) })
    let columns = [
      linear(frames.map { Int($0.ballX) }), linear(ballY),
      chasing(frames.map { Int($0.robotY) }, ball: ballY),
      stride(from: 0, to: player.count, by: 2).map { player[$0] },
      stride(from: 1, to: player.count, by: 2).map { player[$0] },
      steady(frames.map { Int($0.computerScore) }), steady(frames.map { Int($0.playerScore) }),
      steady(frames.map { Int($0.lift) }),
    ]
    var bytes = columns.flatMap(residualBytes)
    var last = 0
    for decision in decisions {
      guard (0...255).contains(decision.frame - last) else { return nil }
      bytes.append(UInt8(decision.frame - last))
      last = decision.frame
    }
    for decision in decisions { bytes.append(UInt8((decision.probability * 255).rounded())) }
    for decision in decisions {
      bytes.append(decision.action << 2 | UInt8(max(-1, min(1, Int(decision.reward))) + 1))
    }
    if !units.isEmpty {
      let slots = Dictionary(uniqueKeysWithValues: units.enumerated().map { ($1, $0) })
      for decision in decisions {
        let bits = decision.units.reduce(0) { $0 | (slots[Int($1)].map { 1 << $0 } ?? 0) }
        bytes.append(UInt8(bits))
      }
    }
    for case let gaze? in decisions.map(\.gaze) { bytes += [gaze.top, gaze.left] }
    return bytes
  }

  private static func steady(_ values: [Int]) -> [Int] {
    values.indices.map { values[$0] - ($0 > 0 ? values[$0 - 1] : 0) }
  }

  private static func linear(_ values: [Int]) -> [Int] {
    values.indices.map { i in
      values[i] - (i > 1 ? 2 * values[i - 1] - values[i - 2] : i > 0 ? values[i - 1] : 0)
    }
  }

  private static func chasing(_ values: [Int], ball: [Int]) -> [Int] {
    values.indices.map { i in
      let before = i > 0 ? values[i - 1] : 0
      let step = (70 + i) % 8 == 0 ? 0 : (ball[i] - before).signum() * 2
      return values[i] - before - step
    }
  }

  /// 128 + n for n + 1 zeros, 127 and a byte for what is far off, else a zigzag number.
  private static func residualBytes(_ values: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    var zeros = 0
    func flush() {
      while zeros > 0 {
        let run = min(zeros, 128)
        bytes.append(UInt8(127 + run))
        zeros -= run
      }
    }
    for value in values {
      // Positions are kept modulo 256 on both sides, so any residual fits a byte.
      let wrapped = Int(Int8(truncatingIfNeeded: value))
      if wrapped == 0 {
        zeros += 1
        continue
      }
      flush()
      let zigzag = wrapped < 0 ? -2 * wrapped - 1 : 2 * wrapped
      if zigzag < 127 {
        bytes.append(UInt8(zigzag))
      } else {
        bytes += [127, UInt8(bitPattern: Int8(wrapped))]
      }
    }
    flush()
    return bytes
  }
}
