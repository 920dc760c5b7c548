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
struct SignPath {
  private typealias Lanes = SignVectors.Lanes

  private let vectors: SignVectors
  private let shares: [Double]
  /// Less the pivot, which keeps the sums of great scores that lie close exact.
  private let differences: [Double]
  private let pivot: Double
  private let sums: [[Lanes]]
  /// Those vectors that are measured: all, or those that can be among the greatest.
  private var view: View
  private let own: [Double]
  private var left: VectorsLeft
  /// Of the last `reach`, by look, the distance beyond which vectors were cut.
  private var bounds: [Double]
  /// Of the last `reach`, the look at which the observed path was cut.
  private var cutLook: Int?

  /// - Parameters:
  ///   - differences: as many as the vectors have signs; finite.
  ///   - shares: what each look may use of the level.
  init(_ differences: [Double], vectors: SignVectors, shares: [Double]) {
    let pivot = differences.sorted()[differences.count / 2]
    self.differences = differences.map { $0 - pivot }
    (self.pivot, self.vectors, self.shares) = (pivot, vectors, shares)
    sums = vectors.sums(of: self.differences)
    own = vectors.pairs.map { [differences = self.differences] count in
      differences[..<count].reduce(0, +)
    }
    left = VectorsLeft(groups: sums.first?.count ?? 0)
    view = View(sums: sums, signs: vectors.signSums, count: vectors.count - 1)
    bounds = shares.map { _ in .infinity }
  }

  /// The vectors that are measured.
  private struct View {
    var sums: [[Lanes]]
    var signs: [[SIMD8<Float>]]
    var count: Int
    /// By look, below which no distance is known; empty where all vectors are here.
    var floors: [Double] = []
  }

  /// Measures only vectors that at some look, for one of these c, lie as far as a floor: a distance is
  /// convex in c, so all others stay below it for every c between.
  private mutating func restrict(to values: [Double], floors: [Double]) {
    let centred = values.map { $0 - pivot }
    var places: [Int] = []
    let one = Lanes(repeating: 1)
    for group in 0..<(sums.first?.count ?? 0) {
      var reached = Lanes.zero
      for (look, floor) in floors.enumerated() where floor.isFinite {
        let (u, v) = (sums[look][group], vectors.signSums[look][group])
        for c in centred {
          reached += one.replacing(with: 0, where: VectorsLeft.distance(u, v, c) .< floor)
        }
      }
      guard reached != .zero else { continue }
      for lane in 0..<8 where reached[lane] > 0 && group * 8 + lane < vectors.count - 1 {
        places.append(group * 8 + lane)
      }
    }
    func gathered<Scalar: SIMDScalar>(_ column: [SIMD8<Scalar>]) -> [SIMD8<Scalar>] {
      stride(from: 0, to: places.count, by: 8).map { start in
        var lanes = column[0]
        for (lane, place) in places[start..<min(start + 8, places.count)].enumerated() {
          lanes[lane] = column[place / 8][place % 8]
        }
        return lanes
      }
    }
    view = View(
      sums: shares.indices.map { gathered(sums[$0]) },
      signs: shares.indices.map { gathered(vectors.signSums[$0]) }, count: places.count,
      floors: floors)
    left = VectorsLeft(groups: (places.count + 7) / 8)
  }

  private mutating func measureAll() {
    guard !view.floors.isEmpty else { return }
    view = View(sums: sums, signs: vectors.signSums, count: vectors.count - 1)
    left = VectorsLeft(groups: sums.first?.count ?? 0)
  }

  /// How far the mean of all differences is from 0; the value of the path that is least cut.
  var mean: Double { (own.last ?? 0) / Double(differences.count) + pivot }

  /// The least level at which the path of d_i − c is cut by the last look: 1 where it never is.
  ///
  /// The observed path is cut at level α where `reach(α)` ≤ α, and `reach` falls as α grows, since
  /// more of the others are cut before. So its value at one level bounds p from the other side.
  mutating func pValue(at c: Double) -> Double {
    let high = min(1, reach(at: c, level: 0))
    let low = reach(at: c, level: high)
    if low >= high { return high }
    let tolerance = vectors.isEnumerated ? 0 : 1e-4 * high
    if !vectors.isEnumerated, high < 0.7 {
      // At a lesser level no look's bound is lower.
      restrict(to: [c], floors: bounds.map { $0 * (1 - 1e-9) })
    }
    defer { measureAll() }
    return narrowed(cut: high, left: low, to: tolerance) { level in
      log(reach(at: c, level: level) / level)
    }.cut
  }

