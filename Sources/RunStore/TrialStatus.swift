// SPDX-License-Identifier: MIT

import Diagnostics

/// How a trial stands, as the trial's own process last wrote it: `status.json`.
package struct TrialStatus: Codable, Hashable, Sendable {
  package enum State: String, Codable, Hashable, Sendable {
    case running, finished, stopped, failed
    /// Its environment could not be made; nothing was trained in this session.
    case couldNotStart
  }

  package var formatVersion = StoredRecord.newestFormat
  package var state: State
  /// Training episodes done.
  package var episodes: Int
  /// Training episodes asked for, or in the end, as far as the trial can tell; 0 before it can.
  package var targetEpisodes: Int
  /// Training decisions done.
  package var decisions: Int
  /// The smoothed mean of the undiscounted returns (mean ← 0.99·mean + 0.01·return); nil before the
  /// first episode, never NaN.
  package var smoothedMean: Double?
  /// Evaluation episodes of the final weights done.
  package var evaluated: Int
  /// Why it failed, could not start, or was stopped by something other than a person; else nil.
  package var message: String?
  /// What it does, of a running trial, or did when it was stopped; nil otherwise and in records of
  /// versions before 0.2.
  package var activity: TrialActivity?
  /// Where the session went on; nil before it knows, and in records of versions before 0.2.
  package var resumption: Resumption?
  /// The process that wrote this.
  package var process: ProcessIdentity
  /// The machine that it runs on, by its name; nil in records of 0.1.
  package var host: String?
  /// Start of the current session, `2026-11-24T06:39:00Z`.
  package var startedAt: String
  /// When this was written; doubles as the heartbeat of a running trial.
  package var updatedAt: String

  /// `targetEpisodes`; nil before the trial can tell.
  package var knownTarget: Int? { targetEpisodes > 0 ? targetEpisodes : nil }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(formatVersion, forKey: .formatVersion)
    try container.encode(state, forKey: .state)
    try container.encode(episodes, forKey: .episodes)
    try container.encode(targetEpisodes, forKey: .targetEpisodes)
    try container.encode(decisions, forKey: .decisions)
    // JSON has no NaN; absent values are written as null, so that every key is always there.
    try container.encode(smoothedMean.flatMap { $0.isFinite ? $0 : nil }, forKey: .smoothedMean)
    try container.encode(evaluated, forKey: .evaluated)
    try container.encode(message, forKey: .message)
    try container.encodeIfPresent(activity, forKey: .activity)
    try container.encodeIfPresent(resumption, forKey: .resumption)
    try container.encode(process, forKey: .process)
    try container.encode(host, forKey: .host)
    try container.encode(startedAt, forKey: .startedAt)
    try container.encode(updatedAt, forKey: .updatedAt)
  }
}

/// Where a session went on.
package struct Resumption: Codable, Hashable, Sendable {
  /// Training episodes that its checkpoint had done; 0 for a training from the start.
  package var fromEpisode: Int
  /// Checkpoints that could not be used, each with why, by their paths in the trial's folder.
  package var skipped: [String] = []

  package init(fromEpisode: Int, skipped: [String] = []) {
    (self.fromEpisode, self.skipped) = (fromEpisode, skipped)
  }

  /// Whether it is more than a beginning.
  package var isWorthTelling: Bool { fromEpisode > 0 || !skipped.isEmpty }
}

extension TrialStatus {
  /// What the calling process writes first, after what an earlier session left.
  package init(_ state: State, after earlier: TrialStatus? = nil) {
    let now = Timestamp.text()
    self.init(
      state: state, episodes: earlier?.episodes ?? 0, targetEpisodes: earlier?.targetEpisodes ?? 0,
      decisions: earlier?.decisions ?? 0, smoothedMean: earlier?.smoothedMean,
      evaluated: earlier?.evaluated ?? 0, process: .current, host: MachineFacts.hostName,
      startedAt: now, updatedAt: now)
  }

