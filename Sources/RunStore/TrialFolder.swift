// SPDX-License-Identifier: MIT

import Digest
import Glibc

/// The folder of one trial, `runs/NAME/trials/ID`; only the trial's own process writes in it.
package struct TrialFolder: Hashable, Sendable {
  /// Without a slash at the end.
  package let path: String

  package init(path: String) { self.path = path }

  /// The trial's name, the last part of the path.
  package var id: String { path.split(separator: "/").last.map(String.init) ?? path }
  package var configPath: String { "\(path)/config.json" }
  package var statusPath: String { "\(path)/status.json" }
  package var provenancePath: String { "\(path)/provenance.json" }
  package var episodesPath: String { "\(path)/episodes.csv" }
  package var updatesPath: String { "\(path)/updates.csv" }
  package var evaluationsPath: String { "\(path)/evaluations.csv" }
  /// Evaluation episodes in another environment (`evaluation.transferTo`).
  package var transfersPath: String { "\(path)/transfers.csv" }
  package var timingPath: String { "\(path)/timing.csv" }
  package var checkpointsPath: String { "\(path)/checkpoints" }
  package var replaysPath: String { "\(path)/replays" }
  package var logPath: String { "\(path)/log.txt" }
  /// Held by the process that writes the folder; see `FolderLock`.
  package var lockPath: String { "\(path)/trial.lock" }
  /// The checkpoint of a stop between two regular ones.
  package var resumePath: String { "\(path)/resume.safetensors" }

  /// Where the checkpoint after `episodes` training episodes lies.
  package func checkpointPath(episodes: Int) -> String {
    "\(checkpointsPath)/\(Self.number(episodes)).safetensors"
  }

  /// Where the replay of the checkpoint after `episodes` training episodes lies.
  package func replayPath(episodes: Int) -> String {
    "\(replaysPath)/\(Self.number(episodes)).replay"
  }

  /// The checkpoints that lie there, by episodes, oldest first; whether they are valid is not looked
  /// at.
  package func checkpoints() throws(RunStoreError) -> [(episodes: Int, path: String)] {
    try numbered(in: checkpointsPath, suffix: ".safetensors")
  }

  /// The replays that lie there, by episodes of their checkpoints, oldest first.
  package func replays() throws(RunStoreError) -> [(episodes: Int, path: String)] {
    try numbered(in: replaysPath, suffix: ".replay")
  }

  /// Which of a trial's checkpoints stay when only some may: never the first or the newest two go; of the others the one whose neighbours are closest goes
  /// first, so that those left stay evenly spread.
  ///
  /// - Parameters:
  ///   - episodes: of each checkpoint, in any order.
  ///   - keep: how many stay; never fewer than 3.
  package static func keptCheckpoints(_ episodes: [Int], keep: Int) -> [Int] {
    var kept = episodes.sorted()
    while kept.count > max(3, keep) {
      let candidates = 1..<kept.count - 2
      guard
        let index = candidates.min(by: { kept[$0 + 1] - kept[$0 - 1] < kept[$1 + 1] - kept[$1 - 1] }
        )
      else { break }
      kept.remove(at: index)
    }
    return kept
  }

  /// Makes the folder in that of its run.
  ///
  /// - Throws: `unwritable` where there is no such run: one that was moved is not begun again at its
  ///   old place.
  package func make() throws(RunStoreError) {
    if let run = Disk.parent(of: path).flatMap(Disk.parent), !Disk.isFolder(run) {
      throw RunStoreError(
        .unwritable, path: path, found: "no folder \(run)",
        remedy:
          "if it was moved, give its new place with --runs; what was stored goes on from there")
    }
    try Disk.makeFolder(path)
  }

  /// Makes the folder with `checkpoints` and `replays`, and clears what interrupted writes left;
  /// for the trial's own process only.
  package func create() throws(RunStoreError) {
    for folder in [path, checkpointsPath, replaysPath] {
      try Disk.makeFolder(folder)
      try AtomicFile.removeTemporaries(in: folder)
    }
  }

  /// `status.json`, or nil when there is none.
  package func readStatus() throws(RunStoreError) -> TrialStatus? {
    var status = try StoredRecord.readIfPresent(TrialStatus.self, at: statusPath)
    if status != nil && status?.smoothedMean == nil {
      let older = try? StoredRecord.readIfPresent(OlderStatus.self, at: statusPath)
      status?.smoothedMean = older?.runningMean
    }
    if let status {
      let counts = [
        "episodes": status.episodes, "targetEpisodes": status.targetEpisodes,
        "decisions": status.decisions, "evaluated": status.evaluated,
      ]
      if let wrong = counts.sorted(by: { $0.key < $1.key })
        .first(where: { !(0...1 << 53).contains($0.value) })
      {
        throw RunStoreError(
          .damagedRecord, path: statusPath, found: "\(wrong.key) \(wrong.value)",
          allowed: "a whole number from 0")
      }
    }
    return status
  }

  /// Replaces `status.json`; on the disk at return, unless the state is running.
  package func writeStatus(_ status: TrialStatus) throws(RunStoreError) {
    try AtomicFile.write(
      StoredRecord.encoded(status, path: statusPath), to: statusPath,
      durability: status.state == .running ? .renamed : .synced)
  }

  /// Records why a trial ended whose process is gone and could not say so itself, perhaps before it
  /// had made its folder.
  ///
  /// - Throws: `locked` when a process is at work on it after all.
  package func record(_ state: TrialStatus.State, reason: String) throws(RunStoreError) {
    try make()
    let lock = try FolderLock(self)
    var status = try readStatus() ?? TrialStatus(state)
    (status.state, status.message, status.updatedAt) = (state, reason, Timestamp.text())
    try writeStatus(status)
    withExtendedLifetime(lock) {}
  }

  /// What `status.json` says, and what is wrong with it or with `config.json`.
  func readState() -> (status: TrialStatus?, problem: RunStoreError?) {
    var status: TrialStatus?
    do throws(RunStoreError) {
      try verifyIdentity()
      status = try readStatus()
    } catch {
      return (status, error)
    }
    if (status?.episodes ?? 0) > 0 && !Disk.isPresent(configPath) {
      return (status, RunStoreError(.damagedRecord, path: configPath, found: "nothing"))
    }
    // One that is not gone on with unasked stays what it is; what it lacks is told with its records.
    let isOver = status?.state == .finished || status?.state == .failed
    return (status, isOver ? nil : lostRows(status))
  }

  /// `provenance.json`, or nil when there is none.
  package func readProvenance() throws(RunStoreError) -> Provenance? {
    try StoredRecord.readIfPresent(
      Provenance.self, at: provenancePath, format: "versions.format")
  }

  /// Replaces `provenance.json`.
  package func writeProvenance(_ provenance: Provenance) throws(RunStoreError) {
    try AtomicFile.write(
      StoredRecord.encoded(provenance, path: provenancePath), to: provenancePath)
  }

  /// The canonical identity bytes, or nil when there are none.
  package func readConfig() throws(RunStoreError) -> [UInt8]? {
    try Disk.readIfPresent(configPath)
  }

  /// Stores the canonical identity bytes.
  ///
  /// - Throws: `identityMismatch` when they are not the ones that gave the folder its name.
  package func writeConfig(_ bytes: [UInt8]) throws(RunStoreError) {
    let digest = SHA256.hex(bytes)
    guard digest.hasPrefix(id) else {
      throw RunStoreError(
        .identityMismatch, path: path,
        found: "a configuration with SHA-256 \(digest.prefix(Self.identifierLength))…",
        allowed: "one with SHA-256 \(id)…",
        remedy: "the plan was changed after it was made; make it again by `rallybook run`")
    }
    try AtomicFile.write(bytes, to: configPath)
  }

  /// Whether the first digits of the SHA-256 of `config.json` are the folder's name.
  ///
  /// - Returns: false when there is no `config.json` yet, as after a kill right at the start.
  /// - Throws: `identityMismatch` when they are not.
  @discardableResult
  package func verifyIdentity() throws(RunStoreError) -> Bool {
    guard let bytes = try readConfig() else { return false }
    let digest = SHA256.hex(bytes)
    guard digest.hasPrefix(id) else {
      throw RunStoreError(
        .identityMismatch, path: path,
        found: "config.json with SHA-256 \(digest.prefix(Self.identifierLength))…",
        allowed: "config.json with SHA-256 \(id)…",
        remedy: "move the folder away; the trial will then be trained again")
    }
    return true
  }

  /// Appends a line with the time to `log.txt`; a full disk must not hide the error that it tells of.
  package func appendLog(_ sentence: String) {
    let descriptor = open(logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    let line = "\(Timestamp.text()) \(sentence)\n"
    try? AtomicFile.write(Array(line.utf8), into: descriptor, path: logPath)
    close(descriptor)
  }

  /// Digits in a trial's name.
  package static let identifierLength = 12

  /// Whether `name` has the form of a trial's name: 12 lowercase hexadecimal digits.
  package static func isIdentifier(_ name: String) -> Bool {
    name.utf8.count == identifierLength
      && name.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  private static func number(_ episodes: Int) -> String {
    let digits = String(episodes)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  private func numbered(
    in folder: String, suffix: String
  ) throws(RunStoreError) -> [(episodes: Int, path: String)] {
    guard Disk.isPresent(folder) else { return [] }
    return try Disk.names(in: folder)
      .compactMap { name -> (Int, String)? in
        guard name.hasSuffix(suffix), let number = Int(name.dropLast(suffix.count)), number >= 0
        else { return nil }
        return (number, "\(folder)/\(name)")
      }
      .sorted { $0.0 < $1.0 }
  }
}

/// What `smoothedMean` was called in `status.json` until 0.1.
private struct OlderStatus: Decodable {
  let runningMean: Double?
}
