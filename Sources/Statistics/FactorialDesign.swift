// SPDX-License-Identifier: MIT

/// A grid of factors: each cell is a variant, at one level of every factor.
///
/// Combinations may be missing, as an `exclude` makes them; an effect is then taken over the
/// combinations that have all its cells.
package struct FactorialDesign: Equatable, Sendable {
  /// One thing that was varied.
  package struct Factor: Equatable, Sendable {
    package let name: String
    /// As people read them; the first is what the others are held against.
    package let levels: [String]

    package init(name: String, levels: [String]) {
      self.name = name
      self.levels = levels
    }
  }

  /// Those with two levels or more.
  package let factors: [Factor]
  /// The level of each factor, by cell, in the order given.
  package let cells: [[Int]]
  private let places: [[Int]: Int]

  /// Nil where the cells are no grid: fewer than two factors with two levels, a cell twice, a level
  /// missing from a cell, or fewer than half of all combinations.
  ///
  /// - Parameters:
  ///   - factors: all axes; those of a single level are left out.
  ///   - levels: `levels[cell][factor]`, an index into the factor's levels; nil where a cell does
  ///     not lie on the axis.
  package init?(factors: [Factor], levels: [[Int?]]) {
    let used = factors.indices.filter { factor in
      Set(levels.compactMap { factor < $0.count ? $0[factor] : nil }).count > 1
    }
    var cells: [[Int]] = []
    for cell in levels {
      let known = used.compactMap { $0 < cell.count ? cell[$0] : nil }
      guard known.count == used.count,
        zip(used, known).allSatisfy({ factors[$0].levels.indices.contains($1) })
      else { return nil }
      cells.append(known)
    }
    let places = Dictionary(zip(cells, cells.indices)) { first, _ in first }
    let all = used.reduce(1.0) { $0 * Double(factors[$1].levels.count) }
    guard used.count > 1, places.count == cells.count, Double(cells.count) * 2 >= all else {
      return nil
    }
    self.factors = used.map { factors[$0] }
    self.cells = cells
    self.places = places
  }

  /// What an effect is about: one factor's level, or two factors' levels together.
  package struct Term: Hashable, Sendable {
    package let factor: Int
    /// Not 0, which is the level held against.
    package let level: Int
  }

  /// All main effects and then all interactions of two factors, in the order of the factors.
  package var terms: [[Term]] {
    let single = factors.indices.map { factor in
      factors[factor].levels.indices.dropFirst().map { Term(factor: factor, level: $0) }
    }
    var terms = single.flatMap { $0.map { [$0] } }
    for first in factors.indices {
      for second in factors.indices where second > first {
        for a in single[first] { terms += single[second].map { [a, $0] } }
      }
    }
    return terms
  }

  /// The weight of each cell in an effect, and over how many combinations of the other factors it
  /// is averaged; nil where no combination has all the cells that it needs.
  ///
  /// A main effect is the mean over combinations of (level − first level); an interaction of two
  /// factors the mean of (both − first only − second only + neither), not halved.
  package func contrast(_ terms: [Term]) -> (weights: [Double], combinations: Int)? {
    var weights = Array(repeating: 0.0, count: cells.count)
    var combinations = 0
    for cell in cells where terms.allSatisfy({ cell[$0.factor] == $0.level }) {
      var parts: [(place: Int, sign: Double)] = []
      for mask in 0..<(1 << terms.count) {
        var corner = cell
        var sign = 1.0
        for (bit, term) in terms.enumerated() where mask >> bit & 1 == 1 {
          corner[term.factor] = 0
          sign = -sign
        }
        if let place = places[corner] { parts.append((place, sign)) }
      }
      guard parts.count == 1 << terms.count else { continue }
      for part in parts { weights[part.place] += part.sign }
      combinations += 1
    }
    guard combinations > 0 else { return nil }
    return (weights.map { $0 / Double(combinations) }, combinations)
  }
}
