// SPDX-License-Identifier: MIT

import ExperimentSpec
import RunStore
import Statistics

/// What a learning curve is drawn over.
enum CurveAxis: String, CaseIterable, Sendable {
  case episodes, decisions, seconds
}

/// The learning curves of all variants on one common grid.
struct CurveSeries: Sendable {
  /// One variant's curve.
  struct Line: Sendable {
    let variant: Int
    let label: String
    /// Mean over `members` seeds; NaN where not all of them have come that far. A finished seed
    /// counts with its last value until the longest one ends.
    let mean: [Double]
    /// The 95 % band; NaN where there is no mean or a single seed, empty for a variant without a
    /// line of its own.
    let lower: [Double]
    let upper: [Double]
    /// Seeds behind the mean: the finished ones, or all that have begun where none is finished.
    let members: Int
    let seeds: [(seed: Int, values: [Double])]

    var hasData: Bool { seeds.contains { $0.values.contains(where: \.isFinite) } }
  }

  let axis: CurveAxis
  let grid: [Double]
  let lines: [Line]
  /// Whether finished seeds of a variant end apart.
  let endsApart: Bool

  var hasData: Bool { lines.contains(where: \.hasData) }

  init(_ digest: RunDigest, axis: CurveAxis) {
    self.axis = axis
    let grid = Self.grid(digest.trials, axis: axis)
    self.grid = grid
    let drawn = Set(digest.drawn.indices)
    lines = digest.variants.map { variant in
      Self.line(
        of: variant, axis: axis, grid: grid, experiment: digest.plan.name,
        hasBand: drawn.contains(variant.variant.index))
    }
    endsApart = digest.variants.contains { variant in
      let ends = variant.counted.compactMap { Self.positions($0.trace, axis: axis).last }
      return ends.contains { $0 != ends[0] }
    }
  }

  private static func positions(_ trace: LearningTrace, axis: CurveAxis) -> [Double] {
    switch axis {
    case .episodes: trace.episodes
    case .decisions: trace.decisions
    case .seconds: trace.seconds
    }
  }

  /// For episodes the points at which the running mean was kept; else evenly spaced ones.
  private static func grid(_ trials: [TrialDigest], axis: CurveAxis) -> [Double] {
    let all = trials.map { positions($0.trace, axis: axis) }
    guard let end = all.compactMap(\.last).max(), end > 0 else { return [] }
    // The end of each variant is a point, so that its curve ends with its final value.
    let ends = Dictionary(grouping: trials.indices) { trials[$0].planned.variant }.values
      .compactMap { $0.compactMap { all[$0].last }.max() }
    if axis == .episodes {
      let longest = all.max { ($0.last ?? 0) < ($1.last ?? 0) } ?? []
      return Set(longest + ends).sorted()
    }
    let count = LearningTrace.pointCount(trials: trials.count)
    return Set((1...count).map { end * Double($0) / Double(count) } + ends).sorted()
  }

  private static func line(
    of variant: VariantSummary, axis: CurveAxis, grid: [Double], experiment: String,
    hasBand: Bool
  ) -> Line {
    let runs = variant.trials.compactMap { trial -> (trial: TrialDigest, values: [Double])? in
      let positions = positions(trial.trace, axis: axis)
      guard !positions.isEmpty else { return nil }
      let means = trial.trace.runningMeans
      return (
        trial,
        axis == .episodes
          ? heldValues(positions: positions, values: means, on: grid)
          : interpolatedValues(positions: positions, values: means, on: grid)
      )
    }
    let finished = runs.filter { $0.trial.state == .finished && $0.trial.problem == nil }
    let sound = runs.filter { !$0.trial.state.isOver && $0.trial.problem == nil }
    let members = finished.isEmpty ? sound : finished
    // Seeds end apart: a finished one keeps its last value.
    let end = members.compactMap { positions($0.trial.trace, axis: axis).last }.max() ?? 0
    let curves = members.map { run in
      finished.isEmpty ? run.values : held(run.values, run.trial, on: grid, until: end)
    }
    guard hasBand else {
      let means = grid.indices.map { index -> Double in
        let values = curves.map { $0[index] }
        return values.allSatisfy(\.isFinite) ? mean(values) ?? .nan : .nan
      }
      return Line(
        variant: variant.variant.index, label: variant.label, mean: means, lower: [], upper: [],
        members: members.count, seeds: runs.map { ($0.trial.planned.seed, $0.values) })
    }
    let band = CurveBand(
      curves, centre: .mean,
      key: ResamplingKey(
        experiment: experiment, statistic: "curve/\(axis.rawValue)/variant \(variant.variant.index)"
      ))
    // Without a member the band has no points, and where one is missing there is no mean over all.
    let points = grid.indices.map { index -> CurvePoint? in
      guard index < band.points.count, band.points[index].runs == members.count else { return nil }
      return band.points[index]
    }
    return Line(
      variant: variant.variant.index, label: variant.label,
      mean: points.map { $0?.centre ?? .nan }, lower: points.map { $0?.lower ?? .nan },
      upper: points.map { $0?.upper ?? .nan }, members: members.count,
      seeds: runs.map { ($0.trial.planned.seed, $0.values) })
  }

  /// The values, and behind their end the training's last one, up to `end`.
  private static func held(
    _ values: [Double], _ trial: TrialDigest, on grid: [Double], until end: Double
  ) -> [Double] {
    guard let known = values.lastIndex(where: \.isFinite),
      let last = trial.trace.runningMeans.last
    else { return values }
    return values.indices.map { $0 > known && grid[$0] <= end ? last : values[$0] }
  }

  /// The drawn numbers: a row for each point, for each variant its mean, band and seeds.
  var table: CSVTable {
    var header = [axis.rawValue]
    var columns: [[Double]] = []
    for line in lines where line.hasData {
      let names = line.lower.isEmpty ? ["mean"] : ["mean", "lower", "upper"]
      header += names.map { "\(line.label): \($0) of \(line.members) seeds" }
      header += line.seeds.map { "\(line.label): seed \($0.seed)" }
      columns += [line.mean, line.lower, line.upper].filter { !$0.isEmpty }
      columns += line.seeds.map(\.values)
    }
    var table = CSVTable(header)
    for (index, x) in grid.enumerated() {
      table.addRow([CSVTable.text(x)] + columns.map { CSVTable.text($0[index]) })
    }
    return table
  }
}
