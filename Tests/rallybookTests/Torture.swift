// SPDX-License-Identifier: MIT

import Foundation

/// What is done to a run from outside: processes killed, and what a power cut takes away.
struct Torture {
  private(set) var random: SeededNumbers

  init(seed: UInt64) { random = SeededNumbers(state: seed) }

  mutating func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

  /// The living processes that train trials of a run, by what their records say.
  static func trials(of program: Program, _ name: String) -> [pid_t] {
    ((try? program.trialFolders(name)) ?? []).compactMap { folder in
      guard let data = try? Data(contentsOf: folder.appendingPathComponent("status.json")),
        let record = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
        record["state"] as? String == "running",
        let pid = (record["process"] as? [String: Any])?["pid"] as? pid_t,
        let command = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8),
        command.contains("trial") && command.contains(folder.lastPathComponent)
      else { return nil }
      return pid
    }
  }

  /// Takes from a run whose processes are dead what no `fsync` had brought to the disk: what was
  /// appended since the newest checkpoint, and files that were renamed only.
  mutating func losePower(_ program: Program, _ name: String) throws {
    for folder in (try? program.trialFolders(name)) ?? [] {
      let status = try? String(
        contentsOf: folder.appendingPathComponent("status.json"), encoding: .utf8)
      // A finished trial synced everything before it said so.
      if status?.contains("\"finished\"") == true { continue }
      let lengths = syncedLengths(in: folder)
      for file in ["episodes.csv", "updates.csv", "evaluations.csv", "timing.csv", "log.txt"] {
        try cut(folder.appendingPathComponent(file), keeping: lengths[file] ?? 0)
      }
      switch draw(0..<3) {
      case 0: break
      case 1: try? Data().write(to: folder.appendingPathComponent("status.json"))
      default: try? FileManager.default.removeItem(at: folder.appendingPathComponent("status.json"))
      }
    }
  }

  /// Cuts a file somewhere behind what is safe, or leaves zeros there, as delayed allocation does.
  private mutating func cut(_ file: URL, keeping safe: Int) throws {
    guard var bytes = try? Data(contentsOf: file), bytes.count > safe else { return }
    let end = draw(safe..<bytes.count + 1)
    if draw(0..<2) == 0 {
      bytes = bytes.prefix(end)
    } else {
      bytes.replaceSubrange(end..<bytes.count, with: Data(count: bytes.count - end))
    }
    try bytes.write(to: file)
  }

  /// Lengths of the CSV files that the newest checkpoint names: it was written after their sync.
  private func syncedLengths(in folder: URL) -> [String: Int] {
    let checkpoints = folder.appendingPathComponent("checkpoints")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints.path)) ?? []
    let newest = names.filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") }.max()
    guard let newest, let data = try? Data(contentsOf: checkpoints.appendingPathComponent(newest)),
      data.count > 8
    else { return [:] }
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try? JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length))
    let metadata = (header as? [String: Any])?["__metadata__"] as? [String: String] ?? [:]
    return [
      "episodes.csv": metadata["episodesBytes"].flatMap { Int($0) } ?? 0,
      "updates.csv": metadata["updatesBytes"].flatMap { Int($0) } ?? 0,
    ]
  }
}

/// Steele, Lea and Flood 2014; good enough to choose moments.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
