// SPDX-License-Identifier: MIT

/// Where a trial's numbers come from: `provenance.json`.
///
/// Each session names its own program, commit and machine. The same keys at the top are those of
/// the newest session: readers of the first layout find them there, and sessions that the first
/// layout wrote have none of their own.
package struct Provenance: Codable, Hashable, Sendable {
  /// What wrote it.
  package struct Versions: Codable, Hashable, Sendable {
    package var rallybook: String
    /// The compiler, such as `6.3.1`.
    package var swift: String
    /// The layout of the trial's folder.
    package var format: Int
  }

  /// One stretch of work by one process.
  package struct Session: Codable, Hashable, Sendable {
    /// ISO 8601 in UTC.
    package var startedAt: String
    /// ISO 8601 in UTC; nil while it runs, and for ever when it was killed.
    package var endedAt: String?
    package var wallSeconds: Double
    package var cpuSeconds: Double
    package var peakMemoryBytes: Int
    /// Episodes done when it began.
    package var fromEpisode: Int
    /// Episodes done when it ended, or at its last checkpoint.
    package var toEpisode: Int
    /// `Resumption.skipped`; nil for none.
    package var skipped: [String]?
    /// What wrote it; nil in sessions of the first layout, as are the next two.
    package var versions: Versions?
    /// Nil also outside a git work tree, or without git.
    package var git: GitState?
    package var machine: MachineFacts?
    /// SHA-256 of the experiment file's bytes.
    package var experimentHash: String?
    /// `BinaryIdentity` of the program; nil where it has none.
    package var binary: String?

    /// Whether it trained; others only evaluated. A session without an end may have trained up to
    /// where it was killed.
    package var trained: Bool { toEpisode > fromEpisode || endedAt == nil }
  }

  package var versions: Versions
  /// SHA-256 of the experiment file's bytes.
  package var experimentHash: String
  /// Nil outside a git work tree, or without git.
  package var git: GitState?
  package var machine: MachineFacts
  /// The key of `settings` that is `no` where the environment gave another game for the same seed.
  package static let repeatsItself = "repeats itself"

  /// The key of `settings` that is `numbers` where an action is numbers, of a Gaussian.
  package static let actions = "actions"

  /// The environment's own settings and versions, as text by name.
  package var settings: [String: String] = [:]
  /// In order of time; the newest last.
  package var sessions: [Session] = []

  /// The sessions, each with its program, commit and machine, also where the first layout kept
  /// only one of each for all.
  package var completeSessions: [Session] {
    sessions.map { session in
      guard session.versions == nil else { return session }
      var complete = session
      complete.versions = versions
      complete.git = git
      complete.machine = machine
      complete.experimentHash = experimentHash
      return complete
    }
  }

  /// The sessions that trained, complete; all of them where none is known to have.
  package var trainingSessions: [Session] {
    let trained = completeSessions.filter(\.trained)
    return trained.isEmpty ? completeSessions : trained
  }

  /// The newest session that trained.
  package var trainingSession: Session? { trainingSessions.last }

  /// Begins a session: before the newest's facts replace those of the sessions that the first
  /// layout wrote, those are given to each of them.
  mutating func begin(_ session: Session) {
    sessions = completeSessions
    versions = session.versions ?? versions
    git = session.git
    machine = session.machine ?? machine
    experimentHash = session.experimentHash ?? experimentHash
    sessions.append(session)
  }

  /// The record with a session of the calling process, which begins now.
  ///
  /// - Parameters:
  ///   - earlier: what earlier sessions left; nil for the first.
  ///   - program: the versions of the program and of its compiler.
  ///   - resumption: where it goes on.
  package static func begun(
    after earlier: Provenance?, program: (version: String, swift: String), vectorExtension: String,
    experimentHash: String, resumption: Resumption
  ) -> Provenance {
    let versions = Versions(rallybook: program.version, swift: program.swift, format: 1)
    let git = GitState.around(".")
    let machine = MachineFacts.current(vectorExtension: vectorExtension)
    var provenance =
      earlier
      ?? Provenance(versions: versions, experimentHash: experimentHash, git: git, machine: machine)
    provenance.begin(
      Session(
        startedAt: Timestamp.text(), wallSeconds: 0, cpuSeconds: 0, peakMemoryBytes: 0,
        fromEpisode: resumption.fromEpisode, toEpisode: resumption.fromEpisode,
        skipped: resumption.skipped.isEmpty ? nil : resumption.skipped, versions: versions,
        git: git,
        machine: machine, experimentHash: experimentHash, binary: BinaryIdentity.current))
    return provenance
  }
}
