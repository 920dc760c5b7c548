// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import RunStore
import Search

/// The search that chose a run's trials.
struct SearchDigest: Sendable {
  /// `halving`, `tpe` or `racing`.
  let kind: String
  /// What it decided; nil where `search.json` is not to be read.
  let record: SearchRecord?

  /// nil for a run without a search.
  init?(_ snapshot: RunSnapshot) {
    guard case .string(let kind)? = snapshot.plan.search?[path: "kind"] else { return nil }
    self.kind = kind
    let bytes = (try? Disk.readIfPresent(snapshot.folder.searchPath)) ?? nil
    record = bytes.flatMap { SearchRecord(decoding: $0) }
  }

  /// Variants that had their first round.
  var variantCount: Int? {
    guard let rounds = record?.rounds, let first = rounds.first else { return nil }
    return kind == "tpe" ? rounds.reduce(0) { $0 + $1.entries.count } : first.entries.count
  }

  var isOver: Bool { record?.state == .over }
}
