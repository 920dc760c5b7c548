// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import Foundation
import ParameterSchema

extension Target {
  /// Runs that the tests keep of an earlier version, the folder named by `RALLYBOOK_FUZZ_RUNS`.
  private static let files: [String] = {
    guard let source = ProcessInfo.processInfo.environment["RALLYBOOK_FUZZ_RUNS"] else {
      fatalError("RALLYBOOK_FUZZ_RUNS names no folder of runs")
    }
    return Scratch.copyRun(from: source)
  }()

  /// The records of a run: the first byte says which file the rest replaces, then the verbs that
  /// read it are asked.
  static let stored = Target(
    name: "stored",
    accepts: { input in
      guard let first = input.first else { return false }
      let files = kept
      let place = files[Int(first) % files.count]
      let path = "runs/\(place)"
      guard let good = FileManager.default.contents(atPath: Scratch.path(path)) else {
        fatalError("\(path) is gone")
      }
      defer { _ = Scratch.write([UInt8](good), to: path) }
      _ = Scratch.write(Array(input.dropFirst()), to: path)
      let run = place.split(separator: "/").first.map(String.init) ?? ""
      let runs = ["--runs", Scratch.path("runs")]
      let shown = verb(["status", run] + runs)
      verb(["query", "score > 0 or state = \"failed\"", run, "--json"] + runs)
      let parts = place.split(separator: "/")
      if parts.count > 2 { verb(["show", "\(run)/\(parts[2])"] + runs) }
      if input.count % 8 == 0 {
        verb(["report", run, "--reports", Scratch.path("reports")] + runs)
        verb(["export", run, "--output", Scratch.path("exports")] + runs)
      }
      return shown
    },
    mutated: { input, draws in
      let files = kept
      let place = Int(input.first ?? 0) % files.count
      var rest = Array(input.dropFirst())
      var first = input.first ?? 0
      if rest.isEmpty || draws.happens(1, in: 20) {
        first = UInt8(draws.index(min(256, files.count)))
        let path = Scratch.path("runs/\(files[Int(first) % files.count])")
        rest = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
        return [first] + rest
      }
      if files[place].hasSuffix(".csv") {
        rest = TextMutation.fields(rest, &draws)
      } else if var value = ConfigValue(json: String(decoding: rest, as: UTF8.self)) {
        for _ in 0...draws.index(2) { JSONMutation.mutate(&value, &draws) }
        rest = Array(canonicalJSON(value).utf8)
      } else {
        return nil
      }
      return [first] + rest
    })

  /// Those of them that are replaced.
  private static let kept = files.filter { $0.hasSuffix(".json") || $0.hasSuffix(".csv") }

  @discardableResult
  private static func verb(_ words: [String]) -> Bool { Scratch.run(words) }

  /// A checkpoint that is well signed, whatever it holds: it plays, and a game is saved.
  static let checkpoint = Target(
    name: "checkpoint",
    accepts: { input in
      guard let read = try? Safetensors.decoded(input, path: "memory"),
        let place = files.first(where: { $0.hasPrefix("pong/") && $0.hasSuffix(".safetensors") })
      else { return false }
      let signed = Checkpoint(metadata: read.metadata, tensors: read.tensors).encoded()
      let file = Scratch.write(signed, to: "runs/\(place)")
      Scratch.run(["export", file, "--format", "safetensors", "--to", Scratch.path("out.bin")])
      return Scratch.run(["play", file, "--episodes", "1"])
        && Scratch.run(["play", file, "--save", Scratch.path("game.replay")])
    },
    mutated: TensorMutation.mutated)
}
