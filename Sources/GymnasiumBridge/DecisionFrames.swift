// SPDX-License-Identifier: MIT

import Environments
import ParameterSchema
import Randomness

/// The actions of a decision's frames: frame skip and sticky actions, the environment's own or those
/// asked for, drawn as `PongEnvironment` draws them, so that the same generator gives the same game
/// there and on the real machine.
struct DecisionFrames {
  private let skip: ClosedRange<Int>
  private let stickyThreshold: UInt64
  /// Frames after which an episode is truncated.
  private let frameLimit: Int
  private var draws = Xoshiro256(seed: 0)
  private var held: UInt8 = 0
  private var played = 0

  init(_ settings: Settings, _ facts: WorkerFacts) throws(EnvironmentError) {
    frameLimit = settings.optionalInteger("maxFrames") ?? facts.maxFrames ?? Int.max
    guard facts.isAtari else {
      for key in ["frameSkip", "stickyActions"] where !settings.isNull(key) {
        throw .refusal(
          settings.string("id"),
          """
          it is not an Atari game of ALE and decides by itself how long an action is held; \
          environment.\(key) is set, allowed: null
          """)
      }
      (skip, stickyThreshold) = (1...1, 0)
      return
    }
    let own = facts.skip ?? [4, 4]
    skip = settings.isNull("frameSkip") ? own[0]...own[1] : settings.interval("frameSkip")
    let stickyActions = settings.optionalNumber("stickyActions") ?? facts.stickyActions ?? 0
    stickyThreshold = UInt64(stickyActions * 0x1p53)
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
