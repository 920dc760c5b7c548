// SPDX-License-Identifier: MIT

import Digest
import ExperimentSpec
import ParameterSchema
import Statistics

@testable import RunStore

/// A plan of one variant with a few seeds whose trials' names fit small configurations.
enum SamplePlan {
  static func config(seed: Int) -> [UInt8] { Array("{\"seed\":\(seed)}".utf8) }

  static func id(seed: Int) -> String { String(SHA256.hex(config(seed: seed)).prefix(12)) }

  static func plan(seeds: Int) -> Plan {
    let configuration: ConfigValue = [
      "training": ["episodes": 2_000], "evaluation": ["episodes": 20],
    ]
    return Plan(
      name: "sample", experimentFile: "experiments/sample.json",
      experimentHash: SHA256.hex([]), seeds: Array(0..<seeds),
      score: .init(metric: .return, goal: .maximize), axes: [],
      variants: [.init(index: 0, label: "the only one", configuration: configuration)],
      trials: (0..<seeds).map { .init(number: $0 + 1, id: id(seed: $0), variant: 0, seed: $0) },
      arithmetic: "1 variant × \(seeds) seeds = \(seeds) trials")
  }

  static func status(
    _ state: TrialStatus.State, evaluated: Int = 0, process: ProcessIdentity = .current
  ) -> TrialStatus {
    TrialStatus(
      state: state, episodes: 2_000, targetEpisodes: 2_000, decisions: 12_345,
      smoothedMean: -3.5, evaluated: evaluated, message: state == .failed ? "NaN" : nil,
      process: process, startedAt: "2026-11-24T06:39:00Z", updatedAt: "2026-11-24T06:40:00Z")
  }
}
