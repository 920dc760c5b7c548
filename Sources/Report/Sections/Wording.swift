// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
package import ExperimentSpec
import RunStore
import Statistics

/// Words that several sections share; a section's own sentences stand in its file.
enum Wording {
  /// A score or return.
  ///
  /// - Parameter precision: that of the numbers beside it; nil where it stands alone.
  static func score(_ value: Double?, _ precision: Precision? = nil) -> String {
    if value == .infinity { return "not reached" }
    return precision?.text(value) ?? Numbers.score(value)
  }

  /// `95 % interval [−14.0, −10.5]`.
  static func interval(_ interval: BootstrapInterval, _ precision: Precision? = nil) -> String {
    "95\u{A0}% interval \(bounds(interval, precision))"
  }

  /// `[−14.0, −10.5]`.
  static func bounds(_ interval: BootstrapInterval?, _ precision: Precision? = nil) -> String {
    guard let interval else { return Numbers.nothing }
    return precision?.interval(interval.lower, interval.upper)
      ?? Numbers.interval(interval.lower, interval.upper)
  }

  /// Parts joined as in a sentence: `a`, `a and b`, `a, b and c`.
  static func list(_ parts: [String]) -> String {
    guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }

  /// `3 of 3 seeds`.
  static func coverage(_ coverage: Coverage) -> String {
    "\(coverage.used) of \(Numbers.count(coverage.planned, "seed"))"
  }

  /// A first letter as at the beginning of a sentence.
  static func capitalized(_ text: String) -> String {
    guard let first = text.first else { return text }
    return first.uppercased() + text.dropFirst()
  }

  static func quoted(_ label: String) -> String { "“\(label)”" }

  /// `before training`, `after 500 episodes`.
  static func stop(_ episode: Int) -> String {
    episode == 0 ? "before training" : "after \(Numbers.count(episode, "episode"))"
  }

  /// `7 of 10 seeds (tied in 1; exact 95 % interval [35 %, 93 %])`.
  static func seedsWon(_ won: SeedShare) -> String {
    "\(won.won) of \(Numbers.count(won.count, "seed"))"
      + " (\(won.tied > 0 ? "tied in \(won.tied); " : "")exact 95\u{A0}% interval"
      + " [\(Numbers.percent(won.lower)), \(Numbers.percent(won.upper))])"
  }

  /// What is wrong with a file of a run.
  static func problem(_ error: any Error) -> String {
    if let error = error as? ArtifactError { return "\(lastParts(error.path)): \(error.detail)" }
    guard let error = error as? RunStoreError else { return "\(error)" }
    let trouble =
      switch error.code {
      case .identityMismatch: "the stored configuration does not match the folder's name"
      case .newerFormat: "written by a newer version of Rallybook"
      case .damagedRecord: "damaged"
      default: error.underlying ?? "cannot be read"
      }
    return "\(lastParts(error.path)): \(trouble)"
      + (error.found.isEmpty ? "" : "; found \(error.found)")
  }

  /// The end of a path, from `trials` on, so that no report names a machine's folders.
  private static func lastParts(_ path: String) -> String {
    path.split(separator: "/").suffix(2).joined(separator: "/")
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order in which they first appear.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension RunSummary {
  var scoreNoun: String { plan.score.noun }

  /// What the score is, and what it is of a training that has fewer episodes.
  var scoreSentence: String {
    let isShort =
      plan.score.metric == .return && plan.score.reduction != .last
      && trials.contains { $0.isCounted && $0.episodeCount < plan.score.window && !hasMeans }
    return "The score is the \(scoreNoun)"
      + (isShort ? ", or of all where there are fewer." : ".")
      + (isPong && !playsComputer
        ? " In the game for two, training games are against the policy itself or its earlier selves,"
          + " evaluation games against the computer." : "")
  }
}

extension Plan.Score {
  /// What the score is: `mean return of the last 100 training episodes`, and behind it
  /// ` at 4,000,000 decisions` where it is taken when so much was spent.
  package var noun: String {
    let games = Numbers.whole(window)
    let kind =
      switch reduction {
      case .mean: "mean"
      case .iqm: "interquartile mean"
      case .last: "last"
      case .best: "best"
      }
    switch (metric, reduction) {
    case (.return, .last): return "return of the last training episode\(spent)"
    case (.return, .best): return "best mean return over \(games) training episodes\(spent)"
    case (.return, _): return "\(kind) return of the last \(games) training episodes\(spent)"
    // All of an evaluation's games are one window.
    case (.evaluationReturn, .best): return "mean return of the evaluation games"
    case (.evaluationReturn, _): return "\(kind) return of the evaluation games"
    case (.episodesToThreshold, _):
      let mark = threshold.map { Wording.score($0) } ?? "the threshold"
      return "episodes until the running mean over \(games) episodes reaches \(mark)"
    }
  }

  private var spent: String {
    at.map { " at \($0.words)" } ?? ""
  }
}
