// SPDX-License-Identifier: MIT

import Commands
import Digest
import ExperimentSpec
import ParameterSchema
import RunStore
import TestSupport
import Testing
import Trials

@Suite("Stored configurations of the wrong kind are refused with their place, not trained")
struct StoredKindTests {
  private static func plan(_ configuration: ConfigValue) -> Plan {
    Plan(
      name: "x", experimentFile: "x", experimentHash: "", seeds: [0], score: .init(), axes: [],
      variants: [.init(index: 0, label: "x", configuration: configuration)],
      trials: [.init(number: 1, id: "0123456789ab", variant: 0, seed: 0)], arithmetic: "")
  }

  private static let wrong: [(ConfigValue, String)] = [
    ([1], "the configuration is [1]; allowed: an object"),
    ("x", "the configuration is \"x\"; allowed: an object"),
    (["policy": ["hidden": [20]]], "training has neither episodes nor decisions"),
    (["policy": 3], "policy is 3; allowed: an object"),
    (["environment": ["id": 3]], "environment.id is not known to this program"),
    (["training": ["episodes": "many"]], "training.episodes is \"many\"; allowed: "),
    (["training": ["checkpointEvery": -3]], "training.checkpointEvery is -3; allowed: "),
    (["evaluation": ["mode": "bold"]], "evaluation.mode is \"bold\"; allowed: "),
  ]

  @Test("Of a plan", arguments: wrong.indices)
  func plan(index: Int) throws {
    let (configuration, problem) = Self.wrong[index]
    let temporary = try TemporaryFolder()
    let run = RunFolder(path: temporary.path)
    let plan = Self.plan(configuration)
    let end = TrialSession.run(
      plan.trials[0], of: plan, in: run, catalogue: .standard, watchesInput: false)
    guard case .failed(let reason) = end else {
      Issue.record("\(end)")
      return
    }
    #expect(reason.hasPrefix("\(run.planPath): trial 0123456789ab: \(problem)"), "\(reason)")
    #expect(!Disk.isPresent(run.trialsPath))
  }

  @Test("Of a trial's config.json", arguments: wrong.indices.dropFirst(2))
  func identity(index: Int) throws {
    var identity = Self.wrong[index].0
    let problem = Self.wrong[index].1
    // How a trial is evaluated stands in no identity.
    if identity[path: "evaluation"] != nil { return }
    identity[path: "seed"] = 0
    let bytes = Array(canonicalJSON(identity).utf8)
    let temporary = try TemporaryFolder()
    let folder = TrialFolder(path: "\(temporary.path)/\(SHA256.hex(bytes).prefix(12))")
    try Disk.makeFolder(folder.path)
    try AtomicFile.write(bytes, to: folder.configPath)
    let error = #expect(throws: RunStoreError.self) {
      try Retraining(of: folder, planned: nil, catalogue: .standard)
    }
    #expect(error?.code == .damagedRecord && error?.path == folder.configPath)
    #expect(error?.found.hasPrefix(problem) == true, "\(error?.found ?? "")")
  }
}
