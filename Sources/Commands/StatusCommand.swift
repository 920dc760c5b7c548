// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec
import RunStore

/// `rallybook status [NAME…]`
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how the trials of runs stand.")

  @Argument(help: "Names of runs; all without.") var names: [String] = []
  @OptionGroup var folders: FolderOptions

  func run() throws {
    let known = (try? RunFolder.names(in: folders.runs)) ?? []
    for name in names where !known.contains(name) {
      throw end(2, "error: no run \"\(name)\" in \(folders.runs)")
    }
    for name in names.isEmpty ? known : names {
      do throws(RunStoreError) {
        let snapshot = try RunSnapshot(RunFolder(runs: folders.runs, name: name))
        print("\(name): \(summary(snapshot))")
        if !names.isEmpty { table(snapshot) }
      } catch {
        printError(String(describing: error))
      }
    }
  }

  private func summary(_ snapshot: RunSnapshot) -> String {
    TrialState.allCases.compactMap { state in
      snapshot.counts[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
    }.joined(separator: ", ")
  }

  private func table(_ snapshot: RunSnapshot) {
    let width = snapshot.trials.map { $0.label.count }.max() ?? 0
    for trial in snapshot.trials {
      let label = trial.label + String(repeating: " ", count: width - trial.label.count)
      let episodes = trial.status.map { "\($0.episodes)/\(trial.targetEpisodes)" } ?? "-"
      let mean = trial.status?.runningMean.map { "\(($0 * 100).rounded() / 100)" } ?? "-"
      print(
        "  \(trial.planned.id)  \(label)  seed \(trial.planned.seed)  \(trial.state.rawValue)  "
          + "episodes \(episodes)  running mean \(mean)")
      if let message = trial.status?.message { print("      \(message)") }
      if let problem = trial.problem { print("      \(problem)") }
    }
    for name in snapshot.foreign { print("  not of this plan: \(name)") }
  }
}
