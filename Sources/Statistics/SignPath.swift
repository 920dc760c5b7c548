// SPDX-License-Identifier: MIT

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The path of sums of paired differences over the looks, held against the same sums under other
/// signs.
///
/// If d_i − c is symmetric about 0, all signs are equally likely whatever |d_i − c| is. At look k the
/// vectors that were cut at no earlier look are ordered by |Σ s_i·(d_i − c)|, and the greatest are cut
/// as far as the look's share of the level allows; equal ones (up to 1e-12·Σ|d_i − c|) all or none.
/// What ties leave over is lost, so that whoever is cut at a level is cut at every greater one.
///
/// Of many drawn vectors, a sample tells where to look, and then only those are measured that can be
/// among the greatest there; all are, where the sample misled.
struct SignPath {
  /// Differences less the pivot, which keeps the sums of great scores that lie close exact.
  private let observed: ObservedPath
  private let pivot: Double
  private var full: SignView
  private var sample: SignView?

  private static let sampledGroups = 1_000

  /// - Parameters:
  ///   - differences: as many as the vectors have signs; finite.
  ///   - shares: what each look may use of the level.
  init(_ differences: [Double], vectors: SignVectors, shares: [Double]) {
    let pivot = differences.sorted()[differences.count / 2]
    self.pivot = pivot
    observed = ObservedPath(
      differences.map { $0 - pivot }, pairs: vectors.pairs, shares: shares)
    full = SignView(
      sums: vectors.sums(of: observed.differences), signs: vectors.signSums,
      count: vectors.count - 1)
    if !vectors.isEnumerated, vectors.count > 32 * Self.sampledGroups {
      sample = full.sample(Self.sampledGroups)
    }
  }

  /// How far the mean of all differences is from 0; the value of the path that is least cut.
  var mean: Double { (observed.sums.last ?? 0) / Double(observed.differences.count) + pivot }

  /// The least level at which the path of d_i − c is cut by the last look: 1 where it never is.
  mutating func pValue(at value: Double) -> Double {
    let c = value - pivot
    guard let sample else { return observed.leastLevel(at: c, among: full) }
    let level = observed.leastLevel(at: c, among: sample, to: 0.03)
    // The sample's count of vectors is off by few of its square roots.
    let few = (observed.shares.min() ?? 1) * Double(8 * Self.sampledGroups)
    let off = (2.5 * (level * few).squareRoot() + 5) / few
    return observed.leastLevel(
      at: c, among: full, near: max(0, level - off)...min(1, level + off))
  }

  /// The first look at which the path of d_i − c is cut at a level; nil where it never is.
  mutating func cut(at value: Double, level: Double) -> Int? {
    full.reach(of: observed, at: value - pivot, level: level, untilCut: true)?.look
  }

  /// The ends of the smallest interval that holds all c whose path is not cut at 0.05; nil where none
  /// was found, which happens when the seeds drift.
  ///
  /// - Parameters:
  ///   - outer: within which it lies.
  ///   - kept: values known not to be cut.
  mutating func interval(within outer: ClosedRange<Double>, kept: [Double]) -> ClosedRange<Double>?
  {
    let start = min(max(mean, outer.lowerBound), outer.upperBound)
    guard let inner = kept.first ?? (isCut(at: start) ? nil : start) else { return nil }
    let ties = repeated
    func end(_ outermost: Double) -> Double {
      if !isCut(at: outermost) { return outermost }
      let found = edge(from: outermost - pivot, to: inner - pivot) + pivot
      // A value that several seeds share ties many signs, so it may be left where its neighbours
      // are cut.
      let further = ties.filter { (outermost < $0) != (found < $0) }
        .sorted { abs($0 - outermost) < abs($1 - outermost) }
      return further.first { !isCut(at: $0) } ?? found
    }
    let (low, high) = (end(outer.lowerBound), end(outer.upperBound))
    return min(low, kept.min() ?? low)...max(high, kept.max() ?? high)
  }

  /// Of the mean of all differences.
  private var deviation: Double {
    let squares = observed.differences.reduce(0) { $0 + ($1 + pivot - mean) * ($1 + pivot - mean) }
    return squares.squareRoot() / Double(observed.differences.count)
  }

  /// Values that occur more than once.
  private var repeated: [Double] {
    let sorted = observed.differences.sorted()
    return Set(zip(sorted, sorted.dropFirst()).filter { $0 == $1 }.map { $0.0 + pivot }).sorted()
  }

  private mutating func isCut(at value: Double) -> Bool {
    cut(at: value, level: SeedRequirement.significance) != nil
  }

