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
    /// Numbers that the policy learns.
    package var parameters: Int
    package var episodes: Int
    package var updates: Int
    package var evaluationEpisodes: Int
    /// Checkpoints that are kept.
    package var checkpoints: Int
    /// Arrays as long as the parameters that continuing needs beside them: 1 for RMSProp.
    package var optimizerArrays: Int

    package init(
      parameters: Int, episodes: Int, updates: Int, evaluationEpisodes: Int, checkpoints: Int,
      optimizerArrays: Int = 1
    ) {
      self.parameters = parameters
      self.episodes = episodes
      self.updates = updates
      self.evaluationEpisodes = evaluationEpisodes
      self.checkpoints = checkpoints
      self.optimizerArrays = optimizerArrays
    }
  }

  /// Bytes that a trial of that size will take, generously rounded.
  ///
  /// Checkpoints: 4 bytes a parameter in each, the optimizer's arrays in the newest two and in the
  /// one of a stop, and one more while it is written aside. Rows: 48 bytes an episode, 160 an
  /// update with its timing, 32 an evaluation. A replay: 64 KiB a checkpoint.
  package static func estimate(_ size: TrialSize) -> Int {
    let weights = 4 * size.parameters
    let checkpoints = weights * (size.checkpoints + 2) + 4 * weights * size.optimizerArrays
    let rows = 48 * size.episodes + 160 * size.updates + 32 * size.evaluationEpisodes
    return checkpoints + rows + 65_536 * size.checkpoints + 32_768
  }

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
