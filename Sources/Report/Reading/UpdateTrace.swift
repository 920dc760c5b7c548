// SPDX-License-Identifier: MIT

import Artifacts

/// What a trial's updates did, in at most some hundreds of points: each measure's mean over
/// neighbouring updates.
struct UpdateTrace: Sendable {
  /// The measures that the report shows, in its order.
  enum Measure: String, CaseIterable, Sendable {
    case gradientNorm, meanKL, entropy, deadUnits
  }

  /// Points of a figure, at most.
  static let pointCount = 160

  /// Training episodes at the end of each point's updates.
  private(set) var episodes: [Double] = []
  /// By measure, as many as `episodes`; NaN where it was not measured.
  private(set) var values: [Measure: [Double]] = [:]
  private(set) var updateCount = 0
  /// Updates in which a measure was not a number or not finite.
  private(set) var brokenUpdates = 0
  /// The single update that moved the policy most, by mean KL, and the episodes behind it; nil when none was measured.
  private(set) var largestKL: (value: Double, episode: Int)?

  init(_ records: [UpdateRecord]) {
    updateCount = records.count
    let buckets = min(Self.pointCount, records.count)
    for measure in Measure.allCases { values[measure] = [] }
    for bucket in 0..<buckets {
      let part = records[bucket * records.count / buckets..<(bucket + 1) * records.count / buckets]
      episodes.append(Double(part.last?.episode ?? 0))
      for measure in Measure.allCases {
        let known = part.compactMap { Self.value(of: measure, in: $0) }.filter(\.isFinite)
        values[measure]?.append(
          known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count))
      }
    }
    for record in records {
      let known = Measure.allCases.compactMap { Self.value(of: $0, in: record) }
      if known.contains(where: { !$0.isFinite }) { brokenUpdates += 1 }
      if let divergence = record.meanKL, divergence.isFinite {
        if divergence > largestKL?.value ?? -1 { largestKL = (divergence, record.episode) }
      }
    }
  }

  /// The points' values of a measure, or nil where it was never measured.
  func known(_ measure: Measure) -> [Double]? {
    guard let points = values[measure], points.contains(where: \.isFinite) else { return nil }
    return points
  }

  private static func value(of measure: Measure, in record: UpdateRecord) -> Double? {
    switch measure {
    case .gradientNorm: record.gradientNorm
    case .meanKL: record.meanKL
    case .entropy: record.entropy
    case .deadUnits: record.deadUnits
    }
  }
}