  /// Seconds without a sign after which a process of another machine counts as dead: nothing but
  /// its heartbeat can be seen from here.
  package static let silenceElsewhere = 120.0

  /// Whether the process that wrote this is at work.
  ///
  /// Of a process of this machine and this boot the kernel is asked, by number and start time, so
  /// that no flag left behind by a power cut is believed. Of another machine's the heartbeat tells.
  ///
  /// - Parameters:
  ///   - host: the name of the machine that asks.
  ///   - now: its clock, seconds since 1970.
  package func isAtWork(
    host: String = MachineFacts.hostName, now: Double = Timestamp.now
  ) -> Bool {
    guard state == .running else { return false }
    guard let writer = self.host, writer != host else { return process.isAlive }
    return heartbeatAge(now: now).map { $0 < Self.silenceElsewhere } ?? false
  }

  /// Seconds since this was written, by the two machines' clocks; nil when the time is unreadable.
  /// A clock that went back makes it look fresh, never old.
  package func heartbeatAge(now: Double = Timestamp.now) -> Double? {
    Timestamp.seconds(updatedAt).map { max(0, now - $0) }
  }

  /// Changes as long as the process that writes this does something. Versions before 0.2 wrote a
  /// heartbeat only when they did.
  package var signOfLife: String {
    let process = "\(state.rawValue) \(process.pid) \(process.startTicks)"
    return activity.map { "\(process) \($0.signs)" }
      ?? "\(process) \(updatedAt) \(episodes) \(decisions) \(evaluated)"
  }

  /// Decisions of a first episode that has not ended yet; nil once one has, or before any.
  package var decisionsWithoutEnd: Int? {
    episodes == 0 ? activity?.decisionsWithoutEnd : nil
  }
}

/// How a trial stands for a reader: what `status.json` says, held against the living processes and
/// the other files.
package enum TrialState: String, Codable, Hashable, Sendable, CaseIterable {
  /// Nothing was started.
  case pending
  /// Its process lives.
  case running
  case finished
  /// Checkpointed by its own process; resumable.
  case stopped
  /// Its process ended without a word, or its status was never written; the next run goes on from
  /// the last checkpoint.
  case interrupted
  /// Its environment could not be made, so that it never began or could not go on. The next run
  /// tries again.
  case couldNotStart
  /// The trial gave up, or the runner did, with a reason; tried again only when asked for.
  case failed
  /// A file of its folder cannot be what a trial wrote.
  case damaged

  /// The state of a trial whose folder exists and whose status reads so; nil for no status.
  ///
  /// - Parameter isDamaged: whether a file of the folder cannot be read.
  package init(_ status: TrialStatus?, isDamaged: Bool = false) {
    if isDamaged {
      self = .damaged
      return
    }
    switch status?.state {
    case .finished: self = .finished
    case .stopped: self = .stopped
    case .failed: self = .failed
    case .couldNotStart: self = .couldNotStart
    case .running: self = status?.isAtWork() == true ? .running : .interrupted
    case nil: self = .interrupted
    }
  }

  /// Whether it ended without success, for a reason that is told.
  package var isOver: Bool { self == .failed || self == .couldNotStart || self == .damaged }

  /// As people read it: `could not start`.
  package var words: String { self == .couldNotStart ? "could not start" : rawValue }

  /// The same of a trial that may be another program's, which was never finished here.
  package func words(isImported: Bool) -> String {
    isImported && self == .finished ? "imported" : words
  }
}

extension [TrialState: Int] {
  /// `4 finished, 1 failed`, in the order of `TrialState`.
  package func words(isImported: Bool) -> String {
    TrialState.allCases.compactMap { state in
      self[state].flatMap {
        $0 > 0 ? "\(Numbers.whole($0)) \(state.words(isImported: isImported))" : nil
      }
    }.joined(separator: ", ")
  }
}
