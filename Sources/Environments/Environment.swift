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

/// A game that a policy plays: see an observation, choose an action.
///
/// Everything random comes from the generator given at reset, so an episode is a function of that
/// generator and the actions.
package protocol Environment: AnyObject {
  /// As in `environment.id`, for messages.
  var id: String { get }
  /// What `observe` writes.
  var form: ObservationForm { get }
  var actions: ActionSpace { get }
  /// Itself where its steps are taken elsewhere, otherwise nil.
  var remote: (any RemoteEnvironment)? { get }
  /// The other seat of a game for two, nil elsewhere. Its player decides before each step of this
  /// one, which then tells it what the two decisions led to.
  var rival: (any RemoteEnvironment)? { get }
  /// Begins an episode.
  func reset(draws: Xoshiro256) throws(EnvironmentError)
  /// Takes an action; not after the episode's end.
  func step(_ action: Action) throws(EnvironmentError) -> Transition
  /// Writes what the policy sees now, where the form's entries are signs. This changes nothing.
  func observe(_ writer: inout SignWriter)
  /// Appends what the policy sees now, where the form's entries are numbers: `form.count` of them.
  func observe(into numbers: inout [Float])
}

extension Environment {
  package var id: String { String(describing: Self.self) }
  package var remote: (any RemoteEnvironment)? { nil }
  package var rival: (any RemoteEnvironment)? { nil }

  package func observe(_ writer: inout SignWriter) {
    fatalError("\(form) is not written as signs")
  }

  package func observe(into numbers: inout [Float]) {
    fatalError("\(form) is not written as numbers")
  }
}

/// An environment whose step is taken elsewhere: between `submit` and `collect` there is time for
/// others that share its worker.
package protocol RemoteEnvironment: Environment {
  /// Asks for an action to be taken; `collect` gives the outcome.
  func submit(_ action: Action)
  /// Waits for the outcome of the action submitted last.
  func collect() throws(EnvironmentError) -> Transition
}

extension RemoteEnvironment {
  package var remote: (any RemoteEnvironment)? { self }
}

/// Why an environment cannot go on: it was refused, its worker died, hung, or answered nonsense.
package struct EnvironmentError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// Something happened while it played.
    case fault
    /// The first reset or decision could not be had, perhaps for no seed.
    case earlyFault
    /// What was asked for cannot be had, whatever the seed.
    case refusal
    /// The trial was asked to stop while it played; nothing is wrong.
    case stopped
  }

  /// The environment's id, as in `environment.id`.
  package let environment: String
  /// What happened, and where, as a sentence.
  package let description: String
  package let kind: Kind

  package init(environment: String, description: String, kind: Kind = .fault) {
    self.environment = environment
    self.description = description
    self.kind = kind
  }

  /// The answer to a request to stop while an environment plays.
  package static func stopped(_ environment: String) -> EnvironmentError {
    EnvironmentError(
      environment: environment, description: "\(environment): asked to stop while it played",
      kind: .stopped)
  }
}
