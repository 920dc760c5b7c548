// SPDX-License-Identifier: MIT

import Artifacts
import Plotting

/// What a trial's updates did, in at most some hundreds of points: each measure's mean, least and
/// greatest value over neighbouring updates.
struct UpdateTrace: Sendable {
  /// Points of a figure, at most.
  static let pointCount = 100

  /// Training episodes at the end of each point's updates.
  private(set) var episodes: [Double] = []
  /// By column of `updates.csv`, as many points as `episodes`.
  private var measured: [String: Downsampled] = [:]
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
    episodes = (0..<buckets).map {
      Double(records[($0 + 1) * records.count / buckets - 1].episode)
    }
    let (places, rows) = (records.indices.map(Double.init), records.map(\.measured))
    for (column, name) in UpdateRecord.measureColumns.enumerated()
    where rows.contains(where: { $0[column] != nil }) {
      measured[name] = downsampled(
        x: places, y: rows.map { $0[column] ?? .nan }, maximumPoints: Self.pointCount)
    }
    for record in records {
      let known = [record.gradientNorm, record.meanKL, record.entropy, record.deadUnits]
      if known.contains(where: { $0.map { !$0.isFinite } ?? false }) { brokenUpdates += 1 }
      if let divergence = record.meanKL, divergence.isFinite {
        if divergence > largestKL?.value ?? -1 { largestKL = (divergence, record.episode) }
      }
    }
  }

  /// A measure's points, or nil where it was never measured.
  func points(_ column: String) -> Downsampled? {
    measured[column].flatMap { $0.mean.contains(where: \.isFinite) ? $0 : nil }
  }
}

extension Downsampled {
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
    var last = (mean: Double.nan, minimum: Double.nan, maximum: Double.nan)
    for place in grid {
      let first = next
      while next < positions.count, positions[next] <= place { next += 1 }
      let known = (first..<next).filter { mean[$0].isFinite }
      if !known.isEmpty {
        last = (
          known.reduce(0) { $0 + mean[$1] } / Double(known.count),
          known.map { minimum[$0] }.min() ?? .nan, known.map { maximum[$0] }.max() ?? .nan
        )
      }
      let isOver = next == positions.count && place > positions.last ?? 0
      let isShown = isHeld || !isOver
      result.mean.append(isShown ? last.mean : .nan)
      result.minimum.append(isShown ? last.minimum : .nan)
      result.maximum.append(isShown ? last.maximum : .nan)
    }
    return result
  }
}
