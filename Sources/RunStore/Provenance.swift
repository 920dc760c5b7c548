// SPDX-License-Identifier: MIT

/// Where a trial's numbers come from: `provenance.json`.
package struct Provenance: Codable, Hashable, Sendable {
  /// What wrote it.
  package struct Versions: Codable, Hashable, Sendable {
    package var rallybook: String
    /// The compiler, such as `6.3.1`.
    package var swift: String
    /// The layout of the trial's folder.
    package var format: Int

    package init(rallybook: String, swift: String, format: Int) {
      self.rallybook = rallybook
      self.swift = swift
      self.format = format
    }
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

    package init(
      startedAt: String, endedAt: String?, wallSeconds: Double, cpuSeconds: Double,
      peakMemoryBytes: Int, fromEpisode: Int, toEpisode: Int
    ) {
      self.startedAt = startedAt
      self.endedAt = endedAt
      self.wallSeconds = wallSeconds
      self.cpuSeconds = cpuSeconds
      self.peakMemoryBytes = peakMemoryBytes
      self.fromEpisode = fromEpisode
      self.toEpisode = toEpisode
    }
  }

  package var versions: Versions
  /// SHA-256 of the experiment file's bytes.
  package var experimentHash: String
  /// Nil outside a git work tree, or without git.
  package var git: GitState?
  package var machine: MachineFacts
  /// The environment's own settings and versions, as text by name.
  package var settings: [String: String]
  /// In order of time; the newest last.
  package var sessions: [Session]

  package init(
    versions: Versions, experimentHash: String, git: GitState?, machine: MachineFacts,
    settings: [String: String] = [:], sessions: [Session] = []
  ) {
    self.versions = versions
    self.experimentHash = experimentHash
    self.git = git
    self.machine = machine
    self.settings = settings
    self.sessions = sessions
  }
}
