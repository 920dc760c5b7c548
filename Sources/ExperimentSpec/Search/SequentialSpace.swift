// SPDX-License-Identifier: MIT
package import Statistics

/// What is trained until the hypotheses of a file are decided, for whoever decides: a value, made of
/// the file alone.
package struct SequentialSpace: Sendable {
  /// The plan without trials.
  package let header: Plan
  package let looks: LookPlan
  private let variants: SweepVariants

  init(plan: Plan, looks: LookPlan, variants: SweepVariants) {
    var header = plan
    (header.trials, header.seeds) = ([], [])
    (self.header, self.looks, self.variants) = (header, looks, variants)
  }

  /// The name of the trial of a variant and a seed.
  package func trial(_ variant: Int, seed: Int) -> String { variants.trial(variant, seed: seed) }

  /// What judges the trials for a hypothesis.
  package func score(of hypothesis: Int) -> Plan.Score {
    header.hypotheses[hypothesis].score ?? header.score
  }
}
