// SPDX-License-Identifier: MIT

import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Simulated comparisons, whose truth is known: how often a sequential verdict errs, and how many
/// seeds it takes.
///
/// Looks after 10, 13, … 100 pairs as of a file with `from` 10 and `to` 100, at 0.05; signs beyond 16
/// pairs are 2,000 draws, so that thousands of comparisons take minutes.
package struct VerdictSimulation: Sendable {
  /// How the scores of a variant are spread, with deviation 1 or about that.
  package enum Law: String, CaseIterable, Sendable {
    case normal
    /// One seed in ten fails to learn, eight deviations below the others.
    case collapsing
    /// Whole numbers from 0 to 4, so that differences tie.
    case discrete
    /// The exponential of a normal number.
    case skewed
    /// Student's t with two degrees of freedom, which has no variance.
    case heavyTailed
  }

  private let plan: LookPlan
  private let early: SignVectors
  private let drawn: SignVectors

  package init?() {
    guard let plan = LookPlan(from: 10, to: 100, hypotheses: 1) else { return nil }
    self.plan = plan
    early = SignVectors(pairs: plan.pairs.filter { $0 <= SignVectors.greatestEnumerated })
    drawn = SignVectors(pairs: plan.pairs, draws: 2_000)
  }

  /// In how many of the simulated files any claim about equal variants is decided, which is wrong.
  ///
  /// - Parameter claims: each compares a variant of its own with the same control, by Holm.
  package func wrongFiles(_ law: Law, claims: Int, of files: Int) -> Int {
    (0..<files).count { file in
      var source = SimulatedScores(seed: file, law)
      let control = source.scores(plan.most)
      let paths = (0..<claims).map { _ in zip(source.scores(plan.most), control).map { $0 - $1 } }
      return isAnyDecided(paths)
    }
  }

  /// The pairs after which a claim is decided; nil where it never is.
  package func pairs(until differences: [Double]) -> Int? {
    cut(differences, level: SeedRequirement.significance).map { plan.pairs[$0] }
  }

  /// By Holm any claim is decided when the least p is below 0.05 by the number of claims.
  private func isAnyDecided(_ paths: [[Double]]) -> Bool {
    paths.contains { cut($0, level: SeedRequirement.significance / Double(paths.count)) != nil }
  }

  private func cut(_ differences: [Double], level: Double) -> Int? {
    var first = SignPath(
      Array(differences[..<(early.pairs.last ?? 0)]), vectors: early,
      shares: Array(plan.shares[..<early.pairs.count]))
    if let look = first.cut(at: 0, level: level) { return look }
    var path = SignPath(differences, vectors: drawn, shares: plan.shares)
    return path.cut(at: 0, level: level)
  }
}

/// Scores of simulated seeds.
package struct SimulatedScores {
  private var generator: Xoshiro256
  private let law: VerdictSimulation.Law

  package init(seed: Int, _ law: VerdictSimulation.Law) {
    generator = Xoshiro256(seed: SplitMix64.mix(UInt64(bitPattern: Int64(seed)) &+ 0x51ED))
    self.law = law
  }

  package mutating func scores(_ count: Int) -> [Double] { (0..<count).map { _ in score() } }

  /// Two variants' normal scores, which share a part of their chance: pairs of this correlation.
  package mutating func pairs(
    _ count: Int, correlation: Double, effect: Double
  ) -> (better: [Double], than: [Double]) {
    let (shared, own) = (correlation.squareRoot(), (1 - correlation).squareRoot())
    var (better, than): ([Double], [Double]) = ([], [])
    for _ in 0..<count {
      let common = shared * normal()
      better.append(common + own * normal() + effect)
      than.append(common + own * normal())
    }
    return (better, than)
  }

  private mutating func score() -> Double {
    switch law {
    case .normal: return normal()
    case .collapsing: return normal() - (generator.nextUnit() < 0.1 ? 8 : 0)
    case .discrete: return (generator.nextUnit() * 5).rounded(.down)
    case .skewed: return exp(normal())
    case .heavyTailed:
      // t with two degrees of freedom: its quantile is a formula.
      let u = min(max(generator.nextUnit(), 1e-12), 1 - 1e-12)
      return (2 * u - 1) / (2 * u * (1 - u)).squareRoot()
    }
  }

  /// By the central limit of twelve uniform numbers, good to 0.01 within four deviations.
  private mutating func normal() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + generator.nextUnit() }
  }
}
