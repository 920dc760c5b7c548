// SPDX-License-Identifier: MIT

import ExperimentSpec
import FoundationEssentials
package import RunStore
import Runner

/// The runs that are at work, for pages that ask again and again what has changed.
///
/// Files are read when a page asks, and at most once a second: a hundred pages cost one reading, and
/// without any page nothing is read. A page that asks after a while gets all that changed meanwhile,
/// so that a connection that was lost has lost nothing.
///
/// Shown are runs that are at work, those that were since the first look, and those with a trial whose
/// process ended without a word.
package actor LiveFeed {
  /// What a page is told of a run.
  private struct Change: Encodable {
    let name: String
    let title: String
    /// Whether the trials are all there are, not only those that changed.
    let isWhole: Bool
    let state: String
    let style: String
    let summary: String
    let fraction: Double
    /// What was decided in rounds, in lines.
    let decisions: [String]
    /// Of its report; nil without one, and while the run is at work.
    let answer: String?
    /// Labels.
    let variants: [String]
    let trials: [LiveRun.Trial]
  }

  private struct Changes: Encodable {
    /// What the page names when it asks next.
    let at: String
    /// Seconds until then.
    let wait: Double
    let curveParts = Trend.parts
    /// Names of all runs that are shown, in order.
    let shown: [String]
    let runs: [Change]
  }

  /// A run of the folder, shown or not.
  private struct Entry {
    var marks: [FileMark?] = []
    var live: LiveRun?
    var begin: ContinuousClock.Instant
    var isShown = false
    var decisions: [String] = []
    var answer: String?
    /// By trial, and of the run as a whole: the look at which it last changed.
    var trialLooks: [String: Int] = [:]
    var wholeLook = 0
    var look = 0
  }

  private let runs: String
  private let reports: String
  private let decisions: @Sendable (RunFolder) -> [String]
  private let answer: @Sendable (String) -> String?
  /// Tells the looks of this server from those of one that ran before at the same address.
  private let session = String(UInt32.random(in: 0...(.max)), radix: 36)
  private let clock = ContinuousClock()
  private var entries: [String: Entry] = [:]
  private var look = 0
  private var lastLook: ContinuousClock.Instant?
  /// Encoded since the last look, by what was asked for.
  private var answers: [Int: [UInt8]] = [:]
  private var lastAsked: ContinuousClock.Instant
  /// Answers since the last look, and the seconds that pages wait between two questions: more where
  /// many pages ask, so that all of them together get about ten answers a second.
  private var count = 0
  private var wait = 1.0

  /// - Parameters:
  ///   - runs: folder of the runs.
  ///   - reports: folder of the reports.
  ///   - decisions: what was decided in rounds about a run's trials, in lines.
  ///   - answer: of the report in a folder.
  package init(
    runs: String, reports: String, decisions: @escaping @Sendable (RunFolder) -> [String],
    answer: @escaping @Sendable (String) -> String?
  ) {
    (self.runs, self.reports, self.decisions, self.answer) = (runs, reports, decisions, answer)
    lastAsked = clock.now
  }

  /// Seconds since anything was last asked for.
  package var idleSeconds: Double { (clock.now - lastAsked) / .seconds(1) }

  /// Something is asked for, be it the runs or a report.
  package func isAsked() { lastAsked = clock.now }

  /// What changed after the look that a page names by `at` of an earlier answer; all there is for
  /// anything else.
  package func answer(to query: String) -> Answer {
    count += 1
    lookAgain()
    let parts = query.split(separator: ".")
    let named = parts.count == 2 && parts[0] == session ? Int(parts[1]) : nil
    let after = named.flatMap { (0...look).contains($0) ? $0 : nil } ?? 0
    let body = answers[after] ?? changes(after: after)
    answers[after] = body
    return Answer(body, type: "application/json")
  }

  private func changes(after: Int) -> [UInt8] {
    let shown = entries.filter(\.value.isShown).keys.sorted { first, second in
      let (one, other) = (entries[first]?.live?.isAtWork, entries[second]?.live?.isAtWork)
      return one == other ? first < second : one == true
    }
    let changed = shown.compactMap { name in
      entries[name].flatMap { $0.look > after ? change($0, name, after: after) : nil }
    }
    let changes = Changes(at: "\(session).\(look)", wait: wait, shown: shown, runs: changed)
    return (try? JSONEncoder().encode(changes)).map { [UInt8]($0) } ?? []
  }

  private func change(_ entry: Entry, _ name: String, after: Int) -> Change? {
    guard let live = entry.live else { return nil }
    let isWhole = entry.wholeLook > after
    return Change(
      name: name, title: live.plan.title.isEmpty ? name : live.plan.title, isWhole: isWhole,
      state: live.state.word, style: live.state.style, summary: live.summary,
      fraction: live.fraction, decisions: entry.decisions,
      answer: live.isAtWork ? nil : entry.answer,
      variants: live.plan.variants.map(\.label),
      trials: live.trials.filter { isWhole || entry.trialLooks[$0.id, default: 0] > after })
  }

  /// Looks at all runs again, if the last look is a second old.
  package func lookAgain() {
    let now = clock.now
    if let lastLook {
      let seconds = (now - lastLook) / .seconds(1)
      if seconds < 1 { return }
      wait = min(max(1, wait * Double(count) / (10 * seconds)), 60)
    }
    (lastLook, count) = (now, 0)
    look += 1
    answers = [:]
    let names = (try? RunFolder.names(in: runs)) ?? []
    for name in entries.keys where !names.contains(name) { entries[name] = nil }
    for name in names {
      var entry = entries[name] ?? Entry(begin: now)
      read(&entry, RunFolder(runs: runs, name: name), at: now)
      entries[name] = entry
    }
  }

  private func read(_ entry: inout Entry, _ run: RunFolder, at now: ContinuousClock.Instant) {
    // A run that begins takes its lock and freezes its plan; one with rounds stores what it decided.
    let report = "\(reports)/\(run.name)"
    let marks = [
      run.planPath, run.lockPath, run.searchPath, run.looksPath, "\(report)/index.html",
    ].map { FileMark($0) }
    let isNew = marks != entry.marks
    guard isNew || entry.isShown else { return }
    // A short run may begin and end between two looks.
    let hasBegun = look > 1 && marks.prefix(2) != entry.marks.prefix(2)
    if isNew {
      entry.marks = marks
      // One that is half written is read when it changes again; of one that is over no more is read.
      guard let snapshot = try? RunSnapshot(run), look > 1 || LiveRun.isNews(snapshot),
        let live = try? LiveRun(snapshot)
      else { return }
      (entry.live, entry.begin, entry.wholeLook) = (live, now, look)
      (entry.decisions, entry.answer) = (decisions(run), answer(report))
    }
    let (before, wasAtWork) = (entry.live?.trials ?? [], entry.live?.isAtWork)
    let summary = entry.live?.summary
    entry.live?.look(at: (now - entry.begin) / .seconds(1))
    guard let live = entry.live else { return }
    let known = Set(before)
    for trial in live.trials where !known.contains(trial) {
      entry.trialLooks[trial.id] = look
      entry.look = look
    }
    if isNew || live.isAtWork != wasAtWork || live.summary != summary { entry.look = look }
    let isKilled = live.trials.contains { $0.state == .interrupted }
    entry.isShown = entry.isShown || live.isAtWork || isKilled || hasBegun
    // What is not shown takes no memory.
    if !entry.isShown { entry.live = nil }
  }
}
