// SPDX-License-Identifier: MIT

import FoundationEssentials
import Glibc

/// The right to be the one run of an experiment, held on `run.lock` by the kernel.
///
/// It ends with the value or with the process, however that ends; children do not inherit it.
package final class RunLock: Sendable {
  /// Who holds a lock.
  package struct Holder: Codable, Hashable, Sendable {
    package var process: ProcessIdentity
    /// The machine's name in its network.
    package var host: String

    package init(process: ProcessIdentity, host: String) {
      self.process = process
      self.host = host
    }
  }

  private let lock: LockedFile

  /// Takes the lock of the run; the folder must be there.
  ///
  /// - Throws: `locked`, with the holder named, when another process has it.
  package init(_ folder: RunFolder) throws(RunStoreError) {
    let path = folder.lockPath
    guard let lock = try LockedFile(path) else {
      throw RunStoreError(
        .locked, path: folder.path, found: Self.sentence(Self.lastHolder(of: folder)),
        remedy: "wait for it to end, or stop it; it checkpoints and can be resumed")
    }
    self.lock = lock
    let holder = Holder(process: .current, host: MachineFacts.hostName)
    let bytes = try StoredRecord.encoded(holder, path: path)
    // Written in place: a rename would give the path another file than the one that is locked.
    guard ftruncate(lock.descriptor, 0) == 0, lseek(lock.descriptor, 0, SEEK_SET) == 0 else {
      throw Disk.unwritable(path)
    }
    try AtomicFile.write(bytes, into: lock.descriptor, path: path)
  }

  /// The process that holds the run's lock on this machine now, or nil.
  ///
  /// Takes no lock itself, so that looking never refuses a run that is just starting.
  package static func holder(of folder: RunFolder) -> Holder? {
    lastHolder(of: folder).flatMap { $0.process.isAlive ? $0 : nil }
  }

  private static func lastHolder(of folder: RunFolder) -> Holder? {
    (try? StoredRecord.readIfPresent(Holder.self, at: folder.lockPath)) ?? nil
  }

  private static func sentence(_ holder: Holder?) -> String {
    guard let holder else { return "a process that has not yet written its number" }
    return "process \(holder.process.pid) on \(holder.host)"
  }
}
