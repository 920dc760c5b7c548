// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec
import ParameterSchema
import RunStore
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
  @Option(name: .shortAndLong, help: "Cores to reckon with; by default all.") var jobs: Int?
  @Flag(help: "Train each kind of trial for two seconds first, for the time.") var measure = false

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs \(jobs): allowed are 1 to 1024")
    }
  }

  func run() throws {
    let asked = try experiment.load(file, extension: extensionOption.extend)
    let folder = RunFolder(runs: folders.runs, name: asked.name)
    let plan: Plan
    let snapshot: RunSnapshot
    do throws(RunStoreError) {
      plan = try extensionOption.pointed(asked, in: folder)
      snapshot = try RunSnapshot(folder, plan: plan)
    } catch {
      throw end(error.exitStatus, String(describing: error))
    }
    print(plan.title)
    print(plan.arithmetic)
    print("")
    printVariants(snapshot)
    let open = snapshot.trials.filter { !$0.isComplete }
    print("")
    print("trials: \(tally(snapshot.trials))")
    if extensionOption.extend != nil { print("  \(extensionSentence(plan))") }
    if !open.isEmpty { print("disk: \(try diskSentence(plan, open, at: folder.path))") }
    var time = TimeEstimate(snapshot, open: open, runs: folders.runs)
    if measure {
      do {
        try time.measure(seconds: 2) { number, count, label in
          printError("measuring \(number) of \(count): \(label)")
        }
      } catch {
        throw end(1, "error: \(error)")
      }
    }
    print("time: \(time.sentence(cores: jobs ?? MachineFacts.usableCores))")
  }

  // MARK: Lines

  private func printVariants(_ snapshot: RunSnapshot) {
    let plan = snapshot.plan
    let trials = Dictionary(grouping: snapshot.trials, by: \.planned.variant)
    let width = min(60, plan.variants.map { $0.label.count }.max() ?? 0)
    // A named case does not say what it sets.
    let isNamed = plan.axes.contains { $0.path == "case" }
    let common = commonNotes(plan.variants)
    for variant in plan.variants {
      let padding = String(repeating: " ", count: max(0, width - variant.label.count))
      print("  \(variant.label)\(padding)  \(tally(trials[variant.index] ?? []))")
      if isNamed, !variant.differing.isEmpty {
        let settings = variant.differing.map { "\($0.path) \(canonicalJSON($0.value))" }
        print("      \(settings.joined(separator: ", "))")
      }
      for note in variant.dropped where !common.contains(note) { print("      \(note)") }
    }
    for note in common { print("  in all variants: \(note)") }
  }

  private func commonNotes(_ variants: [Plan.Variant]) -> [String] {
    guard variants.count > 1, let first = variants.first else { return [] }
    return first.dropped.filter { note in variants.allSatisfy { $0.dropped.contains(note) } }
  }

  /// `3 of 10 done, 1 failed, 2 begun`.
  private func tally(_ trials: [RunSnapshot.Trial]) -> String {
    let done = trials.count(where: \.isComplete)
    let open = trials.filter { !$0.isComplete }
    let failed = open.count { $0.state == .failed }
    let running = open.count { $0.state == .running }
    let begun = open.count { $0.state != .pending } - failed - running
    var text = "\(grouped(done)) of \(grouped(trials.count)) done"
    for (count, word) in [(failed, "failed"), (running, "running"), (begun, "begun")]
    where count > 0 {
      text += ", \(grouped(count)) \(word)"
    }
    return text
  }

  private func diskSentence(
    _ plan: Plan, _ open: [RunSnapshot.Trial], at path: String
  ) throws -> String {
    var sizes = TrialSizes()
    let bytes = plan.variants.map { sizes.bytes($0) }
    let needed = open.reduce(0) { $0 + bytes[$1.planned.variant] }
    let free = (try? DiskSpace.free(at: path)).map { "; \(DiskSpace.text($0)) are free" } ?? ""
    return "at most \(DiskSpace.text(needed))\(free)"
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
  return "\(grouped(continued)) of \(grouped(plan.trials.count)) trials continue finished ones"
    + reason
}