  /// The last c before `inner` that is not cut, between one that is and one that is not.
  private mutating func edge(from outer: Double, to inner: Double) -> Double {
    guard var sample else { return observed.edge(outer, inner, in: &full, to: 0) ?? inner }
    // The sample's edge is off by a few hundredths of the mean's deviation.
    let off = 0.25 * (outer < inner ? -deviation : deviation)
    let near = observed.edge(outer, inner, in: &sample, to: 0.1 * abs(off)) ?? inner
    let ends = [near + off, near - off].map { min(max($0, min(outer, inner)), max(outer, inner)) }
    var floors = sample.bounds.map { _ in Double.infinity }
    for c in ends {
      _ = sample.reach(of: observed, at: c, level: SeedRequirement.significance)
      floors = zip(floors, sample.bounds).map { min($0, 0.93 * $1) }
    }
    var view = full.restricted(to: min(ends[0], ends[1])...max(ends[0], ends[1]), floors: floors)
    let tolerance = 1e-5 * abs(outer - inner)
    return observed.edge(ends[0], ends[1], in: &view, to: tolerance)
      ?? observed.edge(outer, inner, in: &full, to: tolerance) ?? inner
  }
}

extension ObservedPath {
  /// The least level at which it is cut among vectors; 1 where it never is.
  ///
  /// - Parameter near: where it is supposed to lie.
  fileprivate func leastLevel(
    at c: Double, among vectors: SignView, near: ClosedRange<Double> = 0...1,
    to tolerance: Double = 0
  ) -> Double {
    var view = vectors
    var bracket = Bracket(cut: 1, left: 0)
    // Beyond which vectors are cut at the one end and at the other.
    var floors: [Double]?
    var ceilings: [Double]?
    var width = 1.0
    var trials = [1, near.lowerBound, near.upperBound]
    while true {
      var level = bracket.middle
      while let trial = trials.popLast() {
        guard trial > bracket.left, trial < bracket.cut || floors == nil else { continue }
        level = trial
        break
      }
      guard let reach = view.reach(of: self, at: c, level: level)?.least else { break }
      let steps = view.steps(around: level, shares)
      if reach <= level {
        // So it is at all levels from there to here.
        let cut = max(reach, steps.last)
        bracket.narrow(cut, excess: log(reach / cut))
        if cut == reach { break }
        // The next beyond those that are cut matters too.
        floors = view.bounds.map { $0 - 1e-9 * abs($0) }
      } else if level < 1 {
        bracket.narrow(level, excess: log(reach / level))
        ceilings = view.bounds
        // No level between differs, but for rounding.
        if steps.next >= bracket.cut * (1 - 1e-9), floors != nil { break }
      } else {
        break
      }
      let rest = bracket.cut - bracket.left
      if rest <= tolerance * bracket.cut { break }
      if let floors, rest < 0.5 * width, view.count > 1_000 {
        view = view.restricted(to: c...c, floors: floors, ceilings: ceilings)
        width = rest
      }
    }
    return bracket.cut
  }

  /// The last c before `left` that is not cut at 0.05, but for `tolerance`; nil where the view does not
  /// tell, or the ends are not what they are taken for.
  fileprivate func edge(
    _ cut: Double, _ left: Double, in view: inout SignView, to tolerance: Double
  ) -> Double? {
    let level = SeedRequirement.significance
    var bracket = Bracket(cut: cut, left: left)
    for c in [cut, left] {
      guard let reach = view.reach(of: self, at: c, level: level)?.least,
        (reach <= level) == (c == cut)
      else { return nil }
      bracket.narrow(c, excess: log(reach / level))
    }
    while abs(bracket.left - bracket.cut) > tolerance {
      let c = tolerance > 0 ? bracket.middle : bracket.halfway
      guard c != bracket.cut, c != bracket.left else { break }
      guard let reach = view.reach(of: self, at: c, level: level)?.least else { return nil }
      bracket.narrow(c, excess: log(reach / level))
    }
    return bracket.left
  }
}

/// Two values, one where the path is cut and one where it is left, that come closer.
private struct Bracket {
  private(set) var cut: Double
  private(set) var left: Double
  private var cutExcess = 0.0
  private var leftExcess = 0.0
  private var steps = 0

  init(cut: Double, left: Double) { (self.cut, self.left) = (cut, left) }

  /// - Parameter excess: positive where the path is left.
  mutating func narrow(_ value: Double, excess: Double) {
    // The end that stays counts half (the Illinois rule), so that both ends move.
    if excess <= 0 {
      (cut, cutExcess, leftExcess) = (value, excess, leftExcess / 2)
    } else {
      (left, leftExcess, cutExcess) = (value, excess, cutExcess / 2)
    }
    steps += 1
  }

  /// By the line between the two, and every third time by halving.
  var middle: Double {
    let share = cutExcess / (cutExcess - leftExcess)
    return steps % 3 > 0 && share > 0.001 && share < 0.999 ? cut + (left - cut) * share : halfway
  }

  /// Not the very middle, which meets round numbers and their ties.
  var halfway: Double { cut + (left - cut) * 0.49 }
}
