// SPDX-License-Identifier: MIT

/// What a path of differences sums to after the pairs of each look, with its own signs.
struct ObservedPath: Sendable {
  /// Pairs of each look, and what it may use of the level.
  let pairs: [Int]
  let shares: [Double]
  let differences: [Double]
  let sums: [Double]

  init(_ differences: [Double], pairs: [Int], shares: [Double]) {
    (self.differences, self.pairs, self.shares) = (differences, pairs, shares)
    sums = pairs.map { differences[..<$0].reduce(0, +) }
  }
}

/// Sign vectors with the sums of a path under them: all there are, a sample of them, or those of which
/// it is open whether a look cuts them.
struct SignView: Sendable {
  typealias Lanes = SignVectors.Lanes

  /// By look.
  private let sums: [[Lanes]]
  private let signs: [[SIMD8<Float>]]
  let count: Int
  /// How many they stand for, with the one observed.
  private let all: Double
  /// By look, the distance from which on all vectors are here; nil where all are.
  private let floors: [Double]?
  /// By look, how many that are not here it cuts.
  private let gone: [Int]
  private var left: VectorsLeft
  /// Of the last `reach`, by look, the distance beyond which vectors were cut.
  private(set) var bounds: [Double]
  /// By look, how many could be cut then.
  private var allowances: [Int]

  init(
    sums: [[Lanes]], signs: [[SIMD8<Float>]], count: Int, all: Double? = nil,
    floors: [Double]? = nil, gone: [Int]? = nil
  ) {
    (self.sums, self.signs, self.count, self.floors) = (sums, signs, count, floors)
    self.all = all ?? Double(count + 1)
    self.gone = gone ?? sums.map { _ in 0 }
    left = VectorsLeft(groups: sums.first?.count ?? 0)
    bounds = sums.map { _ in .infinity }
    allowances = sums.map { _ in 0 }
  }

  /// The first vectors alone.
  func sample(_ groups: Int) -> SignView {
    SignView(
      sums: sums.map { Array($0[..<groups]) }, signs: signs.map { Array($0[..<groups]) },
      count: groups * 8)
  }

  /// The vectors that at some look lie beyond a floor for one of these c, or nearly: |u − c·v| is at
  /// most |v| times as much farther as c is from the middle.
  ///
  /// - Parameter ceilings: beyond which a look cuts them for sure; such vectors are only counted.
  func restricted(
    to values: ClosedRange<Double>, floors: [Double], ceilings: [Double]? = nil
  ) -> SignView {
    var open = [UInt8](repeating: 0, count: sums.first?.count ?? 0)
    var decided = open
    // What fills up the last group is none.
    for place in count..<decided.count * 8 { decided[place / 8] |= 1 << UInt8(place % 8) }
    var gone = gone
    let middle = (values.lowerBound + values.upperBound) / 2
    let spread = (values.upperBound - values.lowerBound) / 2
    for (look, floor) in floors.enumerated() where floor.isFinite {
      let (u, v, ceiling) = (sums[look], signs[look], ceilings?[look] ?? .infinity)
      for group in open.indices {
        let distance = VectorsLeft.distance(u[group], v[group], middle)
        let most = distance + spread * VectorsLeft.distance(.zero, v[group], 1)
        let far = VectorsLeft.bits(most .> floor) & ~decided[group]
        guard far != 0 else { continue }
        let cut = VectorsLeft.bits(distance .> ceiling) & far & ~open[group]
        gone[look] += cut.nonzeroBitCount
        decided[group] |= cut
        open[group] |= far & ~cut
      }
    }
    let places = (0..<count).filter { open[$0 / 8] & 1 << UInt8($0 % 8) != 0 }
    func gathered<Scalar: SIMDScalar>(_ column: [SIMD8<Scalar>]) -> [SIMD8<Scalar>] {
      // Lane by lane, since reading one of a vector would copy all of it.
      column.withUnsafeBytes { bytes in
        let values = bytes.assumingMemoryBound(to: Scalar.self)
        return stride(from: 0, to: places.count, by: 8).map { start in
          func value(_ lane: Int) -> Scalar { values[places[min(start + lane, places.count - 1)]] }
          return SIMD8(
            value(0), value(1), value(2), value(3), value(4), value(5), value(6), value(7))
        }
      }
    }
    return SignView(
      sums: sums.map(gathered), signs: signs.map(gathered), count: places.count, all: all,
      floors: floors, gone: gone)
  }

  /// The levels from which on, and before which, the same vectors are cut as at `level`.
  func steps(around level: Double, _ shares: [Double]) -> (last: Double, next: Double) {
    shares.reduce((0, .infinity)) { found, share in
      let allowed = (level * share * all + 1e-9).rounded(.down)
      return (
        max(found.0, allowed / (share * all)), min(found.1, (allowed + 1) / (share * all))
      )
    }
  }

  /// The least level at which the observed path of d_i − c would be cut if the others were cut as at
  /// `level`: at each look, the share of the vectors left that lie as far from 0, by what the look
  /// may use.
  ///
  /// The path is cut at `level` where this is no more than `level`, and it falls as `level` grows,
  /// since more of the others are cut before. Only a value that is no more than `level` is exact
  /// where not all vectors are here.
  ///
  /// - Parameter untilCut: whether looks after the one at which the path is cut do not matter.
  /// - Returns: nil where the vectors in view are not all that matter.
  mutating func reach(
    of path: ObservedPath, at c: Double, level: Double, untilCut: Bool = false
  ) -> (least: Double, look: Int?)? {
    var found: (least: Double, look: Int?) = (.infinity, nil)
    left.reset(count)
    var absolute = 0.0
    var counted = 0
    for (look, share) in path.shares.enumerated() {
      while counted < path.pairs[look] {
        absolute += abs(path.differences[counted] - c)
        counted += 1
      }
      let slack = 1e-12 * absolute
      let distance = abs(path.sums[look] - c * Double(counted))
      let allowed = Int(level * share * all + 1e-9)
      let floor = floors?[look]
      let isNear = abs(allowed - allowances[look]) <= allowances[look] / 8
      allowances[look] = allowed
      let open = allowed - gone[look]
      var rank =
        1 + gone[look]
        + left.measure(
          sums[look], signs[look], c, reaching: max(distance - slack, floor ?? 0),
          greatest: allowed > 0 ? open : nil, floor: floor, near: isNear ? bounds[look] : nil)
      // So near 0 that it is not known how many lie farther: more than may be cut.
      if let floor, distance - slack < floor { rank = max(rank, allowed + 1) }
      found.least = min(found.least, Double(rank) / (share * all))
      if rank <= allowed, found.look == nil {
        found.look = look
        if untilCut { return found }
      }
      guard allowed > 0 else {
        bounds[look] = .infinity
        continue
      }
      bounds[look] = left.cutGreatest(
        open, slack: slack, own: found.look == nil ? distance : nil)
      if let floor, bounds[look] < floor { return nil }
    }
    return found
  }
}
