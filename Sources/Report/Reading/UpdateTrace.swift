// SPDX-License-Identifier: MIT

import Artifacts

/// What a trial's updates did, in at most some hundreds of points: each measure's mean, least and
/// greatest value over neighbouring updates.
struct UpdateTrace: Sendable {
  /// A measure over neighbouring updates; NaN where it was not measured.
  struct Points: Sendable {
    var mean: [Double] = []
    var least: [Double] = []
    var greatest: [Double] = []
  }

  /// Points of a figure, at most.
  static let pointCount = 100

  /// Training episodes at the end of each point's updates.
  private(set) var episodes: [Double] = []
  /// By column of `updates.csv`, as many points as `episodes`.
  private var measured: [String: Points] = [:]
  /// Updates in which the gradient norm, KL, entropy or share of dead units was not finite.
  private(set) var brokenUpdates = 0
  /// The single update that moved the policy most, by mean KL, and the episodes behind it; nil when
  /// none was measured.
  private(set) var largestKL: (value: Double, episode: Int)?

  /// Share of the updates with a line search that took no step; nil where none searched.
  private(set) var rejectedShare: Double?

  init(_ records: [UpdateRecord]) {
    let searched = records.filter { $0.backtracks != nil && $0.stepFraction != nil }
    if !searched.isEmpty {
      rejectedShare = Double(searched.count { $0.stepFraction == 0 }) / Double(searched.count)
    }
    let buckets = min(Self.pointCount, records.count)
    let columns = UpdateRecord.measureColumns
    var found = columns.map { _ in Points() }
    for bucket in 0..<buckets {
      let part = records[bucket * records.count / buckets..<(bucket + 1) * records.count / buckets]
      episodes.append(Double(part.last?.episode ?? 0))
      let rows = part.map(\.measured)
      for column in columns.indices {
        let known = rows.compactMap { $0[column] }.filter(\.isFinite)
        found[column].mean.append(
          known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count))
        found[column].least.append(known.min() ?? .nan)
        found[column].greatest.append(known.max() ?? .nan)
      }
    }
    measured = Dictionary(uniqueKeysWithValues: zip(columns, found))
    for record in records {
      let known = [record.gradientNorm, record.meanKL, record.entropy, record.deadUnits]
      if known.contains(where: { $0.map { !$0.isFinite } ?? false }) { brokenUpdates += 1 }
      if let divergence = record.meanKL, divergence.isFinite {
        if divergence > largestKL?.value ?? -1 { largestKL = (divergence, record.episode) }
      }
    }
  }

  /// A measure's points, or nil where it was never measured.
  func points(_ column: String) -> Points? {
    measured[column].flatMap { $0.mean.contains(where: \.isFinite) ? $0 : nil }
  }
}

extension UpdateTrace.Points {
  /// The points at other places: at each, what the updates since the place before came to, together;
  /// where there was none, what was known last. NaN before the first and, unless `isHeld`, behind the
  /// last.
  ///
  /// - Parameters:
  ///   - positions: rising, one a point.
  ///   - grid: rising.
  func gathered(positions: [Double], on grid: [Double], isHeld: Bool) -> Self {
    if positions == grid { return self }
    var result = Self()
    var next = 0
    var last = (mean: Double.nan, least: Double.nan, greatest: Double.nan)
    for place in grid {
      let first = next
      while next < positions.count, positions[next] <= place { next += 1 }
      let known = (first..<next).filter { mean[$0].isFinite }
      if !known.isEmpty {
        last = (
          known.reduce(0) { $0 + mean[$1] } / Double(known.count),
          known.map { least[$0] }.min() ?? .nan, known.map { greatest[$0] }.max() ?? .nan
        )
      }
      let isOver = next == positions.count && place > positions.last ?? 0
      let isShown = isHeld || !isOver
      result.mean.append(isShown ? last.mean : .nan)
      result.least.append(isShown ? last.least : .nan)
      result.greatest.append(isShown ? last.greatest : .nan)
    }
    return result
  }
}
