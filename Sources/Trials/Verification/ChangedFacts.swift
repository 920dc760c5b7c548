// SPDX-License-Identifier: MIT

import ExperimentSpec
package import ParameterSchema
package import RunStore

/// What is different between the sessions that trained a stored trial and the one that trained it
/// again: where a difference in numbers may come from.
package struct ChangedFact: Hashable, Sendable {
  /// Such as `binary` or `CPU`.
  package let name: String
  package let then: String
  package let now: String

  /// Everything that changed, what most likely matters first.
  ///
  /// - Parameters:
  ///   - stored: the sessions that trained; each value of theirs is named.
  ///   - now: the session that trained again.
  package static func all(
    stored: [Provenance.Session], now: Provenance.Session
  ) -> [ChangedFact] {
    func fact(_ name: String, _ value: (Provenance.Session) -> String?) -> ChangedFact? {
      let then = stored.compactMap(value)
        .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      let current = value(now) ?? "unknown"
      if then == [current] || (then.isEmpty && value(now) == nil) { return nil }
      return ChangedFact(
        name: name, then: then.isEmpty ? "not recorded" : then.joined(separator: "; "), now: current
      )
    }
    return [
      fact("binary") { $0.binary },
      fact("version") { $0.versions.map { "rallybook \($0.rallybook), Swift \($0.swift)" } },
      fact("commit") { session in
        session.git.map { $0.commit.prefix(12) + ($0.dirty ? " with changes" : "") }
      },
      fact("CPU") { $0.machine?.cpu },
      fact("vector extension") { $0.machine?.vectorExtension },
      fact("system") { session in session.machine.map { "\($0.os), \($0.kernel)" } },
    ].compactMap { $0 }
  }

  /// What the program would make of the same experiment today, where that is not what is stored.
  ///
  /// - Parameters:
  ///   - stored: the trial's `config.json`.
  ///   - now: the identity that the trial's configuration gives today.
  package static func configuration(stored: ConfigValue, now: ConfigValue) -> [ChangedFact] {
    let (then, today) = (leaves(stored), leaves(now))
    return Set(then.keys).union(today.keys).sorted().compactMap { path in
      guard then[path] != today[path] else { return nil }
      return ChangedFact(
        name: "configuration, \(path)", then: text(then[path]), now: text(today[path]))
    }
  }

  private static func text(_ value: ConfigValue?) -> String {
    switch value {
    case nil: "not there"
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .some(let value): shownValue(value)
    }
  }

  private static func leaves(_ value: ConfigValue, path: String = "") -> [String: ConfigValue] {
    guard case .object(let members) = value else { return [path: value] }
    return members.reduce(into: [:]) { all, member in
      all.merge(
        leaves(member.value, path: path.isEmpty ? member.key : "\(path).\(member.key)"),
        uniquingKeysWith: { $1 })
    }
  }
}
