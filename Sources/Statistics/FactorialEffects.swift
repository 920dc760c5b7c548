// SPDX-License-Identifier: MIT

/// How much the score changes by one level, or by two levels beyond what each does alone.
package struct FactorialEffect: Equatable, Sendable {
  /// One term: a main effect; two: an interaction.
  package let terms: [FactorialDesign.Term]
  /// In units of the score; greater than 0 where the level raises it.
  package let estimate: Double
  /// The 95 % bootstrap interval over seeds; nil below two seeds.
  package let interval: BootstrapInterval?
  /// Of "the effect is 0"; nil below two seeds.
  package let test: SignFlipResult?
  /// Its p after Holm's adjustment over all effects.
  package fileprivate(set) var adjustedP: Double?
  /// Combinations of the other factors that it is averaged over.
  package let combinations: Int

  /// Whether it is beyond chance: the interval leaves out 0 and the adjusted p is below 0.05, as a
  /// verdict asks. The one decision for figure, table and words.
  package var isClear: Bool {
    guard let interval, let adjustedP else { return false }
    return isBeyondChance(interval, neutral: 0, adjustedP: adjustedP)
  }
}

/// The main effects and two-factor interactions of a factorial sweep.
///
/// Variants share their seeds, so each seed gives each effect one value, and whole seeds are
/// resampled: what a seed does to all variants alike cancels.
package struct FactorialEffects: Equatable, Sendable {
  package let design: FactorialDesign
  package let effects: [FactorialEffect]
  /// Seeds with a score in every cell, of those planned.
  package let coverage: Coverage

  /// Nil when no seed has a score in every cell, and when a score is infinite: to leave out a seed
  /// that never reached the threshold would flatter the variants in which it did not.
  ///
  /// - Parameters:
  ///   - scores: `scores[cell][seed]`, NaN where a run failed; all cells as many seeds.
  ///   - key: that of the experiment's hypotheses, so that an effect that is also a claim has the
  ///     claim's interval.
  package init?(_ design: FactorialDesign, scores: [[Double]], key: ResamplingKey) {
    precondition(
      scores.count == design.cells.count,
      "a design of \(design.cells.count) cells wants as many rows, found \(scores.count)")
    let planned = scores.map(\.count).min() ?? 0
    let seeds = (0..<planned).filter { seed in scores.allSatisfy { !$0[seed].isNaN } }
    let scale = workingScale(scores.lazy.flatMap { $0 })
    guard !seeds.isEmpty, !scores.contains(where: { $0.contains { $0.isInfinite } }) else {
      return nil
    }
    self.design = design
    coverage = Coverage(used: seeds.count, planned: planned)
    var found = design.terms.compactMap { terms -> FactorialEffect? in
      guard let contrast = design.contrast(terms) else { return nil }
      let values = seeds.map { seed in
        let parts = zip(contrast.weights, scores).map { $0 * ($1[seed] * scale) }
        let sum = parts.reduce(0, +)
        // What is no more than rounding is no effect.
        let size = parts.reduce(0) { $0 + abs($1) }
        return abs(sum) <= 1e-12 * size ? 0 : sum / scale
      }
      // Nil of a finite score only where the effect is beyond the greatest Double.
      guard let estimate = mean(values), values.allSatisfy(\.isFinite) else { return nil }
      let hasSpread = values.count > 1
      return FactorialEffect(
        terms: terms, estimate: estimate,
        interval: hasSpread
          ? seedBootstrap(values, estimate: estimate, key: key).interval() : nil,
        test: hasSpread
          ? signFlipTest(values, key: PairedScores.flipKey(key, .difference)) : nil,
        adjustedP: nil, combinations: contrast.combinations)
    }
    for (place, p) in holmAdjusted(found.map { $0.test?.pValue ?? 1 }).enumerated() {
      found[place].adjustedP = found[place].test == nil ? nil : p
    }
    effects = found
  }

  package var mainEffects: [FactorialEffect] { effects.filter { $0.terms.count == 1 } }
  package var interactions: [FactorialEffect] { effects.filter { $0.terms.count == 2 } }
}
