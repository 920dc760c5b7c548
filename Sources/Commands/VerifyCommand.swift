// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import Glibc
import ParameterSchema
import RunStore
import Runner
import Trials

/// `rallybook verify TRIAL…`
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Train a trial again and compare every number with the stored one, bit for bit.",
    discussion: """
      Names the first number that differs, and what changed since: binary, configuration, CPU. \
      Exit status 3 at a difference. Nothing stored is touched.
      """)

  @Argument(help: "Trials: their first digits, or RUN/DIGITS.") var trials: [String]
  @OptionGroup var store: StoreOptions
  @Option(
    help: ArgumentHelp(
      "Keep what was trained again in this folder; otherwise it is removed.", valueName: "dir"))
  var keep: String?
  @Flag(name: .shortAndLong, help: "Only the results.") var quiet = false

  func run() throws {
    let found = try trials.map { try FoundTrial($0, in: store) }
    if let keep, Disk.isPresent(keep), (try? Disk.names(in: keep))?.isEmpty != true {
      throw end(4, "error: \(keep) exists and is not empty; nothing was started")
    }
    var status: Int32 = 0
    for trial in found {
      if try !verify(trial) { status = 3 }
    }
    if status != 0 { throw ExitCode(status) }
  }

  /// - Returns: whether all numbers are the same.
  private func verify(_ found: FoundTrial) throws -> Bool {
    let name = "\(found.run.folder.name)/\(found.facts.id)"
    switch found.facts.state {
    case .pending: throw end(2, "error: \(name) has not been trained; there is nothing to verify")
    case .running: throw end(4, "error: \(name) is being trained; verify it when it has ended")
    case .finished, .stopped, .failed, .interrupted, .couldNotStart, .damaged: break
    }
    // A trial that the plan does not name, as one that `--extend` continued, is most likely kept as
    // the others are.
    let planned =
      found.planned.flatMap { found.run.plan?.configuration(of: $0) }
      ?? found.run.plan?.variants.first?.configuration
    let retraining = try Retraining(of: found.folder, planned: planned, catalogue: .standard)
    let place = try Workplace(keep: keep.map { trials.count > 1 ? "\($0)/\(found.facts.id)" : $0 })
    defer { place.remove() }
    let run = RunFolder(path: place.path)
    try run.create()
    try run.writePlan(retraining.plan)
    try train(retraining, in: run, name: name)

    let again = run.trial(retraining.trial.id)
    let comparison = try RecordComparison(stored: found.folder, again: again)
    guard let difference = comparison.difference else {
      say(lines: "\(name): \(Wording.verified(comparison.amounts))")
      for gap in comparison.amounts.uncompared { printError("not compared: \(gap)") }
      return true
    }
    let now = try again.readProvenance()?.trainingSession
    let then = try found.folder.readProvenance()?.trainingSessions ?? []
    let changes =
      retraining.configurationChanges + (now.map { ChangedFact.all(stored: then, now: $0) } ?? [])
    // Nothing that changed explains it, or an environment of anyone's may.
    if changes.isEmpty || retraining.isRemote,
      let unlike = try unlike(again, retraining, name: name)
    {
      say(
        lines: Wording.doesNotRepeat(
          name, difference, unlike, isRemote: retraining.isRemote))
      return false
    }
    say(lines: Wording.differs(name, difference, changes))
    return false
  }

  /// In what a further training differs from the first, if it does: then it is not the stored file
  /// that is wrong.
  private func unlike(
    _ again: TrialFolder, _ retraining: Retraining, name: String
  ) throws -> RecordDifference? {
    let place = try Workplace(keep: nil)
    defer { place.remove() }
    let run = RunFolder(path: place.path)
    try run.create()
    try run.writePlan(retraining.plan)
    try train(retraining, in: run, name: name)
    return try RecordComparison(stored: again, again: run.trial(retraining.trial.id)).difference
  }

  private func train(_ retraining: Retraining, in run: RunFolder, name: String) throws {
    let isShown = !quiet && isatty(2) == 1
    if !quiet && !isShown { printError("\(name): training \(retraining.episodes) episodes again") }
    let ended = ChildTrial.run(
      [
        "trial", run.path, retraining.trial.id, "--watch-stdin", "--until",
        String(retraining.episodes),
      ]
    ) { line in
      guard isShown else { return }
      let text =
        line.phase == .evaluating
        ? "evaluating, \(line.evaluated ?? 0) episodes"
        : "\(Numbers.whole(line.episodes)) of \(Numbers.whole(retraining.episodes)) episodes, "
          + "\(Numbers.rate(line.rate)) decisions/s"
      overwrite("\(name): training again, \(text)")
    }
    if isShown { overwrite("") }
    if ended.wasInterrupted { throw end(5, "stopped; nothing was changed or kept") }
    let done = (try? run.trial(retraining.trial.id).readStatus()) ?? nil
    // One that stops where the stored one does, or fails as that did, has come far enough.
    guard ended.status == 0 || (done?.episodes ?? 0) >= retraining.episodes
    else {
      throw end(
        1, "error: training \(name) again failed (status \(ended.status))\n\(ended.errorTail)")
    }
  }

  /// Writes over the line of standard error's terminal.
  private func overwrite(_ text: String) {
    let columns = TerminalSize.of(2)?.columns ?? 80
    let shown = TerminalText.clipped(DisplayText.escaped(text), columns: columns - 1, mark: "…")
    let line = "\r\u{1B}[K" + shown
    _ = line.withCString { write(2, $0, strlen($0)) }
  }
}

/// The folder in which a trial is trained again.
private struct Workplace {
  let path: String
  private let isKept: Bool

  /// - Parameter keep: nil for a temporary folder.
  init(keep: String?) throws(RunStoreError) {
    if let keep {
      try Disk.makeFolder(keep)
      (path, isKept) = (keep, true)
      return
    }
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/rallybook-verify-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw RunStoreError(
        .unwritable, path: base, remedy: "name another folder with --keep or TMPDIR",
        underlying: String(cString: strerror(errno)))
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    isKept = false
  }

  func remove() {
    if !isKept { try? Trash.remove(path) }
  }
}
