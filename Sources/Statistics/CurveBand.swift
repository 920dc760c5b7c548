// SPDX-License-Identifier: MIT

/// One point of a learning curve over runs.
package struct CurvePoint: Equatable, Sendable {
  /// The mean of the runs that have a value here; nil when none has.
  package let centre: Double?
  /// The band's lower end; nil with fewer than two runs.
  package let lower: Double?
  /// The band's upper end; nil with fewer than two runs.
  package let upper: Double?
  /// The runs that have a value here.
  package let runs: Int
}

/// A learning curve over runs with a pointwise bootstrap band: at each point alone, not for the
/// curve as a whole, the band covers the mean with 95 % confidence (Patterson et al. 2024).
///
/// Whole runs are resampled, the same ones at all points. Up to five runs all resamples are
/// enumerated; beyond, 2,000 are drawn, whose chance moves an edge by one or two hundredths of
/// the band's width.
package struct CurveBand: Equatable, Sendable {
  package let points: [CurvePoint]
  /// Resamples of the runs.
  package let resamples: Int
  /// Whether those were all there are.
  package let isExact: Bool

  /// - Parameters:
  ///   - curves: `curves[run][point]`; where a run has no value, NaN (or what is not finite), or
  ///     the end of a shorter curve.
  ///   - replicates: drawn when not all resamples are enumerated.
  package init(
    _ curves: [[Double]], key: ResamplingKey, replicates: Int = 2_000
  ) {
    let length = curves.map(\.count).max() ?? 0
    guard !curves.isEmpty else {
      points = []
      resamples = 0
      isExact = true
      return
    }
    let resampler = Resampler(
      sizes: [curves.count], replicates: replicates, enumeratingUpTo: 5_000)
    resamples = resampler.count
    isExact = resampler.isExact
    let draws = RunDraws(resampler, runs: curves.count, key: key.part("curve"))
    points = (0..<length).map { index in
      let values = curves.map { index < $0.count ? $0[index] : .nan }
      return draws.point(values)
    }
  }
}

/// How often each run is drawn in each resample: the part of a band that all points share.
///
/// Eight resamples to a vector; what fills up the last vector is cut off at the end.
private struct RunDraws {
  private typealias Lanes = SIMD8<Double>

  /// `counts[run][resample / 8][resample % 8]`.
  private let counts: [[Lanes]]
  private let resamples: Int
  private let isExact: Bool

  init(_ resampler: Resampler, runs: Int, key: ResamplingKey) {
    let width = Lanes.scalarCount
    let vectors = (resampler.count + width - 1) / width
    var counts = Array(repeating: Array(repeating: Lanes.zero, count: vectors), count: runs)
    var resample = 0
    resampler.forEach(key: key) { drawn in
      for run in drawn { counts[run][resample / width][resample % width] += 1 }
      resample += 1
    }
    self.counts = counts
    resamples = resampler.count
    isExact = resampler.isExact
  }

  func point(_ values: [Double]) -> CurvePoint {
    let order = values.indices.filter { values[$0].isFinite }
      .sorted { (values[$0], $0) < (values[$1], $1) }
    let present = order.map { values[$0] }
    let estimate = Statistics.mean(present)
    guard present.count > 1 else {
      return CurvePoint(centre: estimate, lower: nil, upper: nil, runs: present.count)
    }
    let scale = workingScale(present)
    var selection = Selection(means(values.map { $0 * scale }, order))
    let ends = selection.interval(isExact: isExact)
    return CurvePoint(
      centre: estimate, lower: unscaled(ends.lower, by: scale),
      upper: unscaled(ends.upper, by: scale), runs: present.count)
  }

  /// The mean of each resample; one without any run that has a value here is left out.
  private func means(_ values: [Double], _ ascending: [Int]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(resamples + Lanes.scalarCount)
    for vector in 0..<(counts.first?.count ?? 0) {
      var total = Lanes.zero
      for run in ascending { total += counts[run][vector] }
      let sum = ascending.reduce(Lanes.zero) { $0 + values[$1] * counts[$1][vector] }
      for lane in 0..<min(Lanes.scalarCount, resamples - vector * Lanes.scalarCount)
      where total[lane] > 0 {
        result.append(sum[lane] / total[lane])
      }
    }
    return result
  }
}

/// A curve's values on another grid: at each grid point, the last value at or before it.
///
/// Brings runs whose points lie at different decisions or seconds onto one grid, without a value
/// that was not yet known there. NaN before the first point and behind the last, where the run has
/// no value.
///
/// - Parameters:
///   - positions: the curve's abscissae, ascending, one per value.
///   - values: the curve's ordinates.
///   - grid: ascending.
package func heldValues(
  positions: [Double], values: [Double], on grid: [Double]
) -> [Double] {
  precondition(
    positions.count == values.count,
    "a curve wants as many positions as values, found \(positions.count) and \(values.count)")
  guard let last = positions.last else { return grid.map { _ in .nan } }
  var behind = 0
  return grid.map { point in
    while behind < positions.count, positions[behind] <= point { behind += 1 }
    return behind == 0 || point > last ? .nan : values[behind - 1]
  }
}
