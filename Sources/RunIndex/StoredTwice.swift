// SPDX-License-Identifier: MIT

package import RunStore

/// A trial that is stored more than once: beside itself under another name, or in another run.
package struct StoredTwice: Sendable {
  package let id: String
  /// The one that is told of.
  package let folder: TrialFolder
  /// The one that it is held against.
  package let other: TrialFolder
  /// Whether `folder` is a copy within a run, not a trial of another run.
  package let isCopy: Bool
  /// How `folder` stands to `other`.
  package let standing: RecordStanding

  package var isConflict: Bool {
    if case .conflict = standing { true } else { false }
  }

  /// All of them, copies first, then by id. A copy is held against the trial of its own run, and
  /// trials of several runs against that of the first. Records of equal digests are not read again.
  package static func all(in runs: [IndexedRun]) -> [StoredTwice] {
    var first: [String: IndexedRun] = [:]
    for run in runs {
      for id in run.digests.keys where first[id] == nil { first[id] = run }
    }
    var found: [StoredTwice] = []
    for run in runs {
      for copy in run.copies {
        let owner = run.digests[copy.id] != nil ? run : first[copy.id]
        guard let other = owner?.folder.trial(copy.id) else { continue }
        found.append(
          StoredTwice(
            id: copy.id, folder: copy.folder, other: other, isCopy: true,
            standing: RecordStanding(of: copy.folder, to: other)))
      }
    }
    for run in runs {
      for (id, digest) in run.digests.sorted(by: { $0.key < $1.key }) {
        guard let owner = first[id], owner.folder != run.folder else { continue }
        let (folder, other) = (run.folder.trial(id), owner.folder.trial(id))
        found.append(
          StoredTwice(
            id: id, folder: folder, other: other, isCopy: false,
            standing: owner.digests[id] == digest ? .same : RecordStanding(of: folder, to: other)))
      }
    }
    return found
  }
}
