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
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Train a trial again and compare every number with the stored one, bit for bit.",
    discussion: """
      It names the first number that differs, and what changed since: binary, configuration, CPU. \
      The exit status is then 3. It changes nothing that is stored.
      """)

  @Argument(help: "Trials: their first digits, or RUN/DIGITS.", completion: .trials)
  var trials: [String]
  @OptionGroup var store: StoreOptions
  @Option(
    help: ArgumentHelp(
      "Keep what was trained again in this folder; otherwise it is removed.", valueName: "dir"))
  var keep: String?
  @Flag(name: .shortAndLong, help: "Print the results only.") var quiet = false

  func run() async throws {
    let found = try trials.map { try FoundTrial($0, in: store) }
    if let keep, Disk.isPresent(keep), (try? Disk.names(in: keep))?.isEmpty != true {
      throw end(4, "error: \(keep) exists and is not empty; nothing was started")
    }
    var isDifferent = false
    for trial in found where try await !verify(trial) { isDifferent = true }
    if isDifferent { throw ExitCode(3) }
  }

  /// - Returns: whether all numbers are the same.
  private func verify(_ found: FoundTrial) async throws -> Bool {
    let name = "\(found.run.folder.name)/\(found.facts.id)"
    if found.facts.isImported {
      throw end(
        2, "error: \(name) was imported: another program trained it, so it cannot be verified")
    }
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
    let place = try TrainingPlace(
      keep: keep.map { trials.count > 1 ? "\($0)/\(found.facts.id)" : $0 })
    defer { place.remove() }
    let again = try await train(retraining, in: place, name: name)
    let comparison = try RecordComparison(stored: found.folder, again: again)
    guard let difference = comparison.difference else {
      say(lines: "\(name): \(Self.verified(comparison.amounts))")
      for gap in comparison.amounts.uncompared { printError("not compared: \(gap)") }
      // Rows that are missing cannot differ.
      guard found.facts.state == .damaged, let line = found.facts.problemLine else { return true }
      say(lines: line)
      return false
    }
    let (then, now) = (try found.folder.readProvenance(), try again.readProvenance())
    let sessions = now?.trainingSession.map {
      ChangedFact.all(stored: then?.trainingSessions ?? [], now: $0)
    }
    let changes =
      retraining.configurationChanges + ChangedFact.packages(stored: then, now: now)
      + (sessions ?? [])
    // Nothing that changed explains it, or an environment of anyone's may: if a further training
    // differs from the first, it is not the stored file that is wrong.
    if changes.isEmpty || retraining.isRemote {
      let second = try TrainingPlace(keep: nil)
      defer { second.remove() }
      let further = try await train(retraining, in: second, name: name)
      if let unlike = try RecordComparison(stored: again, again: further).difference {
        let who =
          retraining.isRemote
          ? "the environment does not repeat itself for a given seed"
          : "the program does not repeat"
        say(
          lines: """
            \(name): trained twice again from the same seed, the two differ first in \
            \(unlike.file), \(unlike.place)
              first          \(unlike.stored)
              second         \(unlike.again)
              \(who): no training can confirm what is stored, or refute it
              the stored trial differs from the first in \(difference.file), \(difference.place): \
            \(difference.stored)
            """)
        return false
      }
    }
    let reasons =
      changes.isEmpty
      ? ["  binary, configuration and CPU are the same: the stored file was changed or damaged"]
      : changes.map { "  changed: \($0.name): \($0.then) → \($0.now)" }
    say(
      lines: """
        \(name): differs first in \(difference.file), \(difference.place)
          stored         \(difference.stored)
          trained again  \(difference.again)
        \(reasons.joined(separator: "\n"))
        """)
    return false
  }

  private static func verified(_ amounts: VerifiedAmounts) -> String {
    let parts = [
      (amounts.episodes, "episode"), (amounts.updates, "update"),
      (amounts.evaluations, "evaluation episode"), (amounts.checkpoints, "checkpoint"),
      (amounts.replays, "replay"),
    ].filter { $0.0 > 0 }.map { Numbers.count($0.0, $0.1) }
    return parts.joined(separator: ", ")
      + ": all \(Numbers.whole(amounts.numbers)) numbers the same"
  }

  /// Trains the trial again as far as it is stored, as a batch of one.
  private func train(
    _ retraining: Retraining, in place: TrainingPlace, name: String
  ) async throws -> TrialFolder {
    let run = RunFolder(path: place.path)
    try run.create()
    try run.writePlan(retraining.plan)
    let isShown = !quiet && isatty(2) == 1
    if !quiet && !isShown {
      printError("\(name): training \(Numbers.count(retraining.episodes, "episode")) again")
    }
    var batch = try Batch(RunSnapshot(run), only: [retraining.trial.id])
    batch.title = "training \(name) again"
    let scheduler = LocalScheduler(
      program: executablePath(), arguments: ["--until", "\(retraining.episodes)"],
      cores: MachineFacts.usableCores)
    let outcome = try await BatchRunner(
      batch, rules: .init(jobs: 1), scheduler: scheduler, recordsFailures: false,
      observers: isShown ? batchObservers() : []
    ).run()
    if outcome.firstSignal != nil { throw end(5, "stopped; nothing was changed or kept") }
    let folder = run.trial(retraining.trial.id)
    // One that stops where the stored one does, or fails as that did, has come far enough.
    if let failure = outcome.failures.first,
      ((try? folder.readStatus()) ?? nil)?.episodes ?? 0 < retraining.episodes
    {
      throw end(1, "error: training \(name) again failed: \(failure.reason)")
    }
    return folder
  }
}

/// The folder in which a trial is trained again.
private struct TrainingPlace {
  let path: String
  private let isKept: Bool

  /// - Parameter keep: nil for a temporary folder.
  init(keep: String?) throws(RunStoreError) {
    isKept = keep != nil
    if let keep {
      try Disk.makeFolder(keep)
      path = keep
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
  }

  func remove() {
    if !isKept { try? Disk.remove(path) }
  }
}
