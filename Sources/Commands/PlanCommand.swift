// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore
import Search
import Statistics
import Trials

/// `rallybook plan FILE`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show the variants and trials of an experiment: what differs, what is done, the cost."
  )

  @Argument(help: "The experiment file.", completion: .experiments) var file: String
  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var extensionOption: ExtensionOption
  @Option(name: .shortAndLong, help: "Cores to assume; by default all.") var jobs: Int?
  @Flag(help: "Train each kind of trial for two seconds, to estimate the time.") var measure = false

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs \(jobs): allowed are 1 to 1024")
    }
  }

  func run() throws {
    let asked = try experiment.loadExperiment(file, extension: extensionOption.extend)
    let folder = RunFolder(runs: folders.runs, name: asked.plan.name)
    let progress = try asked.rounds.map { try $0.progress(in: folder) }
    let plan =
      try progress.map { try folder.continued($0, extends: extensionOption.extend != nil) }
      ?? extensionOption.pointed(asked.plan, in: folder)
    let snapshot = try RunSnapshot(folder, plan: plan)
    let open = snapshot.trials.filter { !$0.isComplete }
    let cores = jobs ?? MachineFacts.usableCores
    say(plan.title)
    if let about = plan.about {
      let lines = [
        about.author.isEmpty ? "" : "by \(about.author)",
        about.tags.isEmpty ? "" : "tags: \(about.tags.joined(separator: ", "))", about.description,
      ]
      for line in lines where !line.isEmpty { say(line) }
    }
    if let rounds = asked.rounds, let record = progress?.record {
      tell(rounds, record, asked.plan)
    } else {
      say(plan.arithmetic)
    }
    say("")
    printVariants(snapshot)
    say("")
    say("trials: \(tally(snapshot.trials))")
    if extensionOption.extend != nil { say("  \(extensionSentence(plan))") }
    if !open.isEmpty {
      let need = DiskNeed(open, of: plan)
      let bytes = Numbers.bytes(need.bytes(jobs: min(cores, open.count)))
      let free = (try? DiskSpace.free(at: folder.path)).map { "; \(Numbers.bytes($0)) are free" }
      say(
        "disk: "
          + (need.isGuessed
            ? "about \(bytes), by observations of up to 512 numbers" : "at most \(bytes)")
          + (free ?? ""))
    }
    var time = TimeEstimate(snapshot, open: open, runs: folders.runs)
    if measure {
      try time.measure(seconds: 2) { number, count, label in
        printError(line: "measuring \(number) of \(count): \(label)")
      }
    }
    let scope = progress?.record.round.map { " of \($0)" } ?? ""
    say("time\(scope): \(time.sentence(cores: cores))")
    if case .looks? = asked.rounds, progress?.isOver == false {
      let all = try RunSnapshot(folder, plan: asked.plan)
      var time = TimeEstimate(all, open: all.trials.filter { !$0.isComplete }, runs: folders.runs)
      say("time if nothing is decided before the last look: \(time.sentence(cores: cores))")
    }
  }

  /// What rounds will ask for at most, and what they have decided.
  private func tell(_ rounds: Rounds, _ record: any RoundRecord, _ plan: Plan) {
    switch rounds {
    case .search(let space):
      say("\(plan.arithmetic), of which the search runs a part")
      say("search: \(space.settings.kind.rawValue)")
      for line in SearchBudget(space).lines { say("  \(line)") }
    case .looks(let space):
      say("\(plan.arithmetic), as many as the hypotheses need")
      say(
        "looks after \(space.looks.pairs.map { Numbers.whole($0) }.joined(separator: ", ")) pairs of "
          + "seeds; the first trains every variant, the others only what an open hypothesis compares"
      )
      for hypothesis in plan.hypotheses where hypothesis.measure != .difference {
        say(
          "  looked at once, after \(Numbers.count(space.looks.most, "pair")): \(hypothesis.claim) "
            + "(\(hypothesis.measure.rawValue))")
      }
    }
    for line in record.decisions + record.ended { say(line) }
    if let next = record.next { say("now \(next)") }
  }

  private func printVariants(_ snapshot: RunSnapshot) {
    let variants = snapshot.plan.variants
    let trials = Dictionary(grouping: snapshot.trials, by: \.planned.variant)
    let tallies = variants.map { tally(trials[$0.index] ?? []) }
    let width = tallies.map(\.count).max() ?? 0
    let indent = String(repeating: " ", count: width + 4)
    let common =
      variants.count > 1
      ? variants[0].dropped.filter { note in variants.allSatisfy { $0.dropped.contains(note) } }
      : []
    for (variant, tally) in zip(variants, tallies) {
      say("  \(tally)\(String(repeating: " ", count: width - tally.count))  \(variant.label)")
      let said = Self.parts(ofLabel: variant.label)
      let settings = variant.differing.filter { !isSaid($0, in: said) }
        .map { "\($0.path) \(canonicalJSON($0.value))" }
      if !settings.isEmpty { say(indent + settings.joined(separator: ", ")) }
      for note in variant.dropped where !common.contains(note) { say(indent + note) }
    }
    for note in common { say("  in all variants: \(note)") }
  }

  /// What a label says, bit by bit: `discount 0.99`, `episode`.
  private static func parts(ofLabel label: String) -> Set<String> {
    var parts: Set<String> = []
    var rest = Array(label.utf8)[...]
    while !rest.isEmpty {
      let end = rest.indices.first { place in gaps.contains { rest[place...].starts(with: $0) } }
      parts.insert(String(decoding: rest[..<(end ?? rest.endIndex)], as: UTF8.self))
      let gap = end.flatMap { place in gaps.first { rest[place...].starts(with: $0) } }
      rest = rest[(end ?? rest.endIndex)...].dropFirst(gap?.count ?? 0)
    }
    return parts
  }

  private static let gaps = [Array(" · ".utf8), Array(", ".utf8)]

  /// Whether a label already says a setting; those of named cases and of drawn numbers do not.
  private func isSaid(_ setting: Plan.Setting, in parts: Set<String>) -> Bool {
    let value = shownValue(setting.value)
    let name =
      setting.path.utf8.split(separator: UInt8(ascii: ".")).last
      .map { String(decoding: $0, as: UTF8.self) } ?? ""
    return parts.contains("\(name) \(value)") || parts.contains(value)
      || parts.contains("\(setting.path) \(value)")
  }

  /// `3 of 10 done, 1 failed, 2 begun`.
  private func tally(_ trials: [RunSnapshot.Trial]) -> String {
    let done = trials.count(where: \.isComplete)
    let open = trials.filter { !$0.isComplete }
    var text = "\(Numbers.whole(done)) of \(Numbers.whole(trials.count)) done"
    for state in TrialState.allCases where state != .pending {
      let count = open.count { $0.state == state }
      // Finished in its training, and to be evaluated more often.
      let word = state == .finished ? "begun" : state.words
      if count > 0 { text += ", \(Numbers.whole(count)) \(word)" }
    }
    return text
  }
}

/// How many trials of an extended plan go on from finished ones.
func extensionSentence(_ plan: Plan) -> String {
  let continued = plan.trials.count { $0.extends != nil }
  let follows = plan.variants.contains { followsItsLength($0.configuration) }
  return
    "\(Numbers.whole(continued)) of \(Numbers.whole(plan.trials.count)) trials continue finished ones"
    + (follows
      ? "; where something changes over the whole training, such as optimizer.schedule, a longer "
        + "one starts anew" : "")
}
