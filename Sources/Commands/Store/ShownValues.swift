// SPDX-License-Identifier: MIT

import ParameterSchema
import RunStore
import Runner

/// Values as the verbs over stored trials show them.
enum Shown {
  /// A score: two decimals, thousands grouped, `never` for a threshold that was not reached.
  static func score(_ value: Double?) -> String {
    guard let value, !value.isNaN else { return TextTable.nothing }
    guard value.isFinite else { return "never" }
    if abs(value) >= 1_000, let whole = Int(exactly: value.rounded()) {
      return Amounts.count(whole)
    }
    let hundredths = Int((value * 100).rounded())
    let fraction = String(abs(hundredths) % 100)
    return (hundredths < 0 ? "-" : "") + "\(abs(hundredths) / 100)."
      + (fraction.count == 1 ? "0" : "") + fraction
  }

  /// `3,000` of as many as asked for; `1,200/3,000` on the way.
  static func episodes(_ facts: TrialFacts) -> String {
    guard let done = facts.status?.episodes else { return TextTable.nothing }
    let target = facts.targetEpisodes
    return done >= target ? Amounts.count(done) : "\(Amounts.count(done))/\(Amounts.count(target))"
  }

  /// `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`, then the date.
  static func age(of stamp: String?, now: Double) -> String {
    guard let stamp, let then = Timestamp.seconds(stamp) else { return TextTable.nothing }
    let seconds = Int(max(0, now - then))
    switch seconds {
    case ..<60: return "\(seconds) s ago"
    case ..<3_600: return "\(seconds / 60) min ago"
    case ..<172_800: return "\(seconds / 3_600) h ago"
    case ..<1_209_600: return "\(seconds / 86_400) d ago"
    default: return String(stamp.prefix(10))
    }
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
    case .failed: .bad
    }
  }

  /// `4 finished, 1 failed`, in the order of `TrialState`.
  static func counts(_ counts: [TrialState: Int]) -> String {
    TrialState.allCases.compactMap { state in
      counts[state].flatMap { $0 > 0 ? "\(Amounts.count($0)) \(state.rawValue)" : nil }
    }.joined(separator: ", ")
  }
}
