// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Environments
import ExperimentSpec
import ParameterSchema
import RunStore
import Trials

/// How long the trials that are left will take, by what trials of the same kind took earlier or take
/// now.
struct TimeEstimate {
  private let snapshot: RunSnapshot
  private let open: [RunSnapshot.Trial]
  private var earlier: [TrialKind: TimingRecord] = [:]
  private var measured: [TrialKind: TimingRecord] = [:]
  /// Folders of the trials in `earlier`.
  private var counted: Set<String> = []
  /// The kinds of the variants that have trials left, by the variants' numbers.
  private lazy var kinds = Dictionary(
    Set(open.map(\.planned.variant)).map {
      ($0, TrialKind(snapshot.plan.variants[$0].configuration))
    }, uniquingKeysWith: { first, _ in first })

  /// Reads this run's trials, then those of other runs until each kind is known.
  ///
  /// - Parameter open: the trials that are left.
  init(_ snapshot: RunSnapshot, open: [RunSnapshot.Trial], runs: String) {
    self.snapshot = snapshot
    self.open = open
    guard !open.isEmpty else { return }
    add(snapshot)
    guard let names = try? RunFolder.names(in: runs), !names.isEmpty else { return }
    let wanted = Set(kinds.values)
    for name in [snapshot.plan.name] + names where !wanted.isSubset(of: earlier.keys) {
      if let other = try? RunSnapshot(RunFolder(runs: runs, name: name)) { add(other) }
    }
  }

  private mutating func add(_ snapshot: RunSnapshot) {
    var known: [Int: TrialKind] = [:]
    for trial in snapshot.trials where trial.status != nil {
      if counted.contains(trial.folder.path) { continue }
      // Of a trial that is being trained the last row may be half written.
      var last: TimingRecord?
      try? readCSV(TimingRecord.self, at: trial.folder.timingPath) { last = $0 }
      guard let took = last else { continue }
      counted.insert(trial.folder.path)
      let variant = trial.planned.variant
      let kind = known[variant] ?? TrialKind(snapshot.plan.variants[variant].configuration)
      known[variant] = kind
      earlier[kind] = earlier[kind].map { $0 + took } ?? took
    }
  }

  /// Trains each kind of trial that is left for a moment.
  ///
  /// - Parameter each: told before each: its number from 1, how many there are, a label.
  mutating func measure(
    seconds: Double, each: (Int, Int, String) -> Void
  ) throws(EnvironmentError) {
    let count = Set(kinds.values).count
    for variant in snapshot.plan.variants {
      guard let kind = kinds[variant.index], measured[kind] == nil else { continue }
      each(measured.count + 1, count, variant.label)
      measured[kind] = try trainingTime(
        of: variant.configuration, rootSeed: snapshot.plan.rootSeed, seconds: seconds)
    }
  }

  /// In words, without "time:".
  mutating func sentence(cores: Int) -> String {
    if open.isEmpty { return "nothing is left to do" }
    let known = Array(earlier.values) + Array(measured.values)
    let costs = known.isEmpty ? [:] : kinds.compactMapValues { cost(of: $0) }
    guard !costs.isEmpty, let first = known.first else {
      return "unknown until a first trial has run; --measure tries each kind for two seconds"
    }
    let mean = known.dropFirst().reduce(first, +)
    let times = open.map { seconds($0, costs[$0.planned.variant] ?? mean) }
    let wall = max(times.reduce(0, +) / Double(cores), times.max() ?? 0)
    let source =
      measured.isEmpty
      ? "estimated from \(Numbers.count(counted.count, "earlier trial"))"
      : "estimated from two seconds of each kind of trial; games get longer as they are learned"
    let guesses = Set(kinds.filter { costs[$0.key] == nil }.values).count
    let doubt =
      guesses == 0
      ? ""
      : "; \(Numbers.count(guesses, "kind of trial", "kinds of trial")) never ran, --measure tries each"
    return "about \(Durations.text(wall)) on \(Numbers.count(cores, "core")), \(source)\(doubt)"
  }

  /// The speed is what was measured just now, the length of an episode that of whole trainings.
  private func cost(of kind: TrialKind) -> TimingRecord? {
    guard let now = measured[kind], var whole = earlier[kind], let pace = now.secondsPerDecision
    else { return measured[kind] ?? earlier[kind] }
    whole.wallSeconds = pace * Double(whole.decisions)
    return whole
  }

  private func seconds(_ trial: RunSnapshot.Trial, _ cost: TimingRecord) -> Double {
    let configuration = snapshot.plan.configuration(of: trial.planned)
    let source = trial.planned.extends.flatMap {
      (try? snapshot.folder.trial($0).readStatus()) ?? nil
    }
    let perEpisode = cost.secondsPerEpisode ?? 0
    let evaluation =
      Double(max(0, trial.evaluationEpisodes - (trial.status?.evaluated ?? 0))) * perEpisode
    let isTrained = trial.status?.knownTarget.map { (trial.status?.episodes ?? 0) >= $0 } ?? false
    if case .number(let wanted)? = configuration[path: "training.decisions"], !isTrained {
      let done = max(trial.status?.decisions ?? 0, source?.decisions ?? 0)
      return max(0, wanted - Double(done)) * (cost.secondsPerDecision ?? 0) + evaluation
    }
    let done = max(trial.status?.episodes ?? 0, source?.episodes ?? 0)
    return Double(max(0, trial.targetEpisodes - done)) * perEpisode + evaluation
  }
}

/// What makes an episode cheap or dear: game, observation, network and kind of update. Trials that
/// differ only in real numbers, such as a learning rate, cost the same.
private struct TrialKind: Hashable {
  private let parts: [ConfigValue]

  init(_ configuration: ConfigValue) {
    parts =
      [configuration[path: "returns.baseline"] ?? .null]
      + Self.costly.compactMap { section, realNames in
        guard case .object(let values)? = configuration[path: section] else { return nil }
        return .object(values.filter { !realNames.contains($0.key) })
      }
  }

  /// Sections that decide the cost, each with the names of its real numbers.
  private static let costly: [(section: String, realNames: Set<String>)] =
    ["environment", "observation", "policy", "algorithm"].compactMap { name in
      Catalogue.standard.section(named: name).map { section in
        let parameters = section.components.flatMap(\.parameters)
        return (name, Set(parameters.filter { isReal($0.kind) }.map(\.name)))
      }
    }

  private static func isReal(_ kind: Parameter.Kind) -> Bool {
    switch kind {
    case .number: true
    case .nullable(let inner): isReal(inner)
    default: false
    }
  }
}

extension TimingRecord {
  fileprivate static func + (a: TimingRecord, b: TimingRecord) -> TimingRecord {
    TimingRecord(
      episode: a.episode + b.episode, decisions: a.decisions + b.decisions,
      wallSeconds: a.wallSeconds + b.wallSeconds, cpuSeconds: a.cpuSeconds + b.cpuSeconds)
  }

  fileprivate var secondsPerEpisode: Double? { episode > 0 ? wallSeconds / Double(episode) : nil }
  fileprivate var secondsPerDecision: Double? {
    decisions > 0 ? wallSeconds / Double(decisions) : nil
  }
}
