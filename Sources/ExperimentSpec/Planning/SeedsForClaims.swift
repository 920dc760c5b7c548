// SPDX-License-Identifier: MIT
import Diagnostics
import Statistics

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
