// SPDX-License-Identifier: MIT

import Plotting
import RunStore
import Statistics

/// One variant over training: the mean over its seeds, all brought to the same places.
struct MeanLine: Sendable {
  let variant: VariantSummary
  /// Rising.
  let x: [Double]
  /// NaN where not all seeds behind it have a value.
  let mean: [Double]
  /// The band's ends: NaN where there is no mean, empty without a band.
  let low: [Double]
  let high: [Double]
  /// Seeds behind the mean: the finished ones, or all that have begun where none is finished.
  let members: Int
  /// Single seeds to be drawn faintly.
  var seeds: [(seed: Int, values: [Double])] = []
  /// Whether finished seeds end apart, so that some count with their last value.
  let isHeld: Bool

  /// Whether a single seed has a value.
  var hasSeeds: Bool { seeds.contains { $0.values.contains(where: \.isFinite) } }

  /// What is drawn of it.
  func line(_ label: String, style: Int) -> Line {
    let hasBand = low.contains(where: \.isFinite)
    return Line(
      label: label, x: x, y: mean, low: hasBand ? low : nil, high: hasBand ? high : nil,
      runs: seeds.map { Line(x: x, y: $0.values) }, style: style)
  }

  /// The same under the variant's own name.
  var line: Line {
    line(
      variant.hasFailed ? "\(variant.label) (\(variant.withoutScore))" : variant.label,
      style: variant.style)
  }
}

/// Trials behind a mean over seeds.
struct MeanMembers {
  let trials: [TrialSummary]
  let areFinished: Bool

  /// The finished ones, or all that have begun and are sound where none is finished.
  init(_ begun: [TrialSummary]) {
    let finished = begun.filter(\.isSound)
    areFinished = !finished.isEmpty
    trials = areFinished ? finished : begun.filter { !$0.state.isOver && $0.problem == nil }
  }
}

/// What all members' values come to at each place of a grid; NaN where one is missing, since there is
/// no mean over all.
func overMembers(
  _ columns: [[Double]], at grid: [Double], _ reduce: ([Double]) -> Double?
) -> [Double] {
  grid.indices.map { index in
    let values = columns.map { $0[index] }
    return values.allSatisfy(\.isFinite) ? reduce(values) ?? .nan : .nan
  }
}

// MARK: What the updates did

extension MeanLine {
  /// A column of `updates.csv`; its band is what all updates of all seeds lie between. Nil where it
  /// was never taken.
  init?(_ variant: VariantSummary, _ column: String) {
    self.init(variant, hasBand: true) { trial in
      trial.updates.points(column).map { (trial.updates.episodes, $0) }
    }
  }

  /// Decisions per second of training; nil where no time is known.
  init?(throughputOf variant: VariantSummary) {
    self.init(variant, hasBand: false) { trial in
      let (decisions, seconds) = (trial.trace.decisions, trial.trace.seconds)
      guard seconds.count > 1 else { return nil }
      let rates = seconds.indices.dropFirst().map { index -> Double in
        let time = seconds[index] - seconds[index - 1]
        return time > 0 ? (decisions[index] - decisions[index - 1]) / time : .nan
      }
      return (Array(trial.trace.episodes.dropFirst()), Downsampled(rates))
    }
  }

  /// - Parameter points: of a trial, with the episodes at which they are; nil where it has none.
  private init?(
    _ variant: VariantSummary, hasBand: Bool,
    _ points: (TrialSummary) -> (episodes: [Double], points: Downsampled)?
  ) {
    let known = variant.trials.filter { !(points($0)?.episodes ?? []).isEmpty }
    let sound = MeanMembers(known)
    let all = (sound.trials.isEmpty ? known : sound.trials).compactMap(points)
    guard let first = all.first?.episodes else { return nil }
    let grid =
      all.allSatisfy { $0.episodes == first } ? first : evenGrid(all.map(\.episodes))
    let gathered = all.map {
      $0.points.gathered(positions: $0.episodes, on: grid, isHeld: sound.areFinished)
    }
    self.variant = variant
    x = grid
    mean = overMembers(gathered.map(\.mean), at: grid) { Statistics.mean($0) }
    low = hasBand ? overMembers(gathered.map(\.minimum), at: grid) { $0.min() } : []
    high = hasBand ? overMembers(gathered.map(\.maximum), at: grid) { $0.max() } : []
    members = all.count
    isHeld = sound.areFinished && all.contains { $0.episodes.last != first.last }
  }
}

/// Even places from the first update to the last of all, as many as the longest list has.
func evenGrid(_ positions: [[Double]]) -> [Double] {
  guard let end = positions.compactMap(\.last).max(), end > 0,
    let count = positions.map(\.count).max()
  else { return [] }
  return Set((1...count).map { (end * Double($0) / Double(count)).rounded(.up) }).sorted()
}
