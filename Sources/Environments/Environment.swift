// SPDX-License-Identifier: MIT

package import Kernels
package import Randomness

/// What one decision led to.
package struct Transition: Hashable, Sendable {
  /// Sum of the rewards of the decision's frames.
  package var reward: Double
  /// Frames played, 1/60 s each.
  package var frames: Int
  package var ending: Ending

  package init(reward: Double, frames: Int, ending: Ending) {
    self.reward = reward
    self.frames = frames
    self.ending = ending
  }

  /// Whether the episode goes on. A truncated episode has ended as well: no act follows it.
  package enum Ending: Sendable { case none, terminated, truncated }

  @inline(__always)
  package var isEnd: Bool { ending != .none }
}

/// A game that a policy plays: choose one of a few actions, see a sparse observation of
/// −1, 0 and 1.
///
/// Everything random comes from the generator given at reset, so an episode is a function of that
/// generator and the actions.
package protocol Environment: AnyObject {
  /// Entries of an observation.
  var inputCount: Int { get }
  /// Names of the actions in the order of their numbers.
  var actions: [String] { get }
  /// Begins an episode.
  func reset(draws: Xoshiro256)
  /// Takes an action; not after the episode's end.
  func step(_ action: Int) -> Transition
  /// Writes what the policy sees now. Called once after reset and once after each step.
  func observe(_ writer: inout SignWriter)
}
