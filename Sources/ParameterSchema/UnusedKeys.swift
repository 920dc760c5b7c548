// SPDX-License-Identifier: MIT

/// Keys that have no effect under some configurations: a step length where nothing is learned by
/// steps, say. Set by a sweep they would make trials that differ in their names alone.
package struct UnusedKeys: Sendable {
  /// Paths such as `returns.gaeLambda`, or whole sections such as `optimizer`.
  package let paths: [String]
  /// The paths whose values are the reason, such as `algorithm.kind`.
  package let because: [String]
  /// Whether they are unused, given the whole configuration, all defaults filled in.
  package let holds: @Sendable (ConfigValue) -> Bool

  package init(
    _ paths: [String], because: [String],
    where holds: @escaping @Sendable (ConfigValue) -> Bool = { _ in true }
  ) {
    self.paths = paths
    self.because = because
    self.holds = holds
  }

  /// Whether a dotted path is one of them, or of a section that is.
  package func contain(_ path: String) -> Bool {
    paths.contains { path == $0 || path.hasPrefix($0 + ".") }
  }
}
