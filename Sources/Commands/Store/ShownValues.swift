// SPDX-License-Identifier: MIT

import Diagnostics
import ParameterSchema
import Query
import RunStore
import Runner

/// Values as the verbs over stored trials show them.
enum Shown {
  /// A score; `never` for a threshold that was not reached.
  ///
  /// - Parameter precision: that of the table; nil where the score stands alone.
  static func score(_ value: Double?, _ precision: Precision? = nil) -> String {
    if value == .infinity { return "never" }
    return precision?.text(value) ?? Numbers.score(value)
  }

  /// `3,000` of as many as asked for; `1,200/3,000` on the way.
  static func episodes(_ facts: TrialFacts) -> String {
    guard let done = facts.status?.episodes else { return TextTable.nothing }
    let target = facts.targetEpisodes
    return done >= target ? Numbers.whole(done) : "\(Numbers.whole(done))/\(Numbers.whole(target))"
  }

  /// `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`, then the date.
  static func age(of stamp: String?, now: Double) -> String {
    guard let stamp, let then = Timestamp.seconds(stamp) else { return TextTable.nothing }
    return now - then < 1_209_600 ? Durations.ago(now - then) : String(stamp.prefix(10))
  }

  /// A value that a condition asks for: measured numbers as such, settings as they are written.
  static func fact(_ facts: TrialFacts, _ name: String) -> String {
    let value = facts.value(of: name)
    if TrialFacts.kinds[name] == .number, case .number(let number)? = value {
      if number == .infinity { return "never" }
      return Int(exactly: number).map(Numbers.whole) ?? Numbers.text(number, digits: 4)
    }
    return Self.value(value)
  }

  /// Any value of an expression or a configuration.
  static func value(_ value: ConfigValue?) -> String {
    switch value {
    case nil: TextTable.nothing
    case .null: "off"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number):
      number.isFinite ? (Int(exactly: number).map { String($0) } ?? "\(number)") : "never"
    case .string(let text): text
    case .array(let elements): "[" + elements.map { self.value($0) }.joined(separator: ", ") + "]"
    case .object(let members):
      members.sorted { $0.key > $1.key }.map { "\($0.key) \(self.value($0.value))" }
        .joined(separator: ", ")
    }
  }

  static func role(_ state: TrialState) -> TerminalText.Role {
    switch state {
    case .pending: .faint
    case .running: .filled
    case .finished: .good
    case .stopped, .interrupted: .caution
    case .failed, .couldNotStart, .damaged: .bad
    }
  }

  /// `4 finished, 1 failed`, in the order of `TrialState`.
  static func counts(_ counts: [TrialState: Int]) -> String {
    TrialState.allCases.compactMap { state in
      counts[state].flatMap { $0 > 0 ? "\(Numbers.whole($0)) \(state.words)" : nil }
    }.joined(separator: ", ")
  }
}
