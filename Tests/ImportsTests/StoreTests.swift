// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import Foundation
import ParameterSchema
import TestSupport
import Testing

@testable import Imports

@Suite("Local stores of MLflow and trackio") struct StoreTests {
  /// As the scripts that made the stores drew them for a2c, seed 0.
  private let first = 8.428

  @Test(
    "A database is a folder of runs: names, parameters, NaN and infinity as each tool stores them")
  func databases() throws {
    for (name, infinity) in [("mlflow.db", Double.infinity), ("trackio.db", -.infinity)] {
      let plan = try imported("\(name)/{variant}-seed{seed}")
      #expect(plan.trials.map { "\($0.label) \($0.seed)" } == ["a2c 0", "a2c 1", "ppo 0", "ppo 1"])
      let plain = try plan.trial("a2c", 0).curve
      #expect(plain.episodes.map(\.decisions) == (1...12).map { 100 * $0 })
      #expect(plain.episodes.first?.return == first && !plain.isMeans)
      #expect(plain.timing.isEmpty == (name == "trackio.db"))
      let broken = try plan.trial("ppo", 1).curve.episodes
      #expect(broken[4].return.isNaN && broken[5].return == infinity)
      #expect(broken.count == 12)
      let settings = plan.plan.variants.map { $0.configuration[path: "hyperparameters.lr"] }
      #expect(settings == [0.001, 0.0003])
      #expect(plan.plan.variants[0].configuration[path: "hyperparameters.seed"] == nil)
    }
  }

  @Test("The seed may stand among a run's parameters")
  func parameterSeeds() throws {
    let plan = try imported("mlflow.db/{variant}-*")
    #expect(plan.trials.map { "\($0.label) \($0.seed)" } == ["a2c 0", "a2c 1", "ppo 0", "ppo 1"])
  }

  @Test("MLflow's older files are runs by their names too")
  func files() throws {
    let plan = try imported(
      "mlruns/1/{variant}-seed{seed}", columns: "return=eval/return")
    #expect(plan.trials.map { "\($0.label) \($0.seed)" } == ["a2c 0", "a2c 1"])
    #expect(try plan.trial("a2c", 0).curve.episodes.first?.return == first)
    let broken = try plan.trial("a2c", 1).curve.episodes
    #expect(broken[4].return.isNaN && broken[5].return == .infinity)
    #expect(plan.plan.variants[0].configuration[path: "hyperparameters.lr"] == 0.001)
  }

  @Test("What cannot be told apart, or is no such store, is refused with what to do")
  func refusals() throws {
    let whole = try #require(sentence { try imported("mlflow.db") })
    #expect(whole.contains("holds 4 runs, as a folder does files; write which"))
    #expect(whole.contains("\"a2c-seed0\""))
    let both = try #require(sentence { try imported("mlflow.db/*-seed0") })
    #expect(both.contains("a run of a store is one by itself"))
    let folder = try TemporaryFolder()
    try folder.write("SQLite format 3\u{0}and then nothing of it", to: "x.db")
    let text = try #require(sentence { try ImportPlan(request(["\(folder.path)/x.db/{variant}"])) })
    #expect(text.contains("x.db: SQLite: "))
    try folder.write("text", to: "y.txt")
    #expect(
      sentence { try ImportPlan(request(["\(folder.path)/y.txt"])) }?.contains("no known kind")
        == true)
  }
}
