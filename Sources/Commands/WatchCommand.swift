// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import RunStore
import Runner
import Search

/// `rallybook watch NAME`
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follow a run that another terminal or a cluster is running.",
    discussion: """
      It reads the run's folder and writes nothing. Ctrl-C ends the watching, not the run.
      """)

  @Argument(help: "The run's name.", completion: .runs) var name: String
  @OptionGroup var folders: FolderOptions
  @Flag(help: "Print a line for each change instead of the live table.") var noProgress = false
  @Flag(help: "Print events as JSON, one a line, on standard output.") var json = false
  @Option(help: "Colour: auto, always or never.") var color: ColorChoice = .auto

  func run() async throws {
    let run = try folders.run(name)
    var next: RunSnapshot? = try RunSnapshot(run)
    while let snapshot = next {
      var batch = try Batch(snapshot, retriesFailed: true)
      batch.title = run.readRounds()?.round
      let rules = QueueState.Rules(jobs: nil, leaveSignals: Set(RunnerSignals.stop))
      do {
        let outcome = try await BatchRunner(
          batch, rules: rules, scheduler: FolderWatcher(run),
          observers: batchObservers(showsProgress: !noProgress, isJSON: json, color: color)
        ).run()
        if outcome.firstSignal != nil { return }
      } catch FolderWatcher.End.nothingRuns {
        let file = (try? run.readPlan().experimentFile) ?? "FILE"
        return printError("nothing is running here now; continue with: rallybook run \(file)")
      } catch FolderWatcher.End.over {}
      next = try await nextRound(of: run, after: snapshot.plan)
    }
  }

  /// Waits for the next round, as long as a run works on it; nil where none comes.
  private func nextRound(of run: RunFolder, after plan: Plan) async throws -> RunSnapshot? {
    guard plan.hasRounds else { return nil }
    while FolderLock.holder(of: run) != nil {
      let now = try RunSnapshot(run)
      if now.plan.trials != plan.trials { return now }
      try await Task.sleep(for: .milliseconds(500))
    }
    return nil
  }
}
