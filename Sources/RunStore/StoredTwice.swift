// SPDX-License-Identifier: MIT

import Digest

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
  /// trials of several runs against that of the first.
  package static func all(in runs: [StoredRun]) -> [StoredTwice] {
    var first: [String: StoredRun] = [:]
    for run in runs {
      for id in run.stored where first[id] == nil { first[id] = run }
    }
    var found: [StoredTwice] = []
    for run in runs {
      for copy in run.copies {
        let owner = run.stored.contains(copy.id) ? run : first[copy.id]
        guard let other = owner?.folder.trial(copy.id) else { continue }
        found.append(
          StoredTwice(
            id: copy.id, folder: copy.folder, other: other, isCopy: true,
            standing: RecordStanding(of: copy.folder, to: other)))
      }
    }
    for run in runs {
      for id in run.stored {
        guard let owner = first[id], owner.folder != run.folder else { continue }
        let (folder, other) = (run.folder.trial(id), owner.folder.trial(id))
        found.append(
          StoredTwice(
            id: id, folder: folder, other: other, isCopy: false,
            standing: RecordStanding(of: folder, to: other)))
      }
    }
    return found
  }
}

/// A folder that holds a trial but is not named like one, as when folders of two machines were
/// copied together and one was given another name.
package struct TrialCopy: Sendable, Hashable {
  package let folder: TrialFolder
  /// The trial that its `config.json` names.
  package let id: String

  /// Sorts what lies in a run's `trials` besides trials: copies, and everything else.
  static func found(
    among names: [String], in run: RunFolder
  ) -> (copies: [TrialCopy], foreign: [String]) {
    var (copies, foreign): ([TrialCopy], [String]) = ([], [])
    for name in names {
      let folder = run.trial(name)
      if Disk.isFolder(folder.path), let config = (try? folder.readConfig()) ?? nil {
        let digest = SHA256.hex(config)
        copies.append(
          TrialCopy(folder: folder, id: String(digest.prefix(TrialFolder.identifierLength))))
      } else {
        foreign.append(name)
      }
    }
    return (copies, foreign)
  }
}
