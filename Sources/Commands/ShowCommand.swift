// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore
import Runner

/// `rallybook show TRIAL`
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a trial: its state, what is special about it, where it comes from.")

  @Argument(help: "The trial: its first digits, or RUN/DIGITS.") var trial: String
  @OptionGroup var store: StoreOptions
  @Flag(help: "The whole configuration, not only what differs from the defaults.") var all = false
  @Flag(help: "One JSON object.") var json = false

  func run() throws {
    let found = try FoundTrial(trial, in: store)
    if json {
      say(json: found.facts.json)
      return
    }
    let facts = found.facts
    let title = facts.label ?? "not in the plan"
    say(
      "\(facts.experiment)/\(facts.id)  \(title)" + (facts.seed.map { ", seed \($0)" } ?? ""))
    section("", standing(found))
    section("experiment", experiment(facts))
    section(all ? "configuration" : "configuration that differs", configuration(found))
    section("sessions", sessions(found.folder))
    section("files", files(found.folder))
    let others = try duplicates(of: found)
    section("stored elsewhere", others)
    for line in problemLines([facts]) { printError(line) }
  }

  /// A heading with pairs below it, aligned; nothing where there are none.
  private func section(_ heading: String, _ pairs: [(String, String)]) {
    guard !pairs.isEmpty else { return }
    if !heading.isEmpty { say(lines: "\n\(heading)") }
    var table = TextTable([.init(""), .init("", least: 20)])
    table.rows = pairs.map { [.init("  " + $0.0, .faint), .init($0.1)] }
    for line in table.lines(width: store.width, color: store.usesColor).dropFirst() {
      say(rendered: line)
    }
  }

  /// What its file says for people.
  private func experiment(_ facts: TrialFacts) -> [(String, String)] {
    [
      ("title", facts.title), ("author", facts.about.author),
      ("tags", facts.about.tags.joined(separator: ", ")), ("description", facts.about.description),
    ].filter { !$0.1.isEmpty }
  }

  private func standing(_ found: FoundTrial) -> [(String, String)] {
    let facts = found.facts
    var pairs = [("state", facts.state.words)]
    guard let status = facts.status else { return pairs }
    if let message = status.message { pairs.append(("reason", message)) }
    if let doing = StatusCommand.doing(facts) { pairs.append(("activity", doing)) }
    pairs.append(
      ("updated", "\(status.updatedAt) (\(Shown.age(of: status.updatedAt, now: Timestamp.now)))"))
    if let plan = found.run.plan, facts.measures.score != nil {
      pairs.append(("score", "\(Shown.score(facts.measures.score)), \(Self.rule(plan.score))"))
    }
    if let mean = facts.measures.finalMean {
      pairs.append(("last 100", "\(Shown.score(mean)) mean return"))
    }
    if let mean = facts.measures.evaluationMean {
      pairs.append(
        (
          "evaluation",
          "\(Shown.score(mean)) mean return of \(Wording.count(status.evaluated, "episode"))"
        ))
    }
    pairs.append(
      ("episodes", "\(Shown.episodes(facts)), \(Numbers.whole(status.decisions)) decisions"))
    if let seconds = facts.measures.wallSeconds {
      pairs.append(
        (
          "time",
          "\(Durations.text(seconds)) training, \(Numbers.rate(facts.decisionsPerSecond)) decisions/s"
        ))
    }
    return pairs
  }

  private static func rule(_ score: Plan.Score) -> String {
    switch score.metric {
    case .return:
      switch score.reduction {
      case .mean, .iqm: "\(score.reduction.rawValue) of the last \(score.window) returns"
      case .last: "the last return"
      case .best: "the best mean of \(score.window) successive returns"
      }
    case .evaluationReturn:
      "\(score.reduction == .best ? "mean" : score.reduction.rawValue) of the evaluation's returns"
    case .episodesToThreshold:
      "episodes until the running mean over \(score.window) episodes reached "
        + Shown.value(score.threshold.map { .number($0) })
    }
  }

  /// What the sweep sets, then what else differs from the defaults.
  private func configuration(_ found: FoundTrial) -> [(String, String)] {
    let swept = found.planned.flatMap { found.run.plan?.variants[$0.variant].differing } ?? []
    let names = Set(swept.map(\.path))
    let rest = Self.leaves(found.facts.configuration).filter { path, value in
      !names.contains(path)
        && (all || Self.defaultValue(path, in: found.facts.configuration) != value)
    }
    return swept.map { ($0.path, Shown.value($0.value) + "  (swept)") }
      + rest.map { ($0.0, Shown.value($0.1)) }
  }

  /// Every parameter with its path, in order of the catalogue, then by name.
  private static func leaves(_ configuration: ConfigValue) -> [(String, ConfigValue)] {
    guard case .object(let sections) = configuration else { return [] }
    let order = Catalogue.standard.sections.map(\.name)
    let names =
      order.filter { sections[$0] != nil } + sections.keys.filter { !order.contains($0) }.sorted()
    return names.flatMap { name -> [(String, ConfigValue)] in
      guard let section = sections[name], case .object(let members) = section else {
        return [(name, sections[name] ?? .null)]
      }
      return members.sorted { $0.key < $1.key }.map { ("\(name).\($0.key)", $0.value) }
    }
  }

  /// The default of a parameter beside its configuration's component; nil for a selector and for
  /// what the catalogue does not know.
  private static func defaultValue(_ path: String, in configuration: ConfigValue) -> ConfigValue? {
    let parts = path.split(separator: ".").map(String.init)
    guard parts.count == 2, let section = Catalogue.standard.section(named: parts[0]) else {
      return nil
    }
    if parts[1] == section.selector { return section.components.first.map { .string($0.id) } }
    let component = section.component(in: configuration[path: parts[0]])
    return component?.parameters.first { $0.name == parts[1] }?.defaultValue
  }

  private func sessions(_ folder: TrialFolder) -> [(String, String)] {
    guard let record = (try? folder.readProvenance()) ?? nil else { return [] }
    return record.completeSessions.flatMap { session -> [(String, String)] in
      let span =
        session.toEpisode > session.fromEpisode
        ? "episodes \(Numbers.whole(session.fromEpisode)) to \(Numbers.whole(session.toEpisode))"
        : session.endedAt == nil ? "no end recorded" : "evaluation only"
      var program = session.versions.map { "rallybook \($0.rallybook), Swift \($0.swift)" } ?? ""
      if let binary = session.binary { program += ", binary \(binary)" }
      if let git = session.git {
        program += ", commit \(git.commit.prefix(12))" + (git.dirty ? " with changes" : "")
      }
      var pairs = [
        (session.startedAt, "\(span), \(Durations.text(session.wallSeconds))"), ("", program),
      ]
      if let machine = session.machine {
        pairs.append(("", "\(machine.cpu), \(machine.vectorExtension), \(machine.kernel)"))
      }
      return pairs
    }
  }

  private func files(_ folder: TrialFolder) -> [(String, String)] {
    guard Disk.isFolder(folder.path), let names = try? Disk.names(in: folder.path) else {
      return []
    }
    let listed = names.compactMap { name -> (String, String)? in
      let path = "\(folder.path)/\(name)"
      let size = Numbers.bytes(DiskSpace.taken(by: path))
      guard Disk.isFolder(path) else { return (name, size) }
      let count = (try? Disk.names(in: path).count) ?? 0
      return ("\(name)/", "\(size) in \(Wording.count(count, "file"))")
    }
    return [("", folder.path)] + listed
  }

  /// The same trial under other names or in other runs.
  private func duplicates(of found: FoundTrial) throws -> [(String, String)] {
    let twice = StoredTwice.all(in: try store.storedRuns())
    return twice.filter { $0.folder == found.folder || $0.other == found.folder }.map { trial in
      let isFirst = trial.other == found.folder
      return (
        isFirst ? trial.folder.path : trial.other.path,
        Wording.short(isFirst ? trial.standing : RecordStanding(of: trial.other, to: found.folder))
      )
    }
  }
}
