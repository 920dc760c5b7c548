// SPDX-License-Identifier: MIT

import ExperimentSpec
import Glibc
import ParameterSchema
import RunStore

/// What earlier trials took, by class of cost, from their `timing.csv`.
struct EarlierCosts {
  private(set) var costs: [CostClass: Cost] = [:]
  private var counted: Set<String> = []
  var trials: Int { counted.count }

  /// Those of one run, each once.
  mutating func add(_ snapshot: RunSnapshot) {
    var classes: [Int: CostClass] = [:]
    for trial in snapshot.trials where trial.status != nil {
      guard !counted.contains(trial.folder.path), let cost = Self.cost(of: trial.folder)
      else { continue }
      counted.insert(trial.folder.path)
      let variant = trial.planned.variant
      let costClass =
        classes[variant] ?? CostClass(snapshot.plan.variants[variant].configuration)
      classes[variant] = costClass
      costs[costClass] = (costs[costClass] ?? Cost()) + cost
    }
  }

  /// Those of the runs in a folder, `first` before others, until all that is wanted is known.
  mutating func add(runs: String, first: String, for wanted: () -> Set<CostClass>) {
    guard let names = try? RunFolder.names(in: runs), !names.isEmpty else { return }
    let wanted = wanted()
    for name in names.filter({ $0 == first }) + names.filter({ $0 != first })
    where !wanted.isSubset(of: costs.keys) {
      if let snapshot = try? RunSnapshot(RunFolder(runs: runs, name: name)) { add(snapshot) }
    }
  }

  /// The last whole row of `timing.csv`, read from the end of the file.
  private static func cost(of folder: TrialFolder) -> Cost? {
    let descriptor = open(folder.timingPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = pread(descriptor, &bytes, bytes.count, max(0, size - off_t(bytes.count)))
    guard count > 0, let end = bytes[..<count].lastIndex(of: UInt8(ascii: "\n")) else { return nil }
    let lines = bytes[..<end].split(separator: UInt8(ascii: "\n"))
    let fields = (lines.last ?? []).split(separator: UInt8(ascii: ","))
      .map { String(decoding: $0, as: UTF8.self) }
    guard fields.count == 4, let episodes = Int(fields[0]), let decisions = Int(fields[1]),
      let seconds = Double(fields[2])
    else { return nil }
    return Cost(seconds: seconds, episodes: episodes, decisions: decisions)
  }
}
