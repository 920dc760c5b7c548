// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore
import Search
import Trials

/// `rallybook plan FILE`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show the variants and trials of an experiment: what differs, what is done, the cost."
  )

  @Argument(help: "The experiment file.") var file: String
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
    let course = try asked.search.map { try folder.searchCourse($0) }
    let plan =
      try course.map { try folder.continued($0) } ?? extensionOption.pointed(asked.plan, in: folder)
    let snapshot = try RunSnapshot(folder, plan: plan)
    say(plan.title)
    if let about = plan.about { sayAbout(about) }
    if let space = asked.search, let course {
      printSearch(space, course, sweep: asked.plan.arithmetic)
    } else {
      say(plan.arithmetic)
    }
    say("")
    printVariants(snapshot)
    let open = snapshot.trials.filter { !$0.isComplete }
    say("")
    say("trials: \(tally(snapshot.trials))")
    if extensionOption.extend != nil { say("  \(extensionSentence(plan))") }
    if !open.isEmpty { say("disk: \(try diskSentence(plan, open, at: folder.path))") }
    var time = TimeEstimate(snapshot, open: open, runs: folders.runs)
    if measure {
      try time.measure(seconds: 2) { number, count, label in
        printError(line: "measuring \(number) of \(count): \(label)")
      }
    }
    let scope = course?.record.round.map { " of \($0)" } ?? ""
    say("time\(scope): \(time.sentence(cores: jobs ?? MachineFacts.usableCores))")
  }

  // MARK: Lines

  private func sayAbout(_ about: Plan.About) {
    if !about.author.isEmpty { say("by \(about.author)") }
    if !about.tags.isEmpty { say("tags: \(about.tags.joined(separator: ", "))") }
    if !about.description.isEmpty { say(about.description) }
  }

  /// What a search will do at most, and what it has decided.
  private func printSearch(_ space: SearchSpace, _ course: SearchCourse, sweep: String) {
    say("\(sweep), of which the search runs a part")
    say("search: \(space.settings.kind.rawValue)")
    for line in SearchOutline(space).lines { say("  \(line)") }
    let record = course.record
    for line in record.rounds.map(record.decided) + record.ended { say(line) }
    if let standing = record.standing { say("now \(standing)") }
  }

  private func printVariants(_ snapshot: RunSnapshot) {
    let plan = snapshot.plan
    let trials = Dictionary(grouping: snapshot.trials, by: \.planned.variant)
    let tallies = plan.variants.map { tally(trials[$0.index] ?? []) }
    let width = tallies.map(\.count).max() ?? 0
    let indent = String(repeating: " ", count: width + 4)
    let common = commonNotes(plan.variants)
    for (variant, tally) in zip(plan.variants, tallies) {
      let padding = String(repeating: " ", count: width - tally.count)
      say("  \(tally)\(padding)  \(variant.label)")
      let said = labelParts(variant.label)
      let settings = variant.differing.filter { !isSaid($0, in: said) }
        .map { "\($0.path) \(canonicalJSON($0.value))" }
      if !settings.isEmpty { say(indent + settings.joined(separator: ", ")) }
      for note in variant.dropped where !common.contains(note) { say(indent + note) }
    }
    for note in common { say("  in all variants: \(note)") }
  }

  /// Whether a label already says a setting; those of named cases and of drawn numbers do not.
  private func isSaid(_ setting: Plan.Setting, in parts: Set<String>) -> Bool {
    let value = shownValue(setting.value)
    if parts.contains(value) || parts.contains("\(setting.path) \(value)") { return true }
    let dot = setting.path.utf8.lastIndex(of: UInt8(ascii: "."))
    let name = dot.map { setting.path[setting.path.utf8.index(after: $0)...] } ?? setting.path[...]
    return parts.contains("\(name) \(value)")
  }

  /// What a label says, bit by bit: `discount 0.99`, `episode`.
  private func labelParts(_ label: String) -> Set<String> {
    let middle = Array(" · ".utf8)
    let comma = Array(", ".utf8)
    let bytes = Array(label.utf8)
    var parts: Set<String> = []
    var start = 0
    var place = 0
    while place <= bytes.count {
      let separator = [middle, comma].first { bytes[place...].starts(with: $0) }
      if place == bytes.count || separator != nil {
        parts.insert(String(decoding: bytes[start..<place], as: UTF8.self))
        start = place + (separator?.count ?? 0)
        place = max(start, place + 1)
      } else {
        place += 1
      }
    }
    return parts
  }

  private func commonNotes(_ variants: [Plan.Variant]) -> [String] {
    guard variants.count > 1, let first = variants.first else { return [] }
    return first.dropped.filter { note in variants.allSatisfy { $0.dropped.contains(note) } }
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

  private func diskSentence(
    _ plan: Plan, _ open: [RunSnapshot.Trial], at path: String
  ) throws -> String {
    let need = DiskNeed(open, of: plan)
    let needed = need.bytes(jobs: min(jobs ?? MachineFacts.usableCores, open.count))
    let free = (try? DiskSpace.free(at: path)).map { "; \(Numbers.bytes($0)) are free" } ?? ""
    return need.isGuessed
      ? "about \(Numbers.bytes(needed)), by observations of up to 512 numbers\(free)"
      : "at most \(Numbers.bytes(needed))\(free)"
  }
}

/// How many trials of an extended plan go on from finished ones.
func extensionSentence(_ plan: Plan) -> String {
  let continued = plan.trials.count { $0.extends != nil }
  let follows = plan.variants.contains { followsItsLength($0.configuration) }
  let reason =
    follows
    ? "; where something changes over the whole training, such as optimizer.schedule, a longer "
      + "one starts anew" : ""
  return
    "\(Numbers.whole(continued)) of \(Numbers.whole(plan.trials.count)) trials continue finished ones"
    + reason
}
