// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import RunStore
import Testing

@testable import Imports

@Suite("Monitor files and evaluations of stable-baselines3") struct MonitorTests {
  /// Rows of a file by hand: session, return, length, seconds.
  private func rows(_ text: String) -> [(session: Int, value: Double, length: Int, time: Double)] {
    var (session, last, start) = (0, 0.0, 0.0)
    var rows: [(session: Int, value: Double, length: Int, time: Double)] = []
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("#") {
        let words = line.split(whereSeparator: { ":,".contains($0) })
        start = Double(words[1].trimmingCharacters(in: .whitespaces)) ?? 0
      } else if line.first?.isNumber == true {
        let fields = line.split(separator: ",").map { Double($0) ?? .nan }
        if fields[2] < last { session += 1 }
        last = fields[2]
        rows.append(
          (session, fields[0], Int(fields[1]), fields[2] + (session == 0 ? start : 0)))
      }
    }
    return rows
  }

  @Test(
    "The files of a trial's environments are one training, in the order of the episodes' ends, also where a second training went on in them"
  )
  func merged() throws {
    let plan = try imported("sb3/{variant}/seed{seed}/*.monitor.csv", unit: nil)
    #expect(plan.trials.map(\.label) == ["ppo", "ppo", "ppo-fast", "ppo-fast"])
    #expect(plan.trials.map(\.seed) == [0, 1, 0, 1])
    for trial in plan.trials {
      let texts = try (0..<2).map { number in
        let name = "sb3/\(trial.label)/seed\(trial.seed)/\(number).monitor.csv"
        return String(decoding: try bytes(name), as: UTF8.self)
      }
      let expected = texts.flatMap(rows).sorted { ($0.session, $0.time) < ($1.session, $1.time) }
      let found = trial.curve.episodes
      #expect(found.map(\.return) == expected.map(\.value))
      #expect(found.map(\.length) == expected.map(\.length))
      let sums = expected.indices.map { place in
        expected[...place].reduce(0) { $0 + $1.length }
      }
      #expect(found.map(\.decisions) == sums)
      #expect(found.map(\.frames) == found.map(\.decisions))
      let seconds = trial.curve.timing.map(\.wallSeconds)
      #expect(seconds == seconds.sorted() && seconds.count == found.count)
      #expect(trial.curve.environment == "CartPole-v1")
      #expect(!trial.curve.isMeans)
    }
    let restarted = try plan.trial("ppo-fast", 1).curve.episodes
    #expect(restarted.suffix(3).map(\.return) == [28, 44, 35])
  }

  private let head = "#{\"t_start\": 1000.5, \"env_id\": \"ALE/Pong-v5\"}\nr,l,t\n"

  private func source(_ text: String) throws -> SourceFile {
    try SourceFile(path: "0.monitor.csv", contents: Array(text.utf8))
  }

  @Test("A half line at the end, and one that a kill left in the middle, are left out and told")
  func halfLines() throws {
    let file = try source(head + "1.0,5,0.5\n2.0,63.0,7,1.5\nnan,4,2.5\n-inf,6,3.5\n4.0,8,4.")
    #expect(file.sessions.count == 1)
    let values = file.sessions[0].episodes.map(\.return)
    #expect(values.count == 3 && values[0] == 1 && values[1].isNaN && values[2] == -.infinity)
    #expect(
      file.remarks == [
        "0.monitor.csv: 1 line that cannot be read is left out; line 4: 2.0,63.0,7,1.5",
        "0.monitor.csv: the last line has no line feed, so it may be half written; it is left out",
      ])
  }

  @Test("More columns than r, l and t are no hindrance; other heads are refused by name")
  func heads() throws {
    let file = try source("#{\"t_start\": 1, \"env_id\": null}\nr,l,t,won\n1,2,3,True\n")
    #expect(file.sessions[0].episodes == [MonitorEpisode(return: 1, length: 2, seconds: 3)])
    #expect(file.environment == nil)
    #expect(
      sentence { try source("#{\"a\": 1}\nr,l,t\n") }
        == "0.monitor.csv: line 1 is no head of a Monitor file: it has no t_start")
    #expect(
      sentence { try source("r,l,t\n1,2,3\n") }
        == "0.monitor.csv: its first line is not the head of a Monitor file")
    #expect(
      sentence { try source("#{\"t_start\": 1}\nreward,l,t\n") }?.contains(
        "a Monitor file has r, l")
        == true)
    #expect(sentence { try source("") } == "0.monitor.csv: an empty file, not a Monitor file")
  }

  @Test(
    "Of an Atari game it is asked what a step counts; frames are as many decisions as they make")
  func steps() throws {
    let file = try source(head + "1.0,400,0.5\n2.0,400,1.5\n")
    let text = try #require(
      sentence { try TrialCurve([file], columns: .init(), unit: nil, name: "a, seed 0") })
    #expect(text.hasPrefix("a, seed 0: what a step counts does not stand in 0.monitor.csv"))
    #expect(text.hasSuffix("say --steps decisions, or --steps frames --frame-skip N"))
    let frames = try TrialCurve(
      [file], columns: .init(), unit: StepUnit(.frames, frameSkip: 4), name: "a")
    #expect(frames.episodes.map(\.decisions) == [100, 200])
    #expect(frames.episodes.map(\.frames) == [400, 800])
    #expect(frames.episodes.map(\.length) == [100, 100])
    let decisions = try TrialCurve(
      [file], columns: .init(), unit: StepUnit(.decisions, frameSkip: 4), name: "a")
    #expect(decisions.episodes.map(\.decisions) == [400, 800])
    #expect(decisions.episodes.map(\.frames) == [1600, 3200])
  }

  @Test(
    "What a step counts is asked for every name of an Atari game, and where there is none",
    arguments: [
      "ALE/Pong-v5", "Pong-v0", "Pong-v4", "Breakout-ram-v4", "PongNoFrameskip-v4",
      "SpaceInvaders-ramDeterministic-v0", "None",
    ])
  func atari(id: String) throws {
    let text = "#{\"t_start\": 1, \"env_id\": \"\(id)\"}\nr,l,t\n1,2,3\n"
    #expect(
      sentence { try TrialCurve([source(text)], columns: .init(), unit: nil, name: "a") } != nil)
    let other = text.replacing(id, with: "CartPole-v0")
    #expect(
      try TrialCurve([source(other)], columns: .init(), unit: nil, name: "a").episodes.count == 1)
  }

  @Test("evaluations.npz with successes, as SB3 writes where an environment tells them, is read")
  func successes() throws {
    let file = try SourceFile(path: "evaluations.npz", contents: bytes("odd/evaluations.npz"))
    #expect(
      file.evaluations == [
        EvaluatedGames(step: 100, returns: [1, 2], lengths: [10, 20]),
        EvaluatedGames(step: 200, returns: [3, 4], lengths: [30, 40]),
      ])
  }

  @Test("evaluations.npz gives the single games, after as many episodes as had ended by then")
  func evaluations() throws {
    let file = try SourceFile(
      path: "evaluations.npz", contents: bytes("sb3/ppo/seed0/evaluations.npz"))
    #expect(
      file.evaluations == [
        EvaluatedGames(step: 192, returns: [298, 96, 97], lengths: [298, 96, 97]),
        EvaluatedGames(step: 384, returns: [92, 82, 88], lengths: [92, 82, 88]),
      ])
    let trial = try imported(
      "sb3/{variant}/seed{seed}/*.monitor.csv", "sb3/{variant}/seed{seed}/*.npz"
    ).trial("ppo", 0)
    let before = [192, 384].map { step in trial.curve.episodes.count { $0.decisions <= step } }
    let checkpoints = before.flatMap { number in [number, number, number] }
    #expect(trial.curve.evaluations.map(\.checkpoint) == checkpoints)
    #expect(trial.curve.evaluations.map(\.return) == [298, 96, 97, 92, 82, 88])
    #expect(trial.curve.evaluations.map(\.episode) == [1, 2, 3, 1, 2, 3])
  }

  @Test("Alone they are the curve, as means, which nothing averages again")
  func evaluationsAlone() throws {
    let curve = try imported("sb3/{variant}/seed{seed}/evaluations.npz").trial("ppo", 0).curve
    #expect(curve.isMeans)
    let means: [Double] = [491.0 / 3, 262.0 / 3]
    #expect(curve.episodes.map(\.return) == means)
    #expect(curve.episodes.map(\.decisions) == [192, 384])
    #expect(curve.evaluations.map(\.checkpoint) == [1, 1, 1, 2, 2, 2])
  }

  @Test("A folder gives all that is known in it, Monitor files before means of them")
  func folder() throws {
    let trial = try imported("sb3/{variant}/seed{seed}").trial("ppo", 1)
    #expect(
      trial.record.formats.sorted() == [
        "TensorBoard events", "stable-baselines3 Monitor", "stable-baselines3 evaluations.npz",
        "stable-baselines3 progress.csv",
      ])
    #expect(!trial.curve.isMeans && trial.curve.evaluations.count == 6)
    #expect(
      trial.record.remarks.contains { $0.hasPrefix("ppo, seed 1: 16 other series not imported") })
  }
}
