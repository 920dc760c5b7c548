// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import Foundation
import ParameterSchema
import RunStore
import TestSupport
import Testing

@testable import Imports

@Suite("Imported trials in a run's folder") struct ImportPlanTests {
  private func run(_ folder: TemporaryFolder) -> RunFolder {
    RunFolder(runs: "\(folder.path)/runs", name: "foreign")
  }

  /// Copies what the real programs wrote, to be changed.
  private func copied(_ name: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: "\(fixtures)/\(name)", toPath: "\(folder.path)/\(name)")
    return folder
  }

  @Test("They read as finished trials of a run, marked as imported, with scores by the usual rule")
  func facts() throws {
    let folder = try TemporaryFolder()
    let plan = try imported("cleanrl/CartPole-v1__{variant}__{seed}__*")
    #expect(try plan.store(in: run(folder)) == [.new, .new, .new, .new])
    let stored = try StoredRun(run(folder))
    #expect(stored.counts == [.finished: 4] && stored.foreign.isEmpty)
    #expect(stored.plan == plan.plan)
    for (facts, trial) in zip(stored.trials, plan.trials) {
      #expect(facts.isImported && facts.stateWords == "imported")
      #expect(facts.problem == nil && facts.measures.problem == nil)
      let returns = trial.curve.episodes.map(\.return)
      let mean = returns.reduce(0, +) / Double(returns.count)
      #expect(facts.measures.score == (mean.isNaN ? nil : mean))
      #expect(facts.measures.cpuSeconds == nil)
      #expect(facts.status?.decisions == trial.curve.episodes.last?.decisions)
    }
    let query = try QueryExpression("imported and imported.variant = \"ppo\"")
    let found = try RunSnapshot(run(folder)).trials(
      matching: query, catalogue: Catalogue(sections: [], presets: []))
    #expect(found == Set(plan.trials.filter { $0.label == "ppo" }.map(\.id)))
  }

  @Test("The score of means is the last of them; their rows are averaged nowhere")
  func means() throws {
    let folder = try TemporaryFolder()
    let plan = try imported("sb3/{variant}/seed{seed}/progress.csv")
    _ = try plan.store(in: run(folder))
    for (facts, trial) in zip(try StoredRun(run(folder)).trials, plan.trials) {
      let last = trial.curve.episodes.last?.return
      #expect(facts.measures.score == last && facts.measures.finalMean == last)
      #expect(facts.status?.smoothedMean == nil)
      let records = TrialRecords(run(folder).trial(facts.id))
      #expect(records.meanWindow == 1 && records.lastGames == nil)
    }
  }

  @Test("Importing again changes nothing; what has changed since is told and imported anew")
  func again() throws {
    let folder = try copied("sb3")
    func plan() throws -> ImportPlan {
      try ImportPlan(request(["\(folder.path)/sb3/{variant}/seed{seed}/*.monitor.csv"], unit: nil))
    }
    _ = try plan().store(in: run(folder))
    let status = try run(folder).trial(plan().trials[0].id).statusPath
    let before = try Disk.read(status)
    #expect(try plan().store(in: run(folder)) == Array(repeating: .unchanged, count: 4))
    #expect(try Disk.read(status) == before)

    let file = "\(folder.path)/sb3/ppo/seed1/0.monitor.csv"
    let longer = try String(contentsOfFile: file, encoding: .utf8) + "99.0,99,77.5\n"
    try Data(longer.utf8).write(to: URL(fileURLWithPath: file))
    let outcomes = try plan().store(in: run(folder))
    #expect(outcomes.count { $0 == .unchanged } == 3)
    guard case .changed(let reasons) = outcomes[1] else {
      Issue.record("\(outcomes[1])")
      return
    }
    #expect(reasons.count == 1 && reasons[0].hasPrefix("\(file) has changed: 244 B before"))
    let records = TrialRecords(try run(folder).trial(plan().trials[1].id))
    #expect(records.returns.last == 99)

    let damaged = try run(folder).trial(plan().trials[2].id).episodesPath
    try Data("nothing".utf8).write(to: URL(fileURLWithPath: damaged))
    #expect(
      try plan().store(in: run(folder))[2]
        == .changed(["\(damaged) is not what was imported, and is written anew"]))
  }

  @Test(
    "Other placeholders are hyperparameters, in the configuration and in the label where they vary")
  func hyperparameters() throws {
    let folder = try TemporaryFolder()
    for rate in ["0.1", "0.01"] {
      for seed in 0..<2 {
        try folder.write("step,return\n10,\(seed)\n", to: "pong_\(rate)_\(seed).csv")
      }
    }
    let plan = try ImportPlan(request(["\(folder.path)/{game}_{lr}_{seed}.csv"]))
    #expect(plan.plan.variants.map(\.label) == ["lr 0.01", "lr 0.1"])
    #expect(plan.plan.variants[1].configuration[path: "hyperparameters.lr"] == 0.1)
    #expect(plan.plan.variants[1].configuration[path: "hyperparameters.game"] == "pong")
    #expect(plan.plan.trials.map(\.seed) == [0, 1, 0, 1])
    #expect(Set(plan.trials.map(\.id)).count == 4)
  }

  @Test("A seed that nothing tells is refused, unless the trial is the only one of its variant")
  func seeds() throws {
    let folder = try TemporaryFolder()
    try folder.write("step,return\n10,1\n", to: "a-1.csv")
    let alone = try ImportPlan(request(["\(folder.path)/{variant}-*.csv"]))
    #expect(alone.trials.map(\.seed) == [0])
    #expect(alone.remarks.count == 1 && alone.remarks[0].contains("no seed is known"))
    try folder.write("step,return\n10,2\n", to: "a-2.csv")
    // Two files of one trial: a training that went on.
    let joined = try ImportPlan(request(["\(folder.path)/{variant}-*.csv"]))
    #expect(joined.trials.count == 1 && joined.trials[0].curve.episodes.map(\.return) == [2])
    #expect(
      sentence { try ImportPlan(request(["\(folder.path)/a-{run}.csv"])) } == nil)
    try folder.write("step,return\n10,2\n", to: "a-01.csv")
    let text = try #require(
      sentence { try ImportPlan(request(["\(folder.path)/{variant}-{seed}.csv"])) })
    #expect(text.contains("are of one variant and both of seed 1"))
  }
}
