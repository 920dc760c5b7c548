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

  private let descriptor: Int32

  /// Takes the lock of the run; the folder must be there.
  ///
  /// - Throws: `locked`, with the holder named, when another process has it.
  package init(_ folder: RunFolder) throws(RunStoreError) {
    let path = folder.lockPath
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard opened >= 0 else { throw Disk.unwritable(path) }
    descriptor = opened
    while flock(opened, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { throw Disk.unwritable(path) }
      throw RunStoreError(
        .locked, path: folder.path, found: Self.sentence(Self.lastHolder(of: folder)),
        remedy: "wait for it to end, or stop it; it checkpoints and can be resumed")
    }
    let holder = Holder(process: .current, host: MachineFacts.hostName)
    let bytes = try StoredRecord.encoded(holder, path: path)
    // Written in place: a rename would give the path another file than the one that is locked.
    guard ftruncate(opened, 0) == 0, lseek(opened, 0, SEEK_SET) == 0 else {
      throw Disk.unwritable(path)
    }
    try AtomicFile.write(bytes, into: opened, path: path)
  }

  deinit {
    // Said outright: a process that was just forked shares the file until it has started its program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
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
