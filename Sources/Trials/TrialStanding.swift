// SPDX-License-Identifier: MIT

import Artifacts
import RunStore

/// What is on record of a trial that is at work: as of the last moment between two updates, where
/// everything can be stored at any time.
struct TrialStanding: Sendable {
  /// How far a training is.
  struct Progress: Sendable {
    var episodes = 0
    var decisions = 0
    var smoothedMean: Double?
  }

  /// Of the current session.
  var session: SessionFacts
  var status: TrialStatus
  var phase = TrialActivity.Phase.writing
  /// What the monitor saw last.
  var activity = TrialActivity(phase: .starting)
  /// Whether the environment's answers come from a worker.
  var isRemote = false
  /// Episodes that the counter had counted when `status` was noted.
  var countedEpisodes = 0
  /// The training as it can be resumed, where that is further than the newest stored checkpoint.
  var resumable: Checkpoint?
  /// From where the next session will go on.
  var stored = Progress()
  var provenance: Provenance?
  var isOver = false

  /// Stores all, for a session that ends before its time.
  mutating func storeStop(in folder: TrialFolder) throws {
    isOver = true
    if let resumable {
      for path in [folder.episodesPath, folder.updatesPath] { try Disk.sync(path) }
      try AtomicFile.write(resumable.encoded(), to: folder.resumePath)
    }
    status.state = .stopped
    status.activity = activity
    (status.episodes, status.decisions) = (stored.episodes, stored.decisions)
    status.smoothedMean = stored.smoothedMean
    status.updatedAt = Timestamp.text(secondsSince1970: Clock.wall)
    try folder.writeStatus(status)
    if var provenance {
      provenance.close(session.record(toEpisode: stored.episodes, isOver: true))
      try folder.writeProvenance(provenance)
    }
  }
}

/// When a session began, for its record.
struct SessionFacts: Sendable {
  let startedAt = Timestamp.text(secondsSince1970: Clock.wall)
  let startWall = Clock.monotonic
  var firstEpisode = 0

  func record(toEpisode episode: Int, isOver: Bool) -> Provenance.Session {
    let use = ResourceUse.current
    return Provenance.Session(
      startedAt: startedAt,
      endedAt: isOver ? Timestamp.text(secondsSince1970: Clock.wall) : nil,
      wallSeconds: Clock.monotonic - startWall, cpuSeconds: use.cpuSeconds,
      peakMemoryBytes: use.peakMemoryBytes, fromEpisode: firstEpisode, toEpisode: episode)
  }
}

extension Provenance {
  /// Replaces the open record of a session by the one of its end, with what was noted at its start.
  mutating func close(_ record: Session) {
    var closed = record
    if let opened = sessions.popLast() {
      closed.versions = opened.versions
      closed.git = opened.git
      closed.machine = opened.machine
      closed.experimentHash = opened.experimentHash
      closed.binary = opened.binary
    }
    sessions.append(closed)
  }
}
