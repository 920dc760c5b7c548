// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import ExperimentSpec
import ParameterSchema
import RunStore

/// `rallybook plan FILE`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show the variants and trials of an experiment: what differs, what is done, the cost."
  )

  @Argument(help: "The experiment file.") var file: String
  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup var folders: FolderOptions
  @Option(name: .shortAndLong, help: "Cores to reckon with; by default all.") var jobs: Int?

  func run() throws {
    let plan = try experiment.load(file)
    let folder = RunFolder(runs: folders.runs, name: plan.name)
    let snapshot: RunSnapshot
    do throws(RunStoreError) {
      snapshot = try RunSnapshot(folder, plan: plan)
    } catch {
      throw end(error.exitStatus, String(describing: error))
    }
    print(plan.title)
    print(plan.arithmetic)
    print("")
    let width = plan.variants.map { $0.label.count }.max() ?? 0
    for variant in plan.variants {
      let trials = snapshot.trials.filter { $0.planned.variant == variant.index }
      let done = trials.filter(\.isComplete).count
      let differing = variant.differing.map { "\($0.path) \(canonicalJSON($0.value))" }
      let label = variant.label + String(repeating: " ", count: width - variant.label.count)
      print("  \(label)  \(done) of \(trials.count) done  \(differing.joined(separator: ", "))")
      for note in variant.dropped { print("      \(note)") }
    }
    let open = snapshot.trials.filter { !$0.isComplete }
    print("")
    print("trials to run: \(open.count) of \(plan.trials.count)")
    let bytes = open.reduce(0) { $0 + trialBytes(plan.variants[$1.planned.variant]) }
    if !open.isEmpty { print("disk: at most \(DiskSpace.text(bytes))") }
    print(timeSentence(snapshot, open: open))
  }

  /// What the finished trials took, spread over the cores.
  private func timeSentence(_ snapshot: RunSnapshot, open: [RunSnapshot.Trial]) -> String {
    var seconds = 0.0
    var episodes = 0
    for trial in snapshot.trials {
      if let row = try? readCSV(TimingRecord.self, at: trial.folder.timingPath).last {
        seconds += row.wallSeconds
        episodes += row.episode
      }
    }
    if open.isEmpty { return "time: nothing is left to do" }
    guard episodes > 0 else { return "time: unknown until a first trial has run" }
    let left = open.reduce(0) { $0 + max(0, $1.targetEpisodes - ($1.status?.episodes ?? 0)) }
    let cores = jobs ?? MachineFacts.usableCores
    let estimate = seconds / Double(episodes) * Double(left) / Double(cores)
    return "time: about \(Int(estimate.rounded(.up))) s on \(cores) cores, from what ran so far"
  }
}
