// SPDX-License-Identifier: MIT

package import Randomness

/// An environment seen or acted on through another; what that does not change is the inner one's.
package protocol WrappingEnvironment: RemoteEnvironment {
  var inner: any Environment { get }
}

extension WrappingEnvironment {
  package var actions: ActionSpace { inner.actions }
  /// Itself where the environment's steps are taken elsewhere.
  package var remote: (any RemoteEnvironment)? { inner.remote == nil ? nil : self }

  package func reset(draws: Xoshiro256) throws(EnvironmentError) { try inner.reset(draws: draws) }

  package func step(_ action: Action) throws(EnvironmentError) -> Transition {
    try inner.step(action)
  }

  package func submit(_ action: Action) { inner.remote?.submit(action) }

  package func collect() throws(EnvironmentError) -> Transition {
    guard let remote = inner.remote else { preconditionFailure("\(inner.id) is not remote") }
    return try remote.collect()
  }
}

extension Environment {
  /// The environment that is really played, without any around it.
  package var innermost: any Environment {
    (self as? any WrappingEnvironment)?.inner.innermost ?? self
  }

  /// The gaze through which it is seen; nil where all of the picture is.
  package var glimpse: GlimpseEnvironment? {
    self as? GlimpseEnvironment ?? (self as? any WrappingEnvironment)?.inner.glimpse
  }
}
