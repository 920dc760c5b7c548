// SPDX-License-Identifier: MIT

import ExperimentSpec
import Glibc
import ParameterSchema
import RunStore

/// What earlier trials took, by class of cost, from their `timing.csv`.
struct EarlierCosts {
  private(set) var costs: [CostClass: Cost] = [:]
  private(set) var trials = 0

  /// Those of one run.
  mutating func add(_ snapshot: RunSnapshot) {
    var classes: [Int: CostClass] = [:]
    for trial in snapshot.trials where trial.status != nil {
      guard let cost = Self.cost(of: trial.folder) else { continue }
      let variant = trial.planned.variant
      let costClass =
        classes[variant] ?? CostClass(snapshot.plan.variants[variant].configuration)
      classes[variant] = costClass
      costs[costClass] = (costs[costClass] ?? Cost()) + cost
      trials += 1
    }
  }

  /// Those of all other runs, where the trials of this plan need what this run does not show.
  ///
  /// - Parameter wanted: asked only where there are other runs.
  mutating func addOthers(
    than name: String, in runs: String, for wanted: () -> Set<CostClass>
  ) {
    guard let names = try? RunFolder.names(in: runs), names.contains(where: { $0 != name })
    else { return }
    let wanted = wanted()
    for other in names where other != name && !wanted.isSubset(of: costs.keys) {
      if let snapshot = try? RunSnapshot(RunFolder(runs: runs, name: other)) { add(snapshot) }
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
