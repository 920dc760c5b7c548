// SPDX-License-Identifier: MIT

/// The places of the scores that go on after a rung: the best 1/eta of all, at least one, in rising
/// order (Jamieson and Talwalkar 2016, algorithm 1, which keeps ⌊n / η⌋).
///
/// - Parameters:
///   - scores: great is good; nil for one without a score, which never goes on. Of equal ones the
///     first goes on.
///   - eta: at least 2.
/// - Returns: none where there is no score.
package func survivors(of scores: [Double?], eta: Int) -> [Int] {
  let ranked = scores.indices.filter { scores[$0] != nil }.sorted { a, b in
    let (x, y) = (scores[a] ?? -.infinity, scores[b] ?? -.infinity)
    return x == y ? a < b : x > y
  }
  return ranked.prefix(max(1, scores.count / eta)).sorted()
}
