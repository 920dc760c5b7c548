// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import ExperimentSpec
import Plotting
import RunStore
import Statistics

/// The report's sentences for people; this file has the words that all parts share.
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

  static func count(_ number: Int) -> String { Numbers.whole(number) }

  /// `1 seed`, `3 seeds`.
  static func count(_ number: Int, _ noun: String) -> String { Numbers.count(number, noun) }

  /// Parts joined as in a sentence: `a`, `a and b`, `a, b and c`.
  static func list(_ parts: [String]) -> String {
    guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }

  /// `3 of 3 seeds`.
  static func coverage(_ coverage: Coverage) -> String {
    "\(coverage.used) of \(count(coverage.planned, "seed"))"
  }

  /// A first letter as at the beginning of a sentence.
  static func capitalized(_ text: String) -> String {
    guard let first = text.first else { return text }
    return first.uppercased() + text.dropFirst()
  }

  static func problem(_ error: RunStoreError) -> String {
    var text = "\(lastParts(error.path)): "
    switch error.code {
    case .identityMismatch:
      text += "the stored configuration does not match the folder's name"
    case .newerFormat: text += "written by a newer version of Rallybook"
    case .damagedRecord: text += "damaged"
    default: text += error.underlying ?? "cannot be read"
    }
    if !error.found.isEmpty { text += "; found \(error.found)" }
    return text
  }

  static func problem(_ error: ArtifactError) -> String {
    "\(lastParts(error.path)): \(error.detail)"
  }

  /// The end of a path, from `trials` on, so that no report names a machine's folders.
  private static func lastParts(_ path: String) -> String {
    path.split(separator: "/").suffix(2).joined(separator: "/")
  }
}

extension Wording {
  /// What the score is: `mean return of the last 100 training episodes`.
  static func scoreNoun(_ score: Plan.Score, threshold: Double?) -> String {
    let reduction =
      switch score.reduction {
      case .mean: "mean"
      case .iqm: "interquartile mean"
      case .last: "last"
      case .best: "best"
      }
    switch score.metric {
    case .return:
      switch score.reduction {
      case .last: return "return of the last training episode"
      case .best: return "best mean return over \(count(score.window)) training episodes"
      default: return "\(reduction) return of the last \(count(score.window)) training episodes"
      }
    case .evaluationReturn:
      // All of an evaluation's games are one window.
      return "\(score.reduction == .best ? "mean" : reduction) return of the evaluation games"
    case .episodesToThreshold:
      let mark = threshold.map { Wording.score($0) } ?? "the threshold"
      return
        "episodes until the running mean over \(count(score.window)) episodes reaches \(mark)"
    }
  }
}
