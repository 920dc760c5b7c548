// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore

/// How far a run has come, under the title of its page.
struct Status {
  /// `Finished`, `Running` or `Incomplete`.
  let word: String
  /// The style sheet's word for it.
  private let style: String
  private let sentence: String
  /// What is missing or failed, a sentence each.
  var gaps: [String]

  init(_ run: RunSummary) {
    let total = run.trials.count
    let sound = run.trials.count(where: \.isSound)
    let isOpen = run.isOpen
    (word, style) =
      if sound == total && !isOpen {
        (run.isImported ? "Imported" : "Finished", "finished")
      } else if run.trials.contains(where: { $0.state == .running }) {
        ("Running", "running")
      } else if run.trials.contains(where: { $0.state.isOver || $0.problem != nil }) {
        ("Incomplete", "failed")
      } else {
        ("Incomplete", "stopped")
      }
    let trials = Numbers.count(total, "trial")
    let amount =
      isOpen
      ? "\(Numbers.whole(sound)) of \(trials) that were asked for so far"
      : sound == total
        ? (total == 1 ? trials : "All \(trials)") : "\(Numbers.whole(sound)) of \(trials)"
    let arithmetic = run.plan.arithmetic.isEmpty ? "" : ": \(run.plan.arithmetic)"
    sentence = "\(amount) \(run.isImported ? "imported" : "finished")\(arithmetic)."
    gaps = Self.gaps(run)
  }

  var html: HTML {
    """
    <p class="status"><span class="state \(style)">\(word)</span> \(sentence)</p>
    \(HTML.list(gaps, "gaps"))
    """
  }

  private static func gaps(_ run: RunSummary) -> [String] {
    var sentences: [String] = []
    let open = run.trials.filter { $0.state != .finished && !$0.state.isOver }
    let states: [TrialState] = [.running, .stopped, .interrupted, .pending]
    let counts = states.compactMap { state -> String? in
      let number = open.count { $0.state == state && $0.problem == nil }
      return number == 0 ? nil : "\(Numbers.whole(number)) \(state.word)"
    }
    if !counts.isEmpty {
      sentences.append(
        Wording.capitalized(Wording.list(counts)) + ". What follows is from the finished trials,"
          + " unless it says otherwise.")
    }
    for variant in run.variants {
      for (reason, seeds) in variant.failures {
        let named =
          seeds.count == variant.trials.count && seeds.count > 2
          ? "all \(Numbers.whole(seeds.count)) seeds"
          : (seeds.count == 1 ? "seed " : "seeds ") + Wording.list(seeds.map { "\($0)" })
        sentences.append(
          "\(Wording.quoted(variant.label)), \(named): \(ended(reason))"
            + " Excluded: \(Wording.coverage(variant.coverage)) count.")
      }
    }
    // A long list of the same would push the answer off the screen; the trials' table has all.
    if sentences.count > 6 {
      let rest = sentences.count - 5
      sentences = Array(sentences.prefix(5)) + ["\(Numbers.whole(rest)) more: see the trials."]
    }
    if let problem = run.notesProblem {
      sentences.append("Whether the notes are older than the data is not known: \(ended(problem))")
    }
    sentences +=
      ShownTrial(run.judged)?.passedOver().map { "Skipped for pictures: \(ended($0))" } ?? []
    if run.unplannedCount > 0 {
      sentences.append(
        "\(Numbers.count(run.unplannedCount, "stored trial")) of earlier plans"
          + " \(run.unplannedCount == 1 ? "is" : "are") not shown.")
    }
    return sentences
  }

  private static func ended(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }
}

extension TrialSummary {
  /// How the trial stands.
  var stateWord: String { imported != nil && state == .finished ? "imported" : state.word }
}

extension TrialState {
  var word: String { self == .pending ? "waiting" : words }

  /// The style sheet's word for a state.
  var style: String {
    switch self {
    case .finished: "finished"
    case .failed, .couldNotStart, .damaged: "failed"
    case .running: "running"
    case .stopped, .interrupted: "stopped"
    case .pending: "waiting"
    }
  }
}

extension VariantSummary {
  /// What ended trials without a score, each reason once with its seeds, in their order.
  fileprivate var failures: [(reason: String, seeds: [Int])] {
    var found: [(reason: String, seeds: [Int])] = []
    for trial in trials {
      guard let reason = Self.failure(trial) else { continue }
      if let place = found.firstIndex(where: { $0.reason == reason }) {
        found[place].seeds.append(trial.planned.seed)
      } else {
        found.append((reason, [trial.planned.seed]))
      }
    }
    return found
  }

  private static func failure(_ trial: TrialSummary) -> String? {
    if let problem = trial.problem { return problem }
    if trial.state.isOver {
      let message = trial.status?.message ?? "the reason was not recorded"
      // Where its checkpoint lies stands in its log.
      let end = message.firstRange(of: "; last good checkpoint:")?.lowerBound ?? message.endIndex
      return "\(trial.state.words): \(message[..<end])"
    }
    return trial.lackOfScore
  }

  /// Why there is no score: the reason of the first seed; nil where there is one or may still be.
  var noSeedFinished: String? {
    guard hasFailed, let reason = failures.first?.reason else { return nil }
    return "\(withoutScore): \(reason.hasPrefix("failed: ") ? reason.dropFirst(8) : reason[...])"
  }
}
