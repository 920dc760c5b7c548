// SPDX-License-Identifier: MIT

package import Environments
import Randomness

/// Whether an environment gives the same game for the same seed.
extension GymnasiumEnvironment {
  /// Decisions of an episode that are held against each other, or so many seconds of them.
  private static let compared = (decisions: 25, time: Duration.milliseconds(300))

  /// Plays the beginning of the episode of a seed several times: again in the same environment, after another
  /// one; and in another environment of the same worker.
  ///
  /// - Returns: whether observations, rewards and ends are the same to the last bit. Where they are,
  ///   later decisions may still differ.
  package static func repeats(
    _ first: GymnasiumEnvironment, _ other: GymnasiumEnvironment, seed: UInt64 = 1
  ) throws(EnvironmentError) -> Bool {
    let start = SuspendingClock.now
    let game = try first.beginning(seed: seed, decisions: compared.decisions) {
      .now - start < compared.time
    }
    _ = try first.beginning(seed: seed + 1, decisions: game.count)
    for environment in [first, other] {
      guard try environment.beginning(seed: seed, decisions: game.count) == game else {
        return false
      }
    }
    return true
  }

  /// What an episode of drawn actions shows: after reset, and after each decision with its outcome.
  private func beginning(
    seed: UInt64, decisions: Int, while goesOn: () -> Bool = { true }
  ) throws(EnvironmentError) -> [Int] {
    var draws = Xoshiro256(seed: seed)
    try reset(draws: draws)
    var seen = [digest(nil)]
    while seen.count < decisions, goesOn() {
      let transition = try step(actions.drawn(&draws))
      seen.append(digest(transition))
      if transition.isEnd { break }
    }
    return seen
  }

  /// Equal within this process where what is seen and the outcome are.
  private func digest(_ transition: Transition?) -> Int {
    var hasher = Hasher()
    hasher.combine(transition)
    hasher.combine(bytes: worker.observation(index))
    return hasher.finalize()
  }
}

extension ActionSpace {
  /// Any action, each as likely; of a range without an end what lies within 1 of 0.
  fileprivate func drawn(_ draws: inout Xoshiro256) -> Action {
    switch self {
    case .discrete(let names): .number(Int(draws.next(below: UInt32(names.count))))
    case .product(let counts): .entries(counts.map { Float(draws.next(below: UInt32($0))) })
    case .box(let ranges):
      .entries(
        ranges.map { range in
          let low = range.lowerBound.isFinite ? range.lowerBound : min(-1, range.upperBound)
          let high = range.upperBound.isFinite ? range.upperBound : max(1, low)
          return (low + (high - low) * Float(draws.nextUnit())).clamped(to: range)
        })
    }
  }
}

extension Float {
  fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