  /// The first look at which the path of d_i − c is cut at a level; nil where it never is.
  mutating func cut(at c: Double, level: Double) -> Int? {
    _ = reach(at: c, level: level)
    return cutLook
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
    guard let inner = ([start] + kept).first(where: { !isCut(at: $0) }) else { return nil }
    let ties = repeated
    func end(_ outermost: Double) -> Double {
      if !isCut(at: outermost) { return outermost }
      let found = edge(from: outermost, to: inner)
      // A value that several seeds share ties many signs, so it may be left where its neighbours
      // are cut.
      let further = ties.filter { (outermost < $0) != (found < $0) }
        .sorted { abs($0 - outermost) < abs($1 - outermost) }
      return further.first { !isCut(at: $0) } ?? found
    }
    let (low, high) = (end(outer.lowerBound), end(outer.upperBound))
    return min(low, kept.min() ?? low)...max(high, kept.max() ?? high)
  }

  /// Values that occur more than once.
  private var repeated: [Double] {
    let sorted = differences.sorted()
    return Set(zip(sorted, sorted.dropFirst()).filter { $0 == $1 }.map { $0.0 + pivot }).sorted()
  }

  private mutating func isCut(at c: Double) -> Bool {
    reach(at: c, level: SeedRequirement.significance) <= SeedRequirement.significance
  }

  /// The last c before `inner` that is not cut, between one that is and one that is not.
  private mutating func edge(from outer: Double, to inner: Double) -> Double {
    let level = SeedRequirement.significance
    func narrowed(_ ends: (cut: Double, left: Double), to share: Double) -> (Double, Double) {
      self.narrowed(cut: ends.cut, left: ends.left, to: share * abs(outer - inner)) { c in
        log(reach(at: c, level: level) / level)
      }
    }
    if vectors.isEnumerated { return narrowed((outer, inner), to: 0).1 }
    let near = narrowed((outer, inner), to: 0.03)
    var floors = bounds.map { _ in Double.infinity }
    for c in [near.0, near.1] {
      _ = reach(at: c, level: level)
      floors = zip(floors, bounds).map { min($0, 0.85 * $1) }
    }
    restrict(to: [near.0, near.1], floors: floors)
    defer { measureAll() }
    return narrowed(near, to: 1e-5).1
  }

  /// Brings two values closer, one where the path is cut and one where it is left, until they are
  /// neighbours or differ by no more than `tolerance`.
  ///
  /// - Parameter excess: positive where the path is left.
  private func narrowed(
    cut: Double, left: Double, to tolerance: Double, _ excess: (Double) -> Double
  ) -> (cut: Double, left: Double) {
    var (cut, left) = (cut, left)
    var (cutExcess, leftExcess) = (0.0, 0.0)
    var step = 0
    while abs(left - cut) > tolerance {
      // By the line between the two where a value is dear, and every third time by halving; not in
      // the very middle, which meets round numbers and their ties.
      let share = cutExcess / (cutExcess - leftExcess)
      let isLine = tolerance > 0 && step % 3 > 0 && share > 0.001 && share < 0.999
      let middle = cut + (left - cut) * (isLine ? share : 0.49)
      guard middle != cut, middle != left else { break }
      let found = excess(middle)
      // The end that stays counts half (the Illinois rule), so that both ends move.
      if found <= 0 {
        (cut, cutExcess, leftExcess) = (middle, found, leftExcess / 2)
      } else {
        (left, leftExcess, cutExcess) = (middle, found, cutExcess / 2)
      }
      step += 1
    }
    return (cut, left)
  }

  /// The least level at which the observed path would be cut if the others were cut as at `level`:
  /// at each look, the share of the vectors left that lie as far from 0, by what the look may use.
  private mutating func reach(at value: Double, level: Double) -> Double {
    if let found = reachOfView(at: value, level: level) { return found }
    measureAll()
    return reachOfView(at: value, level: level) ?? .infinity
  }

  /// nil where the vectors in view are not all that matter.
  private mutating func reachOfView(at value: Double, level: Double) -> Double? {
    let c = value - pivot
    let all = Double(vectors.count)
    var least = Double.infinity
    left.reset(view.count)
    var absolute = 0.0
    var counted = 0
    cutLook = nil
    for (look, share) in shares.enumerated() {
      while counted < vectors.pairs[look] {
        absolute += abs(differences[counted] - c)
        counted += 1
      }
      let slack = 1e-12 * absolute
      let distance = abs(own[look] - c * Double(counted))
      let allowed = Int(level * share * all + 1e-9)
      let (u, v) = (view.sums[look], view.signs[look])
      let floor = view.floors.isEmpty ? nil : view.floors[look]
      var rank =
        1
        + left.measure(
          u, v, c, reaching: max(distance - slack, floor ?? 0),
          greatest: allowed > 0 ? allowed : nil, floor: floor)
      // So near 0 that it is not known how many lie farther: more than may be cut.
      if let floor, distance - slack < floor { rank = max(rank, allowed + 1) }
      least = min(least, Double(rank) / (share * all))
      if rank <= allowed, cutLook == nil { cutLook = look }
      guard allowed > 0 else {
        bounds[look] = .infinity
        continue
      }
      bounds[look] = left.cutGreatest(
        allowed, slack: slack, own: cutLook == nil ? distance : nil)
      if let floor, bounds[look] < floor { return nil }
    }
    return least
  }
}
