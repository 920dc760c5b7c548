// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore

/// The columns of a table of trials, as `list`, `query` and `status` print it.
///
/// - Parameters:
///   - names: facts or configuration paths to show besides.
///   - showsRun: whether trials are of several runs.
func trialColumns(
  _ trials: [TrialFacts], names: [String] = [], showsRun: Bool = false
) -> [TextTable<TrialFacts>.Column] {
  let precision = Precision(
    trials.flatMap { [$0.measures.score, $0.status?.smoothedMean].compactMap { $0 } })
  let now = Timestamp.now
  // What other columns show, by the names of their facts.
  let shown: Set = [
    "experiment", "trial", "state", "label", "seed", "score", "smoothedMean", "episodes",
    "updatedAt", "decisionsPerSecond",
  ]
  let added = names.map { TrialFacts.olderNames[$0] ?? $0 }.filter { !shown.contains($0) }
  return [
    .init("trial") { .init($0.id) },
    .init("run", rank: showsRun ? 2 : 99, least: 6) { .init(showsRun ? $0.experiment : nil) },
    .init("state") { facts in
      let isBad = facts.problem != nil || facts.measures.problem != nil
      return .init(
        facts.stateWords + (isBad && facts.state != .damaged ? " !" : ""),
        isBad ? .bad : facts.state.role)
    },
    .init("label", rank: 4, least: 16) { .init($0.label ?? "not in the plan") },
    .init("seed", right: true, rank: 3) { .init($0.seed.map { String($0) }) },
    .init("score", right: true, rank: 1) {
      .init(Shown.score($0.measures.score, precision), .strong)
    },
  ]
    + added.map { name in .init(name, right: true, rank: 5, least: 8) { .init($0.shown(name)) } }
    + [
      .init("smoothed", right: true, rank: 6) {
        .init($0.status?.smoothedMean.map(precision.text) ?? Numbers.nothing)
      },
      .init("episodes", right: true, rank: 7) { .init($0.shownEpisodes) },
      .init("dec/s", right: true, rank: 9) { .init(Numbers.rate($0.decisionsPerSecond)) },
      .init("updated", rank: 8) { .init(Shown.age(of: $0.status?.updatedAt, now: now), .faint) },
    ]
}

extension TrialFacts {
  /// One line of `--json`: all facts by their names, what is unknown as null, and the
  /// configuration.
  ///
  /// JSON has no infinity: a threshold that was never reached is `score` null and `scoreIsCensored`
  /// true.
  var json: String {
    var members = Self.kinds.mapValues { _ in ConfigValue.null }
    for name in Self.kinds.keys {
      guard let value = value(of: name) else { continue }
      if case .number(let number) = value, !number.isFinite { continue }
      members[name] = value
    }
    members["scoreIsCensored"] = .bool(measures.score == .infinity)
    members["configuration"] = configuration
    return canonicalJSON(.object(members))
  }

  /// What is wrong with it, for standard error.
  var problemLine: String? {
    (problem ?? measures.problem).map { "\(experiment)/\(id): \($0)" }
  }

  /// `3,000` of as many as asked for; `1,200/3,000` on the way.
  var shownEpisodes: String {
    guard let done = status?.episodes else { return Numbers.nothing }
    return done >= targetEpisodes
      ? Numbers.whole(done) : "\(Numbers.whole(done))/\(Numbers.whole(targetEpisodes))"
  }

  /// A value that a condition asks for: measured numbers as such, settings as they are written.
  fileprivate func shown(_ name: String) -> String {
    let value = value(of: name)
    guard Self.kinds[name] == .number, case .number(let number)? = value else {
      return value.map(shownValue) ?? Numbers.nothing
    }
    if number == .infinity, name == "score" { return "never" }
    return Int(exactly: number).map(Numbers.whole) ?? Numbers.text(number, digits: 4)
  }

  /// What a running trial does; of one that is not, whether its first episode ever ended.
  var doing: String? {
    guard let status, let activity = status.activity else { return nil }
    let endless = status.decisionsWithoutEnd.map {
      "no episode has ended yet after \(Numbers.whole($0)) decisions"
    }
    guard state == .running else { return endless }
    return activity.words + (endless.map { "; \($0)" } ?? "")
  }
}

extension TrialState {
  fileprivate var role: TerminalText.Role {
    switch self {
    case .pending: .faint
    case .running: .filled
    case .finished: .good
    case .stopped, .interrupted: .caution
    case .failed, .couldNotStart, .damaged: .bad
    }
  }
}

/// Values as the verbs over stored trials show them.
enum Shown {
  /// A score; `never` for a threshold that was not reached.
  ///
  /// - Parameter precision: that of the table; nil where the score stands alone.
  static func score(_ value: Double?, _ precision: Precision? = nil) -> String {
    if value == .infinity { return "never" }
    return precision?.text(value) ?? Numbers.score(value)
  }

  /// `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`, then the date.
  static func age(of stamp: String?, now: Double) -> String {
    guard let stamp, let then = Timestamp.seconds(stamp) else { return Numbers.nothing }
    return now - then < 1_209_600 ? Durations.ago(now - then) : String(stamp.prefix(10))
  }
}
