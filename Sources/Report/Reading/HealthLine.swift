// SPDX-License-Identifier: MIT

import ExperimentSpec
import RunStore
import Statistics

/// One variant's measure over training: the mean over its seeds, all brought to the same places.
struct HealthLine: Sendable {
  let label: String
  let variant: Int
  /// Rising training episodes.
  let x: [Double]
  /// The mean over `seeds`; NaN where not all of them have a value.
  let y: [Double]
  /// What all updates of all seeds lie between; empty where each point is one value.
  let least: [Double]
  let greatest: [Double]
  /// Seeds behind the mean: the finished ones, or all that have begun where none is finished.
  let seeds: Int
  /// Whether finished seeds end apart, so that some count with their last value.
  let isHeld: Bool

  /// Nil where the measure was never taken.
  init?(_ variant: VariantSummary, _ measure: UpdateTrace.Measure) {
    let members = Self.members(variant) {
      $0.updates.course(measure) == nil ? nil : $0.updates.episodes
    }
    guard let found = members else { return nil }
    let courses = found.trials.compactMap { trial in
      trial.updates.course(measure)?.gathered(
        positions: trial.updates.episodes, on: found.grid, isHeld: found.areFinished)
    }
    self.init(variant, found, courses)
  }

  /// Decisions per second of training; nil where no time is known.
  init?(throughputOf variant: VariantSummary) {
    let members = Self.members(variant) {
      $0.trace.seconds.count > 1 ? Array($0.trace.episodes.dropFirst()) : nil
    }
    guard let found = members else { return nil }
    let courses = found.trials.map { trial in
      let (decisions, seconds) = (trial.trace.decisions, trial.trace.seconds)
      let rates = seconds.indices.dropFirst().map { index -> Double in
        let time = seconds[index] - seconds[index - 1]
        return time > 0 ? (decisions[index] - decisions[index - 1]) / time : .nan
      }
      return UpdateTrace.Course(mean: rates, least: rates, greatest: rates).gathered(
        positions: Array(trial.trace.episodes.dropFirst()), on: found.grid,
        isHeld: found.areFinished)
    }
    self.init(variant, found, courses, hasBand: false)
  }

  private struct Members {
    let trials: [TrialDigest]
    let areFinished: Bool
    let grid: [Double]
    let endApart: Bool
  }

  /// - Parameter positions: where a trial has values; nil where it has none.
  private static func members(
    _ variant: VariantSummary, _ positions: (TrialDigest) -> [Double]?
  ) -> Members? {
    let known = variant.trials.filter { !(positions($0) ?? []).isEmpty }
    let finished = known.filter { $0.state == .finished && $0.problem == nil }
    let sound = known.filter { !$0.state.isOver && $0.problem == nil }
    let trials = !finished.isEmpty ? finished : !sound.isEmpty ? sound : known
    guard !trials.isEmpty else { return nil }
    let all = trials.compactMap(positions)
    let isOne = all.allSatisfy { $0 == all[0] }
    return Members(
      trials: trials, areFinished: !finished.isEmpty, grid: isOne ? all[0] : evenGrid(all),
      endApart: all.contains { $0.last != all[0].last })
  }

  private init(
    _ variant: VariantSummary, _ members: Members, _ courses: [UpdateTrace.Course],
    hasBand: Bool = true
  ) {
    func over(
      _ path: KeyPath<UpdateTrace.Course, [Double]>, _ reduce: ([Double]) -> Double?
    ) -> [Double] {
      members.grid.indices.map { index in
        let values = courses.map { $0[keyPath: path][index] }
        return values.allSatisfy(\.isFinite) ? reduce(values) ?? .nan : .nan
      }
    }
    label = variant.label
    self.variant = variant.variant.index
    x = members.grid
    y = over(\.mean) { Statistics.mean($0) }
    least = hasBand ? over(\.least) { $0.min() } : []
    greatest = hasBand ? over(\.greatest) { $0.max() } : []
    seeds = members.trials.count
    isHeld = members.areFinished && members.endApart
  }
}

/// Even places from the first update to the last of all, as many as the longest list has.
func evenGrid(_ positions: [[Double]]) -> [Double] {
  guard let end = positions.compactMap(\.last).max(), end > 0,
    let count = positions.map(\.count).max()
  else { return [] }
  return Set((1...count).map { (end * Double($0) / Double(count)).rounded(.up) }).sorted()
}

extension UpdateTrace.Course {
  /// The course at other places: at each, what the updates since the place before came to, together;
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
