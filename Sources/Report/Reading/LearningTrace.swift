// SPDX-License-Identifier: MIT

import Artifacts
import RunStore
import Statistics

/// A trial's training in some hundreds of points: the running mean of its returns and where it
/// stood in decisions and seconds.
///
/// The running mean is over the last 100 episodes, or over as many as there are yet, from ten on: over
/// fewer it says more of single games than of the policy. It is kept at multiples of `stride`, at the
/// first place and at the last, which is what a figure can show.
struct LearningTrace: Equatable, Sendable {
  /// Episodes behind a curve's first point; fewer where the training had no more than four times as
  /// many.
  static let fewest = 10
  /// Points of a curve, about: fewer where there are so many curves that a figure would grow
  /// beyond what a page should load.
  static func pointCount(trials: Int) -> Int { trials > 24 ? 100 : 200 }

  private(set) var episodes: [Double] = []
  private(set) var decisions: [Double] = []
  private(set) var runningMeans: [Double] = []
  /// Seconds of training at each point; empty where they are unknown or not wanted.
  private(set) var seconds: [Double] = []
  /// Passes at each point; empty where an earlier version did not count them.
  private(set) var passes: [Double] = []

  /// Episodes between two points for a training of this length.
  static func stride(target: Int, trials: Int) -> Int {
    let points = pointCount(trials: trials)
    return max(1, (target + points - 1) / points)
  }

  /// - Parameters:
  ///   - returns: of all episodes, in order.
  ///   - decisionCounts: cumulative decisions, as many.
  ///   - timing: rows of `timing.csv`, in order; empty leaves the seconds out.
  ///   - window: returns of a mean; 1 where they are means already.
  init(
    returns: [Double], decisionCounts: [Int], timing: [TimingRecord], stride: Int,
    window: Int = TrialRecords.window
  ) {
    let means = meanOfLast(returns, window: window)
    let first = max(min(Self.fewest, means.count / 4, window), 1) - 1
    for index in means.indices.dropFirst(first)
    where index == first || (index + 1).isMultiple(of: stride) || index == means.count - 1 {
      episodes.append(Double(index + 1))
      decisions.append(Double(decisionCounts[index]))
      runningMeans.append(means[index])
    }
    guard let last = timing.last, last.episode > 0 else { return }
    // Time is known at the end of each update; between two it passes by decisions.
    let positions = [0] + timing.map { Double($0.decisions) }
    let clock = [0] + timing.map(\.wallSeconds)
    seconds = interpolatedValues(
      positions: positions, values: clock, on: decisions, isHeld: true)
  }

  init() {}

  /// Passes are known at the end of each update; between two they rise by decisions.
  mutating func setPasses(_ updates: [UpdateRecord]) {
    let counts = updates.compactMap(\.passes)
    guard counts.count == updates.count, !counts.isEmpty else { return }
    passes = interpolatedValues(
      positions: [0] + updates.map { Double($0.decisions) }, values: [0] + counts, on: decisions,
      isHeld: true)
  }
}

/// A curve's values on another grid, on straight lines between its points; NaN before the first.
///
/// - Parameters:
///   - positions: rising, one a value; of equal ones the last counts.
///   - grid: rising.
///   - isHeld: whether the last value holds behind it; else there is none.
func interpolatedValues(
  positions: [Double], values: [Double], on grid: [Double], isHeld: Bool = false
) -> [Double] {
  var behind = 0
  return grid.map { point in
    while behind < positions.count, positions[behind] <= point { behind += 1 }
    guard behind > 0 else { return .nan }
    guard behind < positions.count else {
      return isHeld || point == positions[behind - 1] ? values[behind - 1] : .nan
    }
    let (left, right) = (positions[behind - 1], positions[behind])
    let share = (point - left) / (right - left)
    return values[behind - 1] + share * (values[behind] - values[behind - 1])
  }
}
