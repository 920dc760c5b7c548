// SPDX-License-Identifier: MIT

import Artifacts
import RunStore

/// One trial as TensorBoard's scalars, named as CleanRL names them; the step is the number of
/// decisions.
struct TrialEvents {
  private(set) var events: TensorBoardEvents
  private var clock: TrialClock

  init(_ folder: TrialFolder) throws {
    let timing =
      Disk.isPresent(folder.timingPath)
      ? try readCSV(TimingRecord.self, at: folder.timingPath) : []
    let start = (try? folder.readProvenance())?.sessions.first.map(\.startedAt)
    clock = TrialClock(start: start.flatMap(Timestamp.seconds) ?? 0, timing: timing)
    events = TensorBoardEvents(wallTime: clock.start)
    var decisions = 0
    var decisionsAt: [Int: Int] = [0: 0]
    try readCSV(EpisodeRecord.self, at: folder.episodesPath) { row in
      add("charts/episodic_return", row.return, row.decisions)
      add("charts/episodic_length", Double(row.length), row.decisions)
      decisions = row.decisions
      decisionsAt[row.episode] = row.decisions
    }
    for (row, before) in zip(timing.dropFirst(), timing) {
      let seconds = row.wallSeconds - before.wallSeconds
      if seconds > 0 {
        add("charts/SPS", Double(row.decisions - before.decisions) / seconds, row.decisions)
      }
    }
    if Disk.isPresent(folder.updatesPath) {
      try readCSV(UpdateRecord.self, at: folder.updatesPath) { row in
        for (tag, value) in Self.losses(row) {
          if let value { add("losses/\(tag)", value, row.decisions) }
        }
      }
    }
    if Disk.isPresent(folder.evaluationsPath) {
      let rows = try readCSV(EvaluationRecord.self, at: folder.evaluationsPath)
      for checkpoint in Set(rows.map(\.checkpoint)).sorted() {
        let returns = rows.filter { $0.checkpoint == checkpoint }.map(\.return)
        add(
          "eval/episodic_return", returns.reduce(0, +) / Double(returns.count),
          decisionsAt[checkpoint] ?? decisions)
      }
    }
  }

  /// What is not a number is left out: TensorBoard draws it as a gap anyway.
  private mutating func add(_ tag: String, _ value: Double, _ decisions: Int) {
    guard value.isFinite else { return }
    events.add(tag, value, step: decisions, wallTime: clock.time(decisions: decisions))
  }

  private static func losses(_ row: UpdateRecord) -> [(String, Double?)] {
    [
      ("approx_kl", row.meanKL), ("entropy", row.entropy), ("gradient_norm", row.gradientNorm),
      ("surrogate_before", row.surrogateBefore), ("surrogate_after", row.surrogateAfter),
      ("step_fraction", row.stepFraction), ("backtracks", row.backtracks),
      ("dead_units", row.deadUnits), ("weight_norm", row.weightNorm),
      ("clipfrac", row.clipFraction),
      ("explained_variance", row.explainedVariance),
    ]
  }
}

/// When a trial had made so many decisions.
private struct TrialClock {
  /// Seconds since 1970.
  let start: Double
  let timing: [TimingRecord]
  private var place = 0

  init(start: Double, timing: [TimingRecord]) {
    self.start = start
    self.timing = timing
  }

  /// The end of the update that the decision was part of.
  mutating func time(decisions: Int) -> Double {
    if place > 0, timing[place - 1].decisions >= decisions { place = 0 }
    while place < timing.count - 1, timing[place].decisions < decisions { place += 1 }
    return start + (timing.isEmpty ? 0 : timing[place].wallSeconds)
  }
}
