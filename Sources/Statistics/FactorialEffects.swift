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
  package let adjustedP: Double?
  /// Combinations of the other factors that it is averaged over.
  package let combinations: Int

  /// Whether the interval lies on one side of 0.
  package var isClear: Bool { interval.map { $0.lower > 0 || $0.upper < 0 } ?? false }
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

  /// Nil when no seed has a finite score in every cell.
  ///
  /// - Parameter scores: `scores[cell][seed]`, NaN where a run failed; all cells as many seeds.
  package init?(_ design: FactorialDesign, scores: [[Double]], key: ResamplingKey) {
    precondition(
      scores.count == design.cells.count,
      "a design of \(design.cells.count) cells wants as many rows, found \(scores.count)")
    let planned = scores.map(\.count).min() ?? 0
    let seeds = (0..<planned).filter { seed in scores.allSatisfy { $0[seed].isFinite } }
    guard !seeds.isEmpty else { return nil }
    self.design = design
    coverage = Coverage(used: seeds.count, planned: planned)
    let found = design.terms.compactMap { terms -> FactorialEffect? in
      guard let contrast = design.contrast(terms) else { return nil }
      let values = seeds.map { seed in
        zip(contrast.weights, scores).reduce(0) { $0 + $1.0 * $1.1[seed] }
      }
      guard let estimate = mean(values) else { return nil }
      let key = key.part(
        "effect/" + terms.map { "\($0.factor):\($0.level)" }.joined(separator: "×"))
      return FactorialEffect(
        terms: terms, estimate: estimate,
        interval: ScoreMatrix(scores: values).interval(of: .mean, key: key),
        test: values.count > 1 ? signFlipTest(values, key: key.part("flips")) : nil,
        adjustedP: nil, combinations: contrast.combinations)
    }
    let adjusted = holmAdjusted(found.map { $0.test?.pValue ?? 1 })
    effects = zip(found, adjusted).map { effect, p in
      FactorialEffect(
        terms: effect.terms, estimate: effect.estimate, interval: effect.interval,
        test: effect.test, adjustedP: effect.test == nil ? nil : p,
        combinations: effect.combinations)
    }
  }

  package var mainEffects: [FactorialEffect] { effects.filter { $0.terms.count == 1 } }
  package var interactions: [FactorialEffect] { effects.filter { $0.terms.count == 2 } }
}
