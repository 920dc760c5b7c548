// SPDX-License-Identifier: MIT

import FoundationEssentials
import Glibc

/// The right to be the one run of an experiment, or the one process that writes a trial, held on a
/// file of the folder by the kernel.
///
/// It ends with the value or with the process, however that ends; children do not inherit it. A
/// runner looks at `status.json` before it starts a trial; the trial's lock is for what it cannot
/// see there: a process that has not yet written its status, and one on another machine.
package final class FolderLock: Sendable {
  /// Who holds the lock of a run.
  package struct Holder: Codable, Hashable, Sendable {
    package var process = ProcessIdentity.current
    /// The machine's name in its network.
    package var host = MachineFacts.hostName
  }

  /// Closed with the value, by it alone.
  private let descriptor: Int32

  /// Takes the lock of a run and writes who holds it; the folder must be there.
  ///
  /// - Throws: `locked`, with the holder named, when another process has it.
  package convenience init(_ run: RunFolder) throws(RunStoreError) {
    try self.init(path: run.lockPath) {
      RunStoreError(
        .locked, path: run.path,
        found: Self.words(Self.lastHolder(of: run).map { ($0.process, $0.host) }),
        remedy: "wait for it to end, or stop it; it checkpoints and can be resumed")
    }
    let bytes = try StoredRecord.encoded(Holder(), path: run.lockPath)
    // Written in place: a rename would give the path another file than the one that is locked.
    guard ftruncate(descriptor, 0) == 0 else { throw Disk.unwritable(run.lockPath) }
    try AtomicFile.write(bytes, into: descriptor, path: run.lockPath)
  }

  /// Takes the lock of a trial; the folder must be there.
  ///
  /// - Throws: `locked`, with the process named that wrote its status, when another has it.
  package convenience init(_ trial: TrialFolder) throws(RunStoreError) {
    try self.init(path: trial.lockPath) {
      let status = (try? trial.readStatus()) ?? nil
      return RunStoreError(
        .locked, path: trial.path,
        found: Self.words(status.map { ($0.process, $0.host) }),
        allowed: "one process for each trial", remedy: "wait for it to end; it checkpoints")
    }
  }

  private init(path: String, refusal: () -> RunStoreError) throws(RunStoreError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    // From here on the value closes the file, also where this ends early.
    guard descriptor >= 0 else { throw Disk.unwritable(path) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { throw Disk.unwritable(path) }
      throw refusal()
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // Said outright: a process that was just forked shares the file until it has started its program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// The process that holds the run's lock on this machine now, or nil.
  ///
  /// Takes no lock itself, so that looking never refuses a run that is just starting.
  package static func holder(of run: RunFolder) -> Holder? {
    lastHolder(of: run).flatMap { $0.process.isAlive ? $0 : nil }
  }

  private static func lastHolder(of run: RunFolder) -> Holder? {
    (try? StoredRecord.readIfPresent(Holder.self, at: run.lockPath)) ?? nil
  }

  private static func words(_ holder: (process: ProcessIdentity, host: String?)?) -> String {
    guard let holder else { return "a process that has not yet written its number" }
    return "process \(holder.process.pid)" + (holder.host.map { " on \($0)" } ?? "")
  }
}
