// SPDX-License-Identifier: MIT

/// What a learning curve shows of several runs at each point.
package enum CurveCentre: String, CaseIterable, Sendable {
  case mean
  case interquartileMean
}

/// One point of a learning curve over runs.
package struct CurvePoint: Equatable, Sendable {
  /// The mean or interquartile mean of the runs that have a value here; nil when none has.
  package let centre: Double?
  /// The band's lower end; nil with fewer than two runs.
  package let lower: Double?
  /// The band's upper end; nil with fewer than two runs.
  package let upper: Double?
  /// The runs that have a value here.
  package let runs: Int

  package init(centre: Double?, lower: Double?, upper: Double?, runs: Int) {
    self.centre = centre
    self.lower = lower
    self.upper = upper
    self.runs = runs
  }
}

/// A learning curve over runs with a pointwise bootstrap band: at each point alone, not for the
/// curve as a whole, the band covers the centre with the confidence named (Patterson et al. 2024).
///
/// Whole runs are resampled, the same ones at all points. Up to five runs all resamples are
/// enumerated; beyond, 2,000 are drawn, whose chance moves an edge by one or two hundredths of
/// the band's width.
package struct CurveBand: Equatable, Sendable {
  package let points: [CurvePoint]
  /// The nominal coverage at each point, such as 0.95.
  package let confidence: Double
  /// Resamples of the runs.
  package let resamples: Int
  /// Whether those were all there are.
  package let isExact: Bool

  /// - Parameters:
  ///   - curves: `curves[run][point]`; where a run has no value, NaN (or what is not finite), or
  ///     the end of a shorter curve.
  ///   - replicates: drawn when not all resamples are enumerated.
  package init(
    _ curves: [[Double]], centre: CurveCentre, key: ResamplingKey, confidence: Double = 0.95,
    replicates: Int = 2_000
  ) {
    precondition(
      confidence > 0 && confidence < 1, "a confidence lies between 0 and 1, found \(confidence)")
    self.confidence = confidence
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
      return draws.point(values, centre: centre, confidence: confidence)
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

  func point(_ values: [Double], centre: CurveCentre, confidence: Double) -> CurvePoint {
    let order = values.indices.filter { values[$0].isFinite }
      .sorted { (values[$0], $0) < (values[$1], $1) }
    let present = order.map { values[$0] }
    let estimate =
      centre == .mean ? Statistics.mean(present) : Statistics.interquartileMean(present)
    guard present.count > 1 else {
      return CurvePoint(centre: estimate, lower: nil, upper: nil, runs: present.count)
    }
    let scale = workingScale(present)
    var selection = Selection(centres(values.map { $0 * scale }, order, centre))
    let ends = selection.interval(confidence: confidence, isExact: isExact)
    return CurvePoint(
      centre: estimate, lower: unscaled(ends.lower, by: scale),
      upper: unscaled(ends.upper, by: scale), runs: present.count)
  }

  /// The centre of each resample; one without any run that has a value here is left out.
  private func centres(
    _ values: [Double], _ ascending: [Int], _ centre: CurveCentre
  ) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(resamples + Lanes.scalarCount)
    for vector in 0..<(counts.first?.count ?? 0) {
      var total = Lanes.zero
      for run in ascending { total += counts[run][vector] }
      let sum: Lanes
      var kept = total
      switch centre {
      case .mean:
        sum = ascending.reduce(.zero) { $0 + values[$1] * counts[$1][vector] }
      case .interquartileMean:
        let dropped = (total / 4).rounded(.down)
        kept = total - 2 * dropped
        sum = trimmedSum(values, ascending, vector, first: dropped, last: total - dropped)
      }
      for lane in 0..<min(Lanes.scalarCount, resamples - vector * Lanes.scalarCount)
      where total[lane] > 0 {
        result.append(sum[lane] / kept[lane])
      }
    }
    return result
  }

  /// The sums of the values at the places from `first` to `last` of the sorted resamples: of a run
  /// that fills the places from a to b, those count that lie between.
  private func trimmedSum(
    _ values: [Double], _ ascending: [Int], _ vector: Int, first: Lanes, last: Lanes
  ) -> Lanes {
    var sum = Lanes.zero
    var place = Lanes.zero
    var counted = Lanes.zero
    for run in ascending {
      place += counts[run][vector]
      // Masks, since `clamped(lowerBound:upperBound:)` takes nearly twice as long in all.
      let raised = place.replacing(with: first, where: place .< first)
      let inside = raised.replacing(with: last, where: raised .> last) - first
      sum += values[run] * (inside - counted)
      counted = inside
    }
    return sum
  }
}
