// SPDX-License-Identifier: MIT

/// An environment that plays another one and shows it otherwise.
package protocol EnvironmentAround: Environment {
  var inner: any Environment { get }
}

extension Environment {
  /// The environment that is really played, taken out of all that is around it.
  package var innermost: any Environment {
    (self as? any EnvironmentAround)?.inner.innermost ?? self
  }
}
