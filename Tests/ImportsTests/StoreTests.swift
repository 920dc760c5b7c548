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

  @Test("Of MLflow's files, deleted runs are left out, and a name is what its tag says")
  func odd() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/mlruns"
    try FileManager.default.copyItem(atPath: "\(fixtures)/mlruns", toPath: path)
    let runs = try FileManager.default.contentsOfDirectory(atPath: "\(path)/1").filter {
      $0 != "meta.yaml"
    }
    func change(_ run: String, _ name: String, _ change: (String) -> String) throws {
      let file = "\(path)/1/\(run)/\(name)"
      try change(String(contentsOfFile: file, encoding: .utf8))
        .write(toFile: file, atomically: true, encoding: .utf8)
    }
    for run in runs { try change(run, "tags/mlflow.runName") { "say \"it's\": " + $0 } }
    let pattern = "\(path)/1/say \"it's\": {variant}-seed{seed}"
    let columns = "return=eval/return"
    #expect(try ImportPlan(request([pattern], columns: columns)).trials.map(\.seed) == [0, 1])
    let second = try #require(
      runs.first {
        try String(contentsOfFile: "\(path)/1/\($0)/params/seed", encoding: .utf8) == "1"
      })
    // As `mlflow runs delete` writes it.
    try change(second, "meta.yaml") {
      $0.replacing("lifecycle_stage: active", with: "lifecycle_stage: deleted")
    }
    #expect(try ImportPlan(request([pattern], columns: columns)).trials.map(\.seed) == [0])
  }

  @Test(
    "Of an MLflow database: experiments tell runs apart, no metrics and no steps are said")
  func experiments() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/x.db"
    try FileManager.default.copyItem(atPath: "\(fixtures)/mlflow.db", toPath: path)
    _ = try Tools.runPython(
      """
      import sqlite3, sys
      store = sqlite3.connect(sys.argv[1])
      store.execute("UPDATE experiments SET name = 'first' WHERE experiment_id = 1")
      store.execute("INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (7, 'second', 'active')")
      for run, name in [("x", "a2c-seed0"), ("y", "parent-seed0")]:
          store.execute("INSERT INTO runs (run_uuid, name, lifecycle_stage, experiment_id, start_time)"
                        " VALUES (?, ?, 'active', 7, 1)", (run, name))
      for value in range(3):
          store.execute("INSERT INTO metrics VALUES ('return', ?, ?, 'x', 0, 0)", (value, 10 + value))
      store.commit()
      """, [path])
    let clash = try #require(sentence { try ImportPlan(request(["\(path)/{variant}-seed{seed}"])) })
    #expect(clash.contains("a2c-seed0 (x)") && clash.contains("{experiment}/{variant}"))
    let plan = try ImportPlan(
      request(["\(path)/{experiment}/{variant}-seed{seed}"], columns: "return=return"))
    #expect(
      plan.trials.map { "\($0.label) \($0.seed)" } == [
        "a2c · experiment second 0", "a2c · experiment first 0", "a2c · experiment first 1",
        "ppo · experiment first 0", "ppo · experiment first 1",
      ])
    #expect(plan.remarks.contains("\(path)/parent-seed0: it has no metrics, and is left out"))
    let unstepped = plan.trials[0].curve
    #expect(unstepped.episodes.map(\.return) == [0, 1, 2])
    #expect(unstepped.remarks.contains { $0.contains("all its points stand at step 0") })
    #expect(
      sentence { try ImportPlan(request(["\(path)/*/parent-seed{seed}"])) }?
        .contains("it has no metrics") == true)
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
