// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Report
import RunStore

/// `rallybook show TRIAL`
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a trial: its state, what is special about it, where it comes from.")

  @Argument(help: "The trial: its first digits, or RUN/DIGITS.", completion: .trials)
  var trial: String
  @OptionGroup var store: StoreOptions
  @Flag(help: "Print the whole configuration, not only what differs from the defaults.") var all =
    false
  @Flag(help: "Print one JSON object.") var json = false

  private typealias Pair = (name: String, value: String)

  func run() throws {
    let found = try FoundTrial(trial, in: store)
    let facts = found.facts
    if json { return say(json: facts.json) }
    say(
      "\(facts.experiment)/\(facts.id)  \(facts.label ?? "not in the plan")"
        + (facts.seed.map { ", seed \($0)" } ?? ""))
    section("", results(found))
    section(
      "experiment",
      [
        ("title", facts.title), ("author", facts.about.author),
        ("tags", facts.about.tags.joined(separator: ", ")),
        ("description", facts.about.description),
      ].filter { !$0.1.isEmpty })
    section(all ? "configuration" : "configuration that differs", configuration(found))
    section("sessions", sessions(found.folder))
    section("imported from", imported(found.folder))
    section("files", files(found.folder))
    section("stored elsewhere", try others(of: found))
    if let line = facts.problemLine { printError(line) }
  }

  /// A heading with pairs below it, aligned; nothing where there are none.
  private func section(_ heading: String, _ pairs: [Pair]) {
    if !heading.isEmpty && !pairs.isEmpty { say(lines: "\n\(heading)") }
    store.say(
      [.init("") { .init("  " + $0.name, .faint) }, .init("", least: 20) { .init($0.value) }],
      rows: pairs, heading: false)
  }

  private func results(_ found: FoundTrial) -> [Pair] {
    let (facts, measures) = (found.facts, found.facts.measures)
    guard let status = facts.status else { return [("state", facts.stateWords)] }
    let score = found.run.plan.flatMap { plan in
      measures.score.map { "\(Shown.score($0)), \(plan.score.noun)" }
    }
    let evaluation = measures.evaluationMean.map {
      "\(Numbers.score($0)) mean return of \(Numbers.count(status.evaluated, "episode"))"
    }
    let time = measures.wallSeconds.map {
      "\(Durations.text($0)) training, \(Numbers.rate(facts.decisionsPerSecond)) decisions/s"
    }
    let pairs: [(String, String?)] = [
      ("state", facts.stateWords), ("reason", status.message), ("activity", facts.doing),
      ("updated", "\(status.updatedAt) (\(Shown.age(of: status.updatedAt, now: Timestamp.now)))"),
      ("score", score),
      ("last 100", measures.finalMean.map { "\(Numbers.score($0)) mean return" }),
      ("evaluation", evaluation),
      ("episodes", "\(facts.shownEpisodes), \(Numbers.whole(status.decisions)) decisions"),
      ("time", time),
    ]
    return pairs.compactMap { name, value in value.map { (name, $0) } }
  }

  /// What the sweep sets, then what else differs from the defaults.
  private func configuration(_ found: FoundTrial) -> [Pair] {
    let swept = found.planned.flatMap { found.run.plan?.variants[$0.variant].differing } ?? []
    let names = Set(swept.map(\.path))
    let values = found.facts.configuration
    let paths = configurationPaths([values]).filter { path in
      !names.contains(path) && (all || Self.defaultValue(path, in: values) != values[path: path])
    }
    return swept.map { ($0.path, shownValue($0.value) + "  (swept)") }
      + paths.map { ($0, values[path: $0].map(shownValue) ?? Numbers.nothing) }
  }

  /// The default of a parameter beside its configuration's component; nil for what the catalogue
  /// does not know.
  private static func defaultValue(_ path: String, in configuration: ConfigValue) -> ConfigValue? {
    let parts = path.split(separator: ".").map(String.init)
    guard parts.count == 2, let section = Catalogue.standard.section(named: parts[0]) else {
      return nil
    }
    if parts[1] == section.selector { return section.components.first.map { .string($0.id) } }
    let component = section.component(in: configuration[path: parts[0]])
    return component?.parameters.first { $0.name == parts[1] }?.defaultValue
  }

  private func sessions(_ folder: TrialFolder) -> [Pair] {
    guard let record = (try? folder.readProvenance()) ?? nil else { return [] }
    return record.completeSessions.flatMap { session -> [Pair] in
      let span =
        session.toEpisode > session.fromEpisode
        ? "episodes \(Numbers.whole(session.fromEpisode)) to \(Numbers.whole(session.toEpisode))"
        : session.endedAt == nil ? "no end recorded" : "evaluation only"
      let program = [
        session.versions.map { "rallybook \($0.rallybook), Swift \($0.swift)" } ?? "",
        session.binary.map { ", binary \($0)" } ?? "",
        session.git.map { ", commit \($0.commit.prefix(12))\($0.dirty ? " with changes" : "")" }
          ?? "",
      ].joined()
      let machine = session.machine.map { "\($0.cpu), \($0.vectorExtension), \($0.kernel)" }
      return [
        (session.startedAt, "\(span), \(Durations.text(session.wallSeconds))"), ("", program),
      ] + (machine.map { [("", $0)] } ?? []) + (session.skipped ?? []).map { ("", "skipped \($0)") }
    }
  }

  private func imported(_ folder: TrialFolder) -> [Pair] {
    guard let record = (try? folder.readImport()) ?? nil else { return [] }
    return record.sources.map { ($0.path, "\($0.format), \(Numbers.bytes($0.bytes))") }
      + record.remarks.map { ("", $0) }
  }

  private func files(_ folder: TrialFolder) -> [Pair] {
    guard Disk.isFolder(folder.path), let names = try? Disk.names(in: folder.path) else {
      return []
    }
    return [("", folder.path)]
      + names.map { name in
        let path = "\(folder.path)/\(name)"
        let size = Numbers.bytes(DiskSpace.taken(by: path))
        guard Disk.isFolder(path) else { return (name, size) }
        let count = (try? Disk.names(in: path).count) ?? 0
        return ("\(name)/", "\(size) in \(Numbers.count(count, "file"))")
      }
  }

  /// The same trial under other names or in other runs.
  private func others(of found: FoundTrial) throws -> [Pair] {
    StoredTwice.all(in: try store.storedRuns()).compactMap { twice in
      if twice.other == found.folder { return (twice.folder.path, twice.comparison.words()) }
      guard twice.folder == found.folder else { return nil }
      return (twice.other.path, RecordsCompared(of: twice.other, to: found.folder).words())
    }
  }
}
