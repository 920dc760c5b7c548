// SPDX-License-Identifier: MIT

import Diagnostics
import Glibc

/// Room on the disk: what there is and what a trial will need.
package enum DiskSpace {
  /// Bytes that an ordinary user can still write at `path`, or above it when it is not there yet.
  package static func free(at path: String) throws(RunStoreError) -> Int {
    var information = statvfs()
    var place = path
    while statvfs(place, &information) != 0 {
      guard errno == ENOENT, place != "/", place != "." else { throw Disk.unreadable(path) }
      place = Disk.parent(of: place) ?? "."
    }
    return Int(information.f_bavail) * Int(information.f_frsize)
  }

  /// Bytes of the file at `path`, or of all files in the folder; links are not followed.
  package static func taken(by path: String) -> Int {
    var information = stat()
    guard lstat(path, &information) == 0 else { return 0 }
    guard information.st_mode & S_IFMT == S_IFDIR else { return Int(information.st_size) }
    let names = (try? Disk.names(in: path)) ?? []
    return names.reduce(0) { $0 + taken(by: "\(path)/\($1)") }
  }

  /// What decides how much a trial writes.
  package struct TrialSize: Hashable, Sendable {
    /// Numbers of the policy.
    package var parameters: Int
    /// Numbers beside them that continuing needs: of the optimizer, of a learned value and its
    /// optimizer.
    package var learnerNumbers: Int
    package var episodes: Int
    package var updates: Int
    /// Numbers in a row of `updates.csv` beside its first three; 0 where it has no rows.
    package var measures: Int
    package var evaluationEpisodes: Int
    /// Checkpoints that are written at some time, and those that stay.
    package var checkpointsWritten: Int
    package var checkpoints: Int
    /// Bytes of the game that is recorded for each of those that stay; 0 for none.
    package var replay: Int

    package init(
      parameters: Int, learnerNumbers: Int, episodes: Int, updates: Int, measures: Int = 13,
      evaluationEpisodes: Int, checkpointsWritten: Int, checkpoints: Int, replay: Int
    ) {
      self.parameters = parameters
      self.learnerNumbers = learnerNumbers
      self.episodes = episodes
      self.updates = updates
      self.measures = measures
      self.evaluationEpisodes = evaluationEpisodes
      self.checkpointsWritten = checkpointsWritten
      self.checkpoints = checkpoints
      self.replay = replay
    }

    /// Bytes of a checkpoint with all that continuing needs: 4 for each number, and its header.
    fileprivate var whole: Int { 4 * (parameters + learnerNumbers) + 4_096 }
  }

  /// Bytes that a trial of that size takes when it has ended, an upper estimate.
  ///
  /// The newest two checkpoints are whole, the others weights alone. Rows: 44 bytes an episode, 20
  /// a number of an update, 40 its time, 40 an evaluation. Configuration, status, provenance and
  /// log: 6 kB; and the half block by which a file is rounded up on average.
  package static func estimate(_ size: TrialSize) -> Int {
    let whole = min(2, size.checkpoints)
    let light = (size.checkpoints - whole) * (4 * size.parameters + 2_048)
    let update = 40 + (size.measures > 0 ? 24 + 20 * size.measures : 0)
    let rows = 44 * size.episodes + update * size.updates + 40 * size.evaluationEpisodes
    let files = 10 + (size.replay > 0 ? 2 : 1) * size.checkpoints
    return whole * size.whole + light + rows + size.replay * size.checkpoints
      + 64 * size.checkpointsWritten + 6_144 + 2_048 * files
  }

  /// Bytes more while it trains: a checkpoint that is written aside, and that of a stop.
  package static func whileTraining(_ size: TrialSize) -> Int { 2 * size.whole }

  /// - Throws: `notEnoughSpace` when fewer than `needed` bytes are free at `path`.
  package static func require(_ needed: Int, at path: String) throws(RunStoreError) {
    let free = try free(at: path)
    guard free < needed else { return }
    throw RunStoreError(
      .notEnoughSpace, path: path, found: "\(Numbers.bytes(free)) free",
      allowed: "at least \(Numbers.bytes(needed)), the estimate of what the trials will write",
      remedy: "free some space or put the runs elsewhere with --runs")
  }
}
