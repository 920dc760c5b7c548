// SPDX-License-Identifier: MIT

package import ParameterSchema

/// The choices of `environment.id` that are played in the trial's own process; the first is the
/// default.
package let embeddedEnvironments: [EnvironmentKind] = [
  .pong, .cartPole, .pongTwoPlayer, .target,
]

/// An environment: its description, and what makes it.
package struct EnvironmentKind: ComponentKind {
  package let component: Component
  /// Whether a worker plays it, so that several share the time in which one waits.
  package let isRemote: Bool
  /// Numbers that are seen of it, where it has no picture and this is known before it is made.
  let numbers: Int?
  /// Whether actions are numbers and not choices, where that is known before it is made.
  package let choosesNumbers: Bool
  /// The time limit that episodes of a configuration are known to meet, in words; nil where they
  /// have none, or the game's own that hardly any meets.
  let timeLimit: @Sendable (ConfigValue) -> String?
  /// The configuration whose environment judges what was learned, where it is another.
  package let evaluated: @Sendable (ConfigValue) -> ConfigValue
  /// Makes `count` of a validated configuration. What their worker prints is appended to `logPath`;
  /// nil is standard error.
  package let make:
    @Sendable (ConfigValue, _ count: Int, _ logPath: String?) throws(EnvironmentError)
      -> [any Environment]

  /// An environment of this process.
  package init(
    _ component: Component, numbers: Int? = nil, choosesNumbers: Bool = false,
    timeLimit: @escaping @Sendable (ConfigValue) -> String? = { _ in nil },
    evaluated: @escaping @Sendable (ConfigValue) -> ConfigValue = { $0 },
    make: @escaping @Sendable (ConfigValue) -> any Environment
  ) {
    self.component = component
    isRemote = false
    self.numbers = numbers
    self.choosesNumbers = choosesNumbers
    self.timeLimit = timeLimit
    self.evaluated = evaluated
    self.make = { configuration, count, _ in (0..<count).map { _ in make(configuration) } }
  }

  /// An environment that a worker plays.
  package init(
    remote component: Component,
    make:
      @escaping @Sendable (ConfigValue, _ count: Int, _ logPath: String?) throws(EnvironmentError)
      -> [any Environment]
  ) {
    self.component = component
    isRemote = true
    numbers = nil
    choosesNumbers = false
    timeLimit = frameLimit
    evaluated = { $0 }
    self.make = make
  }
}

/// The time limit that episodes of a configuration are known to meet, in words; see
/// `EnvironmentKind.timeLimit`.
package func knownTimeLimit(_ all: ConfigValue) -> String? {
  let kind = embeddedEnvironments.first(named: all[path: "environment.id"])
  return kind.map { $0.timeLimit(all) } ?? frameLimit(all)
}

/// The limit that `environment.maxFrames` says.
@Sendable
func frameLimit(_ all: ConfigValue) -> String? {
  guard case .number(let frames)? = all[path: "environment.maxFrames"] else { return nil }
  return "\(Int(frames)) frames"
}
