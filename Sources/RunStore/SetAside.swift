// SPDX-License-Identifier: MIT

import Glibc

extension RunFolder {
  /// Where trials lie that `--fresh` replaced: `set-aside/TIME/ID`, as they were.
  package var setAsidePath: String { "\(path)/set-aside" }

  /// Moves the folders of trials aside, so that they are trained anew; nothing is deleted.
  ///
  /// - Parameters:
  ///   - ids: those that have no folder are passed over.
  ///   - time: seconds since 1970; names the folder that they are moved to.
  /// - Returns: that folder, or nil when there was nothing to move.
  package func setAside(_ ids: [String], time: Double) throws(RunStoreError) -> String? {
    let present = ids.filter { Disk.isPresent(trial($0).path) }
    guard !present.isEmpty else { return nil }
    let stamp = Timestamp.text(secondsSince1970: time).replacing(":", with: "-")
    var target = "\(setAsidePath)/\(stamp)"
    for number in 2..<1_000 where Disk.isPresent(target) {
      target = "\(setAsidePath)/\(stamp)-\(number)"
    }
    try Disk.makeFolder(target)
    for id in present {
      guard rename(trial(id).path, "\(target)/\(id)") == 0 else {
        throw Disk.unwritable(trial(id).path)
      }
    }
    try AtomicFile.syncFolder(target)
    try AtomicFile.syncFolder(trialsPath)
    return target
  }
}
