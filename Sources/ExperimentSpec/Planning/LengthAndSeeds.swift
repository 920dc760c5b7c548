// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema
import Statistics

extension Assignment {
  /// A finding for the first variant that this length does not make longer.
  func tooShort(for variants: [Plan.Variant]) -> [Finding] {
    guard case .number(let target) = value else { return [] }
    for variant in variants {
      guard let length = variant.length else { continue }
      if length.path != path {
        return [
          Finding(
            code: "not-extendable", at: place, path: path,
            problem: "\(length.path) says how long \"\(variant.label)\" trains",
            help: "write --extend \(length.path)=N")
        ]
      }
      if length.count >= target {
        return [
          Finding(
            code: "out-of-range", at: place, path: path,
            found: canonicalNumber(target),
            allowed: "more than \(canonicalNumber(length.count)), "
              + "which \"\(variant.label)\" trains for in any case")
        ]
      }
    }
    return []
  }
}

extension Plan.Variant {
  /// How long it trains, and the path that says so.
  var length: (path: String, count: Double)? {
    for path in ExperimentReader.lengths {
      if case .number(let count)? = configuration[path: path] { return (path, count) }
    }
    return nil
  }
}

extension ExperimentDraft {
  /// A warning where no outcome of so many seeds could decide the file's claims.
  ///
  /// The exact sign-flip test of n seeds cannot go below 2 / 2ⁿ, and Holm's adjustment multiplies the
  /// least of k p-values by k.
  var tooFewSeeds: Finding? {
    let fewest = SeedRequirement.fewest(familySize: hypotheses.count)
    guard !hypotheses.isEmpty, seeds.count < fewest else { return nil }
    let claims =
      hypotheses.count == 1
      ? "the claim" : "any of the \(Numbers.count(hypotheses.count, "claim"))"
    let family = hypotheses.count == 1 ? "" : ", times the number of claims (Holm)"
    return Finding(
      .warning, code: "too-few-seeds", at: seedsPlace, in: source, path: "seeds",
      problem: "\(Numbers.count(seeds.count, "seed")) cannot decide \(claims), whatever the scores",
      help: "at least \(Numbers.whole(fewest)) can",
      notes: [
        "a verdict needs p < \(canonicalNumber(SeedRequirement.significance)); the exact sign-flip "
          + "test of n seeds cannot go below 2 / 2ⁿ" + family
      ])
  }
}

extension Plan {
  /// A warning for each score, the file's and those of hypotheses, that no trial of some variant can
  /// have.
  func unreachableScores(_ draft: ExperimentDraft) -> [Finding] {
    let own = hypotheses.enumerated().map { ("hypotheses[\($0.offset)].score", $0.element.score) }
    var findings = DistinctFindings()
    for (path, score) in [("score", score)]
      + own.compactMap({ path, score in score.map { (path, $0) } })
    {
      for variant in variants {
        guard let (key, problem) = variant.lack(of: score) else { continue }
        let place = draft.written["\(path).\(key)"]?.value ?? draft.written["score"]?.key
        findings.add(
          Finding(
            .warning, code: "no-score", at: place, in: draft.source, path: "\(path).\(key)",
            problem: problem), variant: variant.label)
      }
    }
    return findings.all(ofVariants: variants.count)
  }
}

extension Plan.Variant {
  /// Why its trials cannot have a score: the score's key, and a sentence.
  fileprivate func lack(of score: Plan.Score) -> (key: String, problem: String)? {
    if score.metric == .evaluationReturn, configuration[path: "evaluation.episodes"] == 0 {
      return ("metric", "evaluation.episodes is 0, so no trial has a score")
    }
    guard let length, let at = score.at else { return nil }
    let asked = length.path == "training.episodes" ? at.episodes : at.decisions
    guard let asked, Double(asked) > length.count else { return nil }
    let end = canonicalNumber(length.count)
    return ("at", "\(length.path) is \(end), so no trial gets as far and none has a score")
  }
}
