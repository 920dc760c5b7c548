// SPDX-License-Identifier: MIT

import ExperimentSpec
import RunStore

/// How the run stands, in words.
extension Wording {
  static func state(_ state: TrialState) -> String {
    switch state {
    case .pending: "waiting"
    default: state.words
    }
  }

  /// The style sheet's word for a state.
  static func stateClass(_ state: TrialState) -> String {
    switch state {
    case .finished: "finished"
    case .failed, .couldNotStart, .damaged: "failed"
    case .running: "running"
    case .stopped, .interrupted: "stopped"
    case .pending: "waiting"
    }
  }

  static func indexLead(_ count: Int) -> String {
    count == 0
      ? "There are no reports yet: rallybook run makes the first."
      : "\(Self.count(count, "report")), each a folder that needs nothing but a browser."
  }

  static func status(_ digest: RunDigest) -> StatusView {
    let total = digest.trials.count
    let sound = digest.trials.count { $0.state == .finished && $0.problem == nil }
    let running = digest.trials.count { $0.state == .running }
    let failed = digest.trials.count { $0.state.isOver || $0.problem != nil }
    let arithmetic = digest.plan.arithmetic.isEmpty ? "" : ": \(digest.plan.arithmetic)"
    let isOpen = digest.search.map { !$0.isOver } ?? false
    let (word, stateClass): (String, String) =
      if sound == total && !isOpen { ("Finished", "finished") } else if running > 0 {
        ("Running", "running")
      } else if failed > 0 { ("Incomplete", "failed") } else { ("Incomplete", "stopped") }
    let sentence =
      isOpen
      ? "\(count(sound)) of \(count(total, "trial")) that the search has asked for so far finished"
        + "\(arithmetic)."
      : sound == total
        ? "All \(count(total, "trial")) finished\(arithmetic)."
        : "\(count(sound)) of \(count(total, "trial")) finished\(arithmetic)."
    return StatusView(
      state: word, stateClass: stateClass, sentence: sentence, gaps: gaps(digest))
  }

  private static func gaps(_ digest: RunDigest) -> [String] {
    var sentences: [String] = []
    let open = digest.trials.filter { $0.state != .finished && !$0.state.isOver }
    let states: [TrialState] = [.running, .stopped, .interrupted, .pending]
    let counts = states.compactMap { state -> String? in
      let number = open.count { $0.state == state && $0.problem == nil }
      return number == 0 ? nil : "\(count(number)) \(Self.state(state))"
    }
    if !counts.isEmpty {
      sentences.append(
        capitalized(list(counts)) + ". What follows is from the finished trials, unless it says"
          + " otherwise.")
    }
    for variant in digest.variants {
      for (reason, seeds) in failures(variant) {
        sentences.append(
          "\(quoted(variant.label)), \(named(seeds, of: variant.trials.count)): \(ended(reason))"
            + " Excluded: \(coverage(variant.coverage)) count.")
      }
    }
    // A long list of the same would push the answer off the screen; the trials' table has all.
    if sentences.count > 6 {
      let rest = sentences.count - 5
      sentences = Array(sentences.prefix(5)) + ["\(count(rest)) more: see the trials."]
    }
    if let problem = digest.notesProblem {
      sentences.append("Whether the notes are older than the data is not known: \(ended(problem))")
    }
    sentences +=
      ShownTrial(digest.judged)?.passedOver().map {
        "Skipped for pictures: \(ended($0))"
      } ?? []
    if digest.unplannedCount > 0 {
      sentences.append(
        "\(count(digest.unplannedCount, "stored trial")) of earlier plans"
          + " \(digest.unplannedCount == 1 ? "is" : "are") not shown.")
    }
    return sentences
  }

  /// What ended a variant's trials without a score, each reason once with its seeds, in their order.
  private static func failures(_ variant: VariantSummary) -> [(reason: String, seeds: [Int])] {
    var found: [(reason: String, seeds: [Int])] = []
    for trial in variant.trials {
      guard let reason = failure(trial) else { continue }
      if let place = found.firstIndex(where: { $0.reason == reason }) {
        found[place].seeds.append(trial.planned.seed)
      } else {
        found.append((reason, [trial.planned.seed]))
      }
    }
    return found
  }

  private static func named(_ seeds: [Int], of all: Int) -> String {
    if seeds.count == all && all > 2 { return "all \(count(all)) seeds" }
    return (seeds.count == 1 ? "seed " : "seeds ") + list(seeds.map { "\($0)" })
  }

  /// Why a variant has no score: the reason of its first seed; nil where it has one or may get it.
  static func noSeedFinished(_ variant: VariantSummary) -> String? {
    guard variant.hasFailed, let first = failures(variant).first else { return nil }
    let reason = first.reason.hasPrefix("failed: ") ? first.reason.dropFirst(8) : first.reason[...]
    return "no seed finished: \(reason)"
  }

  private static func failure(_ trial: TrialDigest) -> String? {
    if let problem = trial.problem { return problem }
    if trial.state.isOver {
      let message = trial.status?.message ?? "the reason was not recorded"
      // Where its checkpoint lies stands in its log.
      let end = message.firstRange(of: "; last good checkpoint:")?.lowerBound ?? message.endIndex
      return "\(trial.state.words): \(message[..<end])"
    }
    return trial.state == .finished && trial.score.isNaN ? "its score is not a number" : nil
  }

  private static func ended(_ text: String) -> String {
    text.hasSuffix(".") ? text : text + "."
  }
}

extension Wording {
  /// Said above notes that were written before the data last changed; nil where none came after.
  static func notesWarning(_ digest: RunDigest) -> String? {
    digest.finishedBeforeNotes.map { before in
      let now = digest.trials.count { $0.state == .finished }
      return "Written before the data last changed: when `run` first saw these notes,"
        + " \(count(before, "trial")) \(before == 1 ? "was" : "were") finished; now"
        + " \(count(now)) of \(count(digest.trials.count)) are. They may describe other numbers."
    }
  }
}
