// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import ParameterSchema
import RunStore

/// One trial for TensorBoard: its numbers as scalars, named as CleanRL names them, and what it was
/// made with for the HParams plugin. The step is the number of decisions.
struct TrialEvents {
  private struct Point {
    let tag: String
    let value: Double
    let step: Int
  }

  /// All of the trial, in order of their steps.
  private(set) var events: TensorBoardEvents
  private let timing: [TimingRecord]
  private var points: [Point] = []
  private var decisions = 0

  /// - Parameters:
  ///   - configuration: all of it.
  ///   - group: what the seeds of one variant are called together.
  init(
    _ folder: TrialFolder, state: TrialState, configuration: ConfigValue, seed: Int, group: String
  ) throws {
    timing =
      Disk.isPresent(folder.timingPath)
      ? try readCSV(TimingRecord.self, at: folder.timingPath) : []
    let begun = (try? folder.readProvenance())?.sessions.first.map(\.startedAt)
    let start = begun.flatMap(Timestamp.seconds) ?? 0
    events = TensorBoardEvents(wallTime: start)
    try read(folder)
    // What came first stays first among those of one step.
    let order = points.indices.sorted { (points[$0].step, $0) < (points[$1].step, $1) }
    var clock = TrialClock(start: start, timing: timing)
    var events = TensorBoardEvents(wallTime: start)
    events.addSession(
      Self.hyperparameters(configuration, seed: seed), group: group, startTime: start)
    for point in order.map({ points[$0] }) {
      events.add(
        point.tag, point.value, step: point.step, wallTime: clock.time(decisions: point.step))
    }
    let last = order.last.map { points[$0].step } ?? 0
    events.endSession(
      Self.status(state), step: last, endTime: clock.time(decisions: last))
    self.events = events
  }

  private mutating func read(_ folder: TrialFolder) throws {
    var decisionsAt: [Int: Int] = [0: 0]
    try readCSV(EpisodeRecord.self, at: folder.episodesPath) { row in
      add("charts/episodic_return", row.return, row.decisions)
      add("charts/episodic_length", Double(row.length), row.decisions)
      decisions = row.decisions
      decisionsAt[row.episode] = row.decisions
    }
    // All steps over all time: a single update takes milliseconds, and its own rate is noise.
    for row in timing where row.wallSeconds > 0 {
      add("charts/SPS", Double(row.decisions) / row.wallSeconds, row.decisions)
    }
    if Disk.isPresent(folder.updatesPath) {
      try readCSV(UpdateRecord.self, at: folder.updatesPath) { row in
        for (tag, value) in Self.losses(row) {
          if let value { add("losses/\(tag)", value, row.decisions) }
        }
      }
    }
    guard Disk.isPresent(folder.evaluationsPath) else { return }
    let rows = try readCSV(EvaluationRecord.self, at: folder.evaluationsPath)
    let games = Dictionary(grouping: rows, by: \.checkpoint).sorted { $0.key < $1.key }
    for (checkpoint, rows) in games {
      add(
        "eval/episodic_return", rows.reduce(0) { $0 + $1.return } / Double(rows.count),
        decisionsAt[checkpoint] ?? decisions)
    }
  }

  private mutating func add(_ tag: String, _ value: Double, _ step: Int) {
    points.append(Point(tag: tag, value: value, step: step))
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

  /// Every value of the configuration by its path; what is neither a number, a flag nor a text is
  /// written as JSON.
  private static func hyperparameters(
    _ configuration: ConfigValue, seed: Int
  ) -> [(name: String, value: TensorBoardEvents.Hyperparameter)] {
    let values = configurationPaths([configuration]).compactMap { path in
      configuration[path: path].map { value in
        let shown: TensorBoardEvents.Hyperparameter =
          switch value {
          case .number(let number): .number(number)
          case .bool(let flag): .flag(flag)
          case .string(let text): .text(text)
          case .null, .array, .object: .text(canonicalJSON(value))
          }
        return (name: path, value: shown)
      }
    }
    return [(name: "seed", value: .number(Double(seed)))] + values
  }

  private static func status(_ state: TrialState) -> TensorBoardEvents.SessionStatus {
    switch state {
    case .finished: .success
    case .failed: .failure
    case .running: .running
    default: .unknown
    }
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
