// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import RunStore

extension ProvenanceView {
  init(_ digest: RunDigest) {
    self.init(
      heading: "Provenance", lead: Wording.reproduction(digest),
      command: Self.command(digest.plan), facts: Self.facts(digest), methods: Wording.methods)
  }

  /// The command that runs the same plan; several where some added to it.
  static func command(_ plan: Plan) -> String {
    plan.commands.map { options in
      // `--set path=value` is stored as one text, and is two words.
      let words = options.flatMap { $0.split(separator: " ", maxSplits: 1).map(String.init) }
      return (["rallybook", "run", plan.experimentFile] + words).map(shellWord)
        .joined(separator: " ")
    }.joined(separator: " && ")
  }

  private static func facts(_ digest: RunDigest) -> [Fact] {
    let plan = digest.plan
    let records = digest.trials.compactMap(\.provenance)
    var facts = [
      Fact(name: "Experiment file, SHA-256", value: plan.experimentHash, isCode: true),
      Fact(
        name: "Seeds", value: Wording.seeds(plan.seeds, rootSeed: plan.rootSeed), isCode: false),
    ]
    func add(_ name: String, isCode: Bool = false, _ value: (Provenance) -> String?) {
      let values = unique(records.compactMap(value))
      if !values.isEmpty {
        facts.append(Fact(name: name, value: values.joined(separator: "; "), isCode: isCode))
      }
    }
    add("Versions") { "Rallybook \($0.versions.rallybook), Swift \($0.versions.swift)" }
    add("Commit", isCode: true) { record in
      record.git.map {
        ($0.commit.isEmpty ? "none yet" : String($0.commit.prefix(12)))
          + ($0.dirty ? ", with changes" : "")
      }
    }
    add("Machine") {
      "\($0.machine.cpu), \(Wording.count($0.machine.cores, "core")), \($0.machine.vectorExtension)"
    }
    add("System") { "\($0.machine.os), \($0.machine.kernel)" }
    add("Environment") { record in
      record.settings.isEmpty
        ? nil
        : record.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
          .joined(separator: ", ")
    }
    if digest.includesTiming { facts += timing(records) }
    return facts
  }

  private static func timing(_ records: [Provenance]) -> [Fact] {
    let sessions = records.flatMap(\.sessions)
    guard let first = sessions.map(\.startedAt).min() else { return [] }
    let last = sessions.compactMap(\.endedAt).max()
    let wall = sessions.reduce(0) { $0 + $1.wallSeconds }
    let cpu = sessions.reduce(0) { $0 + $1.cpuSeconds }
    let peak = sessions.map(\.peakMemoryBytes).max() ?? 0
    return [
      Fact(name: "From", value: first, isCode: false),
      Fact(name: "To", value: last ?? "running", isCode: false),
      Fact(
        name: "All trials together",
        value: "\(Durations.text(wall)) wall, \(Durations.text(cpu)) CPU", isCode: false),
      Fact(
        name: "Peak memory of a trial",
        value: Numbers.bytes(peak), isCode: false),
    ]
  }

  /// In order of the first appearance.
  private static func unique(_ texts: [String]) -> [String] {
    texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension Wording {
  static func seeds(_ seeds: [Int], rootSeed: Int) -> String {
    let isRange =
      seeds.count > 2 && seeds == Array((seeds.first ?? 0)..<(seeds.first ?? 0) + seeds.count)
    let text =
      isRange
      ? "\(seeds[0]) to \(seeds[seeds.count - 1])"
      : seeds.map { "\($0)" }.joined(separator: ", ")
    return rootSeed == 0 ? text : "\(text); root seed \(rootSeed)"
  }
}
