// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
package import ExperimentSpec
package import RunStore

/// A run that others work on, looked at again and again: of its trials' files only those are read that
/// changed, and of `episodes.csv` what was added. It writes nothing.
package struct LiveRun {
  /// A trial as it is shown.
  package struct Trial: Encodable, Hashable, Sendable {
    package let id: String
    /// Its place in the plan, from 1.
    let number: Int
    /// Its variant's place in the plan.
    let variant: Int
    let seed: Int
    package let state: TrialState
    let words: String
    /// Such as `4,120/8,000`.
    let episodes: String
    /// Of the phase, between 0 and 1.
    let fraction: Double
    /// Of the last training episode.
    let lastReturn: String
    let smoothedMean: String
    /// Decisions a second.
    let rate: String
    let left: String
    /// What is wrong, or what it does where that is worth a word.
    let note: String
    /// The smoothed mean at the end of equal parts of `curveEnd` episodes, which doubles as they are
    /// passed; nil where none is known.
    let curve: [Double?]
    let curveEnd: Int
  }

  package let plan: Plan
  /// In the plan's order, as of the last look.
  package private(set) var trials: [Trial] = []
  /// Whether somebody works on it, as of the last look.
  package private(set) var isAtWork = false
  private let snapshot: RunSnapshot
  private let batch: Batch
  private let watcher: FolderWatcher
  private var progress = BatchProgress()
  private var holder: FolderLock.Holder?
  /// By place in the plan.
  private var seen: [Seen]

  /// What was read of a trial's files.
  private struct Seen {
    /// Its place among the jobs; nil of one that was complete before.
    let job: Int?
    var mark: FileMark?
    var status: TrialStatus?
    var state: TrialState
    var follower: TrialFollower?
    var file: GrowingCSV<EpisodeRecord>
    var trend: Trend
    var mean: Double?
    var lastReturn: Double?

    /// Reads what was added to the training episodes. A damaged row ends the curve, nothing else.
    mutating func readEpisodes() {
      for row in (try? file.newRows()) ?? [] {
        mean = smoothed(mean, with: row.return)
        trend.note(mean, at: row.episode)
        lastReturn = row.return
      }
    }
  }

  /// Whether somebody works on a run, or a process of it ended without a word.
  package static func isNews(_ snapshot: RunSnapshot) -> Bool {
    FolderLock.holder(of: snapshot.folder) != nil
      || snapshot.trials.contains { $0.state == .interrupted }
  }

  /// - Throws: `RunRefusal` for a run that cannot be read.
  package init(_ snapshot: RunSnapshot) throws {
    let batch = try Batch(snapshot, retriesFailed: true)
    let jobs = Dictionary(
      uniqueKeysWithValues: batch.jobs.enumerated().map { ($1.trial.id, $0) })
    (self.snapshot, self.batch, plan) = (snapshot, batch, snapshot.plan)
    watcher = FolderWatcher(snapshot.folder)
    _ = watcher.begin(batch)
    progress.apply(.began(batch, workers: 0), at: 0)
    seen = snapshot.trials.map { trial in
      Seen(
        job: jobs[trial.planned.id], status: trial.status, state: trial.state,
        file: GrowingCSV(trial.folder.episodesPath), trend: Trend(total: Trend.parts))
    }
  }

  /// Looks at it again.
  ///
  /// - Parameter seconds: since it was made; of a clock that never goes back.
  package mutating func look(at seconds: Double) {
    holder = FolderLock.holder(of: snapshot.folder)
    let changed = seen.indices.filter { read($0) }
    let statuses = Dictionary(
      uniqueKeysWithValues: seen.compactMap { one in
        one.job.flatMap { job in one.status.map { (job, $0) } }
      })
    for report in watcher.look(statuses, after: 0, at: seconds) {
      switch report {
      case .started(let job, let pid): progress.apply(.started(job: job, pid: pid), at: seconds)
      case .told(let job, let result):
        let end = JobEnd(result: result, status: statuses[job], seconds: 0)
        progress.apply(.ended(job: job, end), at: seconds)
      default: break
      }
    }
    for place in seen.indices {
      guard let job = seen[place].job, seen[place].state == .running,
        let status = seen[place].status
      else {
        seen[place].follower = nil
        continue
      }
      var follower =
        seen[place].follower
        ?? TrialFollower(job, batch.jobs[job], showsTrend: false, at: seconds)
      for event in follower.news(status, at: seconds) { progress.apply(event, at: seconds) }
      seen[place].follower = follower
    }
    progress.apply(.tick, at: seconds)
    let rows = Dictionary(uniqueKeysWithValues: progress.rows.map { ($0.index, $0) })
    if trials.isEmpty { trials = seen.indices.map { shown($0, nil) } }
    for place in changed { trials[place] = shown(place, seen[place].job.flatMap { rows[$0] }) }
    isAtWork = holder != nil || trials.contains { $0.state == .running }
  }

  /// Reads what is new of a trial; whether it may look different now.
  private mutating func read(_ place: Int) -> Bool {
    let folder = snapshot.trials[place].folder
    let mark = FileMark(folder.statusPath)
    let (isNew, before) = (mark != seen[place].mark, seen[place].state)
    if isNew {
      seen[place].mark = mark
      if let status = (try? folder.readStatus()) ?? nil { seen[place].status = status }
      seen[place].readEpisodes()
    }
    // What was damaged at the beginning stays so, whatever its status says.
    if before != .damaged, let status = seen[place].status {
      seen[place].state = TrialState(status)
    }
    return isNew || before == .running || seen[place].state != before
  }

  private func shown(_ place: Int, _ row: BatchProgress.Row?) -> Trial {
    let (trial, one) = (snapshot.trials[place], seen[place])
    let done = one.status?.episodes ?? 0
    let target = one.status?.knownTarget ?? trial.targetEpisodes
    let whole = target > 0 ? min(1, Double(done) / Double(target)) : 0
    let isRunning = one.state == .running
    return Trial(
      id: trial.planned.id, number: trial.planned.number, variant: trial.planned.variant,
      seed: trial.planned.seed, state: one.state,
      words: one.state.words(isImported: plan.imported != nil),
      episodes: isRunning ? row?.shownEpisodes ?? "" : Self.episodes(done, target),
      fraction: isRunning ? row?.fraction ?? whole : whole,
      lastReturn: Numbers.score(one.lastReturn),
      smoothedMean: Numbers.score(one.status?.smoothedMean),
      rate: isRunning ? Numbers.rate(row?.rate) : "",
      left: isRunning ? Durations.text(row?.secondsLeft) : "", note: note(trial, one),
      curve: one.trend.known.map { $0.map { ($0 * 1_000).rounded() / 1_000 } },
      curveEnd: one.trend.total)
  }

  private static func episodes(_ done: Int, _ target: Int) -> String {
    done >= target ? Numbers.whole(done) : "\(Numbers.whole(done))/\(Numbers.whole(target))"
  }

  private func note(_ trial: RunSnapshot.Trial, _ one: Seen) -> String {
    switch one.state {
    case .damaged: trial.problem?.description ?? ""
    case .interrupted: Wording.killed
    case .running:
      one.status?.decisionsWithoutEnd.map {
        "no episode has ended yet after \(Numbers.whole($0)) decisions"
      } ?? ""
    default: one.status?.message ?? ""
    }
  }

  /// `Running`, `Finished`, `Interrupted` and so on, with the style sheet's word for it.
  package var state: (word: String, style: String) {
    let states = Set(trials.map(\.state))
    if isAtWork { return ("Running", "running") }
    if states.isSubset(of: [.finished]) { return ("Finished", "finished") }
    if states.contains(.interrupted) { return ("Interrupted", "failed") }
    if states.contains(where: \.isOver) { return ("Incomplete", "failed") }
    return ("Stopped", "stopped")
  }

  /// The part of all trials that is done, between 0 and 1.
  package var fraction: Double { progress.fraction }

  /// `3 finished, 2 running, 7 pending · 41 % done · about 3 min left · run by process 123 on host`.
  package var summary: String {
    let counts: [TrialState: Int] = trials.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
    var parts = [counts.words(isImported: plan.imported != nil)]
    let isFinished = state.style == "finished"
    if !isFinished { parts.append("\(Int(100 * fraction)) % done") }
    if isAtWork, let left = progress.secondsLeft {
      parts.append("about \(Durations.text(left)) left")
    }
    if let holder {
      parts.append("run by process \(holder.process.pid) on \(holder.host)")
    } else if !isAtWork && !isFinished {
      parts.append("nothing works on it now; continue with: rallybook run \(plan.experimentFile)")
    }
    return parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }
}
