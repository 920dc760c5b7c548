// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import ParameterSchema
import RunStore

/// One trial for TensorBoard: its numbers as scalars, named as CleanRL names them, and what it was
/// made with for the HParams plugin. The step is the number of decisions; the seeds of one variant are
/// one group.
func tensorBoardEvents(
  of trial: RunSnapshot.Trial, configuration: ConfigValue
) throws -> [UInt8] {
  let folder = trial.folder
  let begun = (try? folder.readProvenance())?.sessions.first.map(\.startedAt)
  let start = begun.flatMap(Timestamp.seconds) ?? 0
  let timing = try rows(TimingRecord.self, at: folder.timingPath)
  let points = try scalars(of: folder, timing: timing)
  // What came first stays first among those of one step.
  let order = points.indices.sorted { (points[$0].step, $0) < (points[$1].step, $1) }
  /// The end of the update that the decision was part of.
  func time(_ decisions: Int, from place: inout Int) -> Double {
    while place < timing.count - 1, timing[place].decisions < decisions { place += 1 }
    return start + (timing.isEmpty ? 0 : timing[place].wallSeconds)
  }

  var events = TensorBoardEvents(wallTime: start)
  let settings = hyperparameters(configuration, seed: trial.planned.seed)
  events.addSession(settings, group: trial.label, startTime: start)
  // As CleanRL's scripts write them, for the Text tab.
  let rows = settings.map { "|\($0.name)|\($0.value.words)|" }
  events.addText(
    "hyperparameters/text_summary", (["|param|value|", "|-|-|"] + rows).joined(separator: "\n"),
    step: 0, wallTime: start)
  var place = 0
  for point in order.map({ points[$0] }) {
    events.add(
      point.tag, point.value, step: point.step, wallTime: time(point.step, from: &place))
  }
  let last = order.last.map { points[$0].step } ?? 0
  let status: TensorBoardEvents.SessionStatus =
    switch trial.state {
    case .finished: .success
    case .failed: .failure
    case .running: .running
    default: .unknown
    }
  events.endSession(status, step: last, endTime: time(last, from: &place))
  return events.bytes
}

private typealias Scalar = (tag: String, value: Double, step: Int)

private func rows<Record: CSVRecord>(
  _ kind: Record.Type, at path: String
) throws(ArtifactError) -> [Record] {
  Disk.isPresent(path) ? try readCSV(kind, at: path) : []
}

private func scalars(of folder: TrialFolder, timing: [TimingRecord]) throws -> [Scalar] {
  let episodes = try readCSV(EpisodeRecord.self, at: folder.episodesPath)
  let imported = try folder.readImport()
  // Means of another program keep the name of such.
  let returns = imported?.rows == .means ? "rollout/ep_rew_mean" : "charts/episodic_return"
  var found = episodes.flatMap { row -> [Scalar] in
    let value = (returns, row.return, row.decisions)
    // An imported trial may not know its lengths.
    let isKnown = imported == nil || row.length > 0
    return isKnown
      ? [value, ("charts/episodic_length", Double(row.length), row.decisions)] : [value]
  }
  // All steps over all time: a single update takes milliseconds, and its own rate is noise.
  found += timing.filter { $0.wallSeconds > 0 }
    .map { ("charts/SPS", Double($0.decisions) / $0.wallSeconds, $0.decisions) }
  for row in try rows(UpdateRecord.self, at: folder.updatesPath) {
    let losses: [(String, Double?)] = [
      ("approx_kl", row.meanKL), ("entropy", row.entropy), ("gradient_norm", row.gradientNorm),
      ("surrogate_before", row.surrogateBefore), ("surrogate_after", row.surrogateAfter),
      ("step_fraction", row.stepFraction), ("backtracks", row.backtracks),
      ("dead_units", row.deadUnits), ("weight_norm", row.weightNorm),
      ("clipfrac", row.clipFraction), ("explained_variance", row.explainedVariance),
    ]
    found += losses.compactMap { tag, value in value.map { ("losses/\(tag)", $0, row.decisions) } }
  }
  let decisions = Dictionary(
    episodes.map { ($0.episode, $0.decisions) }, uniquingKeysWith: { $1 }
  ).merging([0: 0]) { known, _ in known }
  let games = Dictionary(
    grouping: try rows(EvaluationRecord.self, at: folder.evaluationsPath), by: \.checkpoint)
  for (checkpoint, rows) in games.sorted(by: { $0.key < $1.key }) {
    let mean = rows.reduce(0) { $0 + $1.return } / Double(rows.count)
    let step = decisions[checkpoint] ?? episodes.last?.decisions ?? 0
    found.append(("eval/episodic_return", mean, step))
  }
  return found
}

/// Every value of the configuration by its path; what is neither a number, a flag nor a text is
/// written as JSON.
private func hyperparameters(
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

extension TensorBoardEvents.Hyperparameter {
  /// For a table in Markdown.
  fileprivate var words: String {
    switch self {
    case .number(let number): canonicalJSON(.number(number))
    case .flag(let flag): "\(flag)"
    case .text(let text): text.replacing("|", with: "\\|")
    }
  }
}
