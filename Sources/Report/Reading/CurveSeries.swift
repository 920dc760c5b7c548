// SPDX-License-Identifier: MIT

import ExperimentSpec
import Statistics

/// What a learning curve is drawn over.
enum CurveAxis: String, CaseIterable, Sendable {
  case episodes, decisions, passes, seconds
}

/// The learning curves of all variants on one common grid.
struct CurveSeries: Sendable {
  let axis: CurveAxis
  let grid: [Double]
  /// In the plan's order. A finished seed counts in the mean with its last value until the longest
  /// one ends; a variant that is not drawn by itself has no band.
  let lines: [MeanLine]

  init(_ run: RunSummary, axis: CurveAxis) {
    self.axis = axis
    let grid = Self.grid(run.trials, axis: axis)
    self.grid = grid
    let drawn = Set(run.drawn.indices)
    lines = run.variants.map { variant in
      Self.line(
        of: variant, axis: axis, grid: grid, experiment: run.plan.name,
        hasBand: drawn.contains(variant.variant.index))
    }
  }

  private static func positions(_ trial: TrialSummary, axis: CurveAxis) -> [Double] {
    switch axis {
    case .episodes: trial.trace.episodes
    case .decisions: trial.trace.decisions
    case .passes: trial.trace.passes
    case .seconds: trial.trace.seconds
    }
  }

  /// For episodes the points at which the running mean was kept; else evenly spaced ones.
  private static func grid(_ trials: [TrialSummary], axis: CurveAxis) -> [Double] {
    let all = trials.map { positions($0, axis: axis) }
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
  ) -> MeanLine {
    let begun = variant.trials.filter { !positions($0, axis: axis).isEmpty }
    func values(_ trial: TrialSummary) -> [Double] {
      interpolatedValues(
        positions: positions(trial, axis: axis), values: trial.trace.runningMeans, on: grid)
    }
    let members = MeanMembers(begun)
    let ends = members.trials.compactMap { positions($0, axis: axis).last }
    let curves = members.trials.map { trial in
      // Seeds end apart: a finished one keeps its last value.
      members.areFinished
        ? held(values(trial), trial, on: grid, until: ends.max() ?? 0) : values(trial)
    }
    var means = overMembers(curves, at: grid) { mean($0) }
    var (low, high): ([Double], [Double]) = ([], [])
    if hasBand {
      let statistic = "curve/\(axis.rawValue)/variant \(variant.variant.index)"
      let band = CurveBand(
        curves, key: ResamplingKey(experiment: experiment, statistic: statistic))
      func column(_ end: KeyPath<CurvePoint, Double?>) -> [Double] {
        means.indices.map { means[$0].isNaN ? .nan : band.points[$0][keyPath: end] ?? .nan }
      }
      (low, means, high) = (column(\.lower), column(\.centre), column(\.upper))
    }
    return MeanLine(
      variant: variant, x: grid, mean: means, low: low, high: high, members: curves.count,
      seeds: begun.map { ($0.planned.seed, values($0)) },
      isHeld: members.areFinished && ends.contains { $0 != ends[0] })
  }

  /// The values, and behind their end the training's last one, up to `end`.
  private static func held(
    _ values: [Double], _ trial: TrialSummary, on grid: [Double], until end: Double
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
    for line in lines where line.hasSeeds {
      let label = line.variant.label
      let names = line.low.isEmpty ? ["mean"] : ["mean", "lower", "upper"]
      header += names.map { "\(label): \($0) of \(line.members) seeds" }
      header += line.seeds.map { "\(label): seed \($0.seed)" }
      columns += [line.mean, line.low, line.high].filter { !$0.isEmpty }
      columns += line.seeds.map(\.values)
    }
    var table = CSVTable(header)
    for (index, x) in grid.enumerated() { table.add([x] + columns.map { $0[index] }) }
    return table
  }
}
