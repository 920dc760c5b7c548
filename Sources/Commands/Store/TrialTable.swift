// SPDX-License-Identifier: MIT

import Diagnostics
import RunStore
import Runner

/// The table of trials of `list`, `query` and `status`.
struct TrialTable {
  private let table: TextTable
  private var trials: [TrialFacts] = []
  private let names: [String]
  private let showsRun: Bool
  private let now = Timestamp.now

  /// - Parameters:
  ///   - names: more facts or configuration paths to show.
  ///   - showsRun: whether trials are of several runs.
  init(names: [String] = [], showsRun: Bool = false) {
    self.names = names.map { TrialFacts.olderNames[$0] ?? $0 }.filter { $0 != "smoothedMean" }
    self.showsRun = showsRun
    table = TextTable(
      [
        .init("trial"), .init("run", rank: showsRun ? 2 : 99, least: 6), .init("state"),
        .init("label", rank: 4, least: 16), .init("seed", right: true, rank: 3),
        .init("score", right: true, rank: 1),
      ] + self.names.map { .init($0, right: true, rank: 5, least: 8) } + [
        .init("smoothed", right: true, rank: 6), .init("episodes", right: true, rank: 7),
        .init("dec/s", right: true, rank: 9), .init("updated", rank: 8),
      ])
  }

  mutating func append(_ facts: TrialFacts) { trials.append(facts) }

  private func row(_ facts: TrialFacts, _ precision: Precision) -> [TextTable.Cell] {
    let problem = facts.problem != nil || facts.measures.problem != nil
    return [
      .init(facts.id), .init(showsRun ? facts.experiment : TextTable.nothing),
      .init(
        facts.state.words + (problem && facts.state != .damaged ? " !" : ""),
        problem ? .bad : Shown.role(facts.state)),
      .init(facts.label ?? "not in the plan"),
      .init(facts.seed.map { String($0) } ?? TextTable.nothing),
      .init(Shown.score(facts.measures.score, precision), .strong),
    ] + names.map { .init(Shown.fact(facts, $0)) } + [
      .init(Shown.score(facts.status?.smoothedMean, precision)), .init(Shown.episodes(facts)),
      .init(Numbers.rate(facts.decisionsPerSecond)),
      .init(Shown.age(of: facts.status?.updatedAt, now: now), .faint),
    ]
  }

  func say(_ options: StoreOptions) {
    let scores = trials.flatMap { [$0.measures.score, $0.status?.smoothedMean].compactMap { $0 } }
    let precision = Precision(scores)
    var table = table
    table.rows = trials.map { row($0, precision) }
    options.say(table)
  }
}

/// What is wrong with single trials, for standard error.
func problemLines(_ trials: [TrialFacts]) -> [String] {
  trials.compactMap { facts in
    (facts.problem ?? facts.measures.problem).map { "\(facts.experiment)/\(facts.id): \($0)" }
  }
}
