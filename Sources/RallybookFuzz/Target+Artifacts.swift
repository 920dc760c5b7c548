// SPDX-License-Identifier: MIT

import Artifacts
import Report
import Trials

extension Target {
  /// A trial's CSV files; what is read must be written again as it reads.
  static let records = Target(
    name: "records",
    accepts: { input in
      let file = Scratch.write(input, to: "rows.csv")
      return reads(EpisodeRecord.self, file) || reads(UpdateRecord.self, file)
        || reads(EvaluationRecord.self, file) || reads(TimingRecord.self, file)
    },
    mutated: { input, draws in
      draws.happens(2, in: 3) ? TextMutation.fields(input, &draws) : nil
    })

  private static func reads<Record: CSVRecord>(_ type: Record.Type, _ file: String) -> Bool {
    _ = try? readCSV(type, at: file, through: 3) { _ in 2 }
    guard let rows = try? readCSV(type, at: file) else { return false }
    let text = Record.headerLine + rows.map(\.line).joined()
    let again = try? readCSV(type, at: Scratch.write(Array(text.utf8), to: "again.csv"))
    precondition(again?.map(\.line) == rows.map(\.line), "rows that do not read back")
    return !rows.isEmpty
  }

  /// Games recorded from the real machine: `trace check`.
  static let trace = Target(
    name: "trace",
    accepts: { input in
      guard let trace = try? TraceFile(decoding: input, path: "memory") else { return false }
      precondition((try? TraceFile(decoding: trace.encoded(), path: "memory")) != nil)
      Scratch.run("trace", "check", Scratch.write(input, to: "game.pongtrace"))
      return true
    },
    mutated: { input, draws in
      guard let trace = try? TraceFile(decoding: input, path: "memory"), draws.happens(2, in: 3)
      else { return nil }
      var acts = Array(trace.acts.prefix(draws.whole(0...trace.acts.count)).prefix(400))
      if let act = draws.one(of: acts) { acts.insert(act, at: draws.index(acts.count)) }
      return TraceFile(
        resetFrameCRC: trace.resetFrameCRC, seed: trace.seed, finalScores: trace.finalScores,
        policyName: trace.policyName, acts: acts
      ).encoded()
    })

  /// Replays, as the report's page and picture show them.
  static let replay = Target(
    name: "replay",
    accepts: { input in
      guard let replay = try? ReplayFile(decoding: input, path: "memory") else { return false }
      precondition((try? ReplayFile(decoding: replay.encoded(), path: "memory")) != nil)
      _ = ReplayStream(replay)
      return true
    },
    mutated: { input, draws in
      guard var replay = try? ReplayFile(decoding: input, path: "memory"), draws.happens(2, in: 3)
      else { return nil }
      replay.frames = Array(replay.frames.prefix(draws.whole(0...200)))
      replay.decisions = Array(replay.decisions.prefix(draws.whole(0...100)))
      if !replay.decisions.isEmpty {
        let place = draws.index(replay.decisions.count)
        replay.decisions[place].frame = draws.whole(0...max(1, replay.frames.count))
        replay.decisions[place].action = UInt8(draws.index(3))
        replay.decisions[place].probability = draws.real(0...1)
      }
      replay.header.frameCount = replay.frames.count
      replay.header.decisionCount = replay.decisions.count
      return replay.encoded()
    })

  /// Files of tensors by anyone.
  static let safetensors = Target(
    name: "safetensors",
    accepts: { input in
      (try? Checkpoint(safetensors: input, path: "memory")) != nil
    },
    mutated: TensorMutation.mutated)

  /// Policies for other programs.
  static let policy = Target(
    name: "policy",
    accepts: { input in
      guard let read = try? Safetensors.decoded(input, path: "memory") else { return false }
      let file = Checkpoint(metadata: read.metadata, tensors: read.tensors)
      _ = try? PolicyFile.policy(of: file, path: "memory")
      return (try? PolicyFile.contents(of: file, path: "memory")) != nil
    },
    mutated: TensorMutation.mutated)
}
