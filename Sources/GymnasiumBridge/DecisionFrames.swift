// SPDX-License-Identifier: MIT

import Randomness

/// The actions of a decision's frames: frame skip and sticky actions, drawn as `PongEnvironment`
/// draws them, so that the same generator gives the same game there and on the real machine.
struct DecisionFrames {
  let skip: ClosedRange<Int>
  let stickyThreshold: UInt64
  /// Frames after which an episode is truncated.
  let frameLimit: Int

  private var draws = Xoshiro256(seed: 0)
  private var held: UInt8 = 0
  private(set) var played = 0

  init(skip: ClosedRange<Int>, stickyActions: Double, frameLimit: Int) {
    self.skip = skip
    stickyThreshold = UInt64(stickyActions * 0x1p53)
    self.frameLimit = frameLimit
  }

  /// Begins an episode; before its first frame the action kept is 0, NOOP.
  mutating func reset(draws: Xoshiro256) {
    self.draws = draws
    held = 0
    played = 0
  }

  /// Appends one action for each frame of the decision.
  mutating func append(_ chosen: UInt8, to actions: inout [UInt8]) {
    var frames = skip.lowerBound
    if skip.lowerBound < skip.upperBound {
      frames &+= Int(draws.next(below: UInt32(truncatingIfNeeded: skip.count)))
    }
    for _ in 0..<min(frames, frameLimit &- played) {
      if stickyThreshold == 0 || draws.next() >> 11 >= stickyThreshold { held = chosen }
      actions.append(held)
    }
  }

  /// Counts what was played; true where the limit is reached.
  mutating func count(_ frames: Int) -> Bool {
    played &+= frames
    return played >= frameLimit
  }
}
