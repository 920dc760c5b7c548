// SPDX-License-Identifier: MIT

package import RunStore

/// Trials that are stored more than once: in several runs, or beside themselves under another name.
package struct SharedTrial: Sendable {
  package let id: String
  /// At least two; the first is the one that the others are held against.
  package let folders: [TrialFolder]
  /// How each of the others stands to the first.
  package let standings: [RecordStanding]

  package var isConflict: Bool {
    standings.contains { if case .conflict = $0 { true } else { false } }
  }

  /// All that are stored more than once, by id. Equal digests are not read again.
  package static func all(in runs: [IndexedRun]) -> [SharedTrial] {
    var places: [String: [(folder: TrialFolder, digest: String?)]] = [:]
    for run in runs {
      for (id, digest) in run.digests {
        places[id, default: []].append((run.folder.trial(id), digest))
      }
    }
    for run in runs {
      for copy in run.copies { places[copy.id, default: []].append((copy.folder, nil)) }
    }
    return places.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { id, stored in
      let sorted = stored.sorted {
        ($0.digest == nil ? 1 : 0, $0.folder.path) < ($1.digest == nil ? 1 : 0, $1.folder.path)
      }
      let first = sorted[0]
      return SharedTrial(
        id: id, folders: sorted.map(\.folder),
        standings: sorted.dropFirst().map { other in
          other.digest != nil && other.digest == first.digest
            ? .same : RecordStanding(of: other.folder, to: first.folder)
        })
    }
  }
}
