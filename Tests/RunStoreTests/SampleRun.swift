// SPDX-License-Identifier: MIT

import Artifacts
import Digest
import ExperimentSpec
import Foundation
import ParameterSchema
import Statistics

@testable import RunStore

/// A run on the disk as trials leave it, in a folder of the test's own that goes with the value.
final class SampleRun: Sendable {
  let root: String
  let folder: RunFolder
  let plan: Plan

  init(seeds: Int, stored: Int? = nil, episodes: Int = 20, name: String = "sample") throws {
    root = FileManager.default.temporaryDirectory.appending(path: "rallybook-\(UUID())").path
    folder = RunFolder(runs: root, name: name)
    plan = Self.plan(name: name, seeds: seeds)
    try folder.create()
    try folder.writePlan(plan)
    for seed in 0..<(stored ?? seeds) { try write(seed: seed, episodes: episodes) }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  static func config(seed: Int) -> [UInt8] {
    Array("{\"algorithm\":{\"kind\":\"reinforce\"},\"seed\":\(seed)}".utf8)
  }

  static func id(seed: Int) -> String { String(SHA256.hex(config(seed: seed)).prefix(12)) }

  static func plan(
    name: String, seeds: Int, score: Plan.Score = .init(metric: .return, window: 5, goal: .maximize)
  ) -> Plan {
    let configuration: ConfigValue = [
      "algorithm": ["kind": "reinforce"], "training": ["episodes": 20],
      "evaluation": ["episodes": 2],
    ]
    return Plan(
      name: name, experimentFile: "experiments/\(name).json", experimentHash: SHA256.hex([]),
      seeds: Array(0..<seeds), score: score, axes: [],
      variants: [.init(index: 0, label: "the only one", configuration: configuration)],
      trials: (0..<seeds).map { .init(number: $0 + 1, id: id(seed: $0), variant: 0, seed: $0) },
      arithmetic: "1 variant × \(seeds) seeds = \(seeds) trials")
  }

  /// The return of an episode: known, different for each seed, never equal to its neighbours.
  static func value(seed: Int, episode: Int) -> Double {
    Double((seed * 7 + episode * 3) % 43 - 21)
  }

  func trial(_ seed: Int) -> TrialFolder { folder.trial(Self.id(seed: seed)) }

  /// Writes the records of a finished trial.
  func write(
    seed: Int, episodes: Int, to other: TrialFolder? = nil, state: TrialStatus.State = .finished
  ) throws {
    let trial = other ?? trial(seed)
    try trial.create()
    try AtomicFile.write(Self.config(seed: seed), to: trial.configPath, durability: .renamed)
    var text = EpisodeRecord.headerLine
    for episode in 1...episodes {
      text +=
        EpisodeRecord(
          episode: episode, decisions: 10 * episode, frames: 30 * episode,
          return: Self.value(seed: seed, episode: episode), length: 10
        ).line
    }
    try AtomicFile.write(Array(text.utf8), to: trial.episodesPath, durability: .renamed)
    let evaluations =
      EvaluationRecord.headerLine
      + EvaluationRecord(checkpoint: episodes, episode: 1, return: 1, length: 9).line
      + EvaluationRecord(checkpoint: episodes, episode: 2, return: 2, length: 9).line
    try AtomicFile.write(Array(evaluations.utf8), to: trial.evaluationsPath, durability: .renamed)
    let timing =
      TimingRecord.headerLine
      + TimingRecord(
        episode: episodes, decisions: 10 * episodes, wallSeconds: 4, cpuSeconds: 3
      ).line
    try AtomicFile.write(Array(timing.utf8), to: trial.timingPath, durability: .renamed)
    try trial.writeStatus(
      TrialStatus(
        state: state, episodes: episodes, targetEpisodes: 20, decisions: 10 * episodes,
        smoothedMean: -3.5, evaluated: 2, process: .current,
        startedAt: "2026-11-24T06:39:00Z", updatedAt: "2026-11-24T06:40:00Z"))
  }
}
