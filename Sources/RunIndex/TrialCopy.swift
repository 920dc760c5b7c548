// SPDX-License-Identifier: MIT

import Digest
package import RunStore

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
      if Disk.isFolder(folder.path), let config = try? folder.readConfig() {
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
