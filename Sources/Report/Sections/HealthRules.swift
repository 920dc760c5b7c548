// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Statistics

/// What in a training is worth a sentence: each rule has a name, a threshold and a test that fires
/// it. `docs/explain/report.md` lists them.
package enum HealthRule: String, CaseIterable, Sendable {
  case notANumber = "Not a number"
  case stuck = "Stuck at the bottom"
  case fellBack = "Fell back"
  case entropyCollapse = "Entropy collapse"
  case divergenceSpike = "KL spike"
  case rejectedSteps = "Rejected steps"
  case deadUnits = "Dead units"
  case timeLimit = "Time limit"
  case twoGroups = "Two groups of seeds"

  /// Below this the policy chooses almost without chance, in nats per decision.
  static let collapsedEntropy = 0.05
  /// A final running mean below this, in points of Pong: worse than the random player, −20.5.
  static let bottom = -20.8
  /// Episodes that a training must have had before it can be called stuck or to have fallen back.
  static let patience = 500
  /// Share of the score's scale between the best running mean and the last one.
  static let setback = 0.2
  /// Mean KL of one update above this, in nats per decision; ten times the usual bound of 0.01.
  static let largeDivergence = 0.1
  /// Share of the updates that took no step although they looked for one.
  static let rejectedShare = 0.2
  /// Share of hidden units that fired on no decision of the last updates.
  static let deadShare = 0.5
  /// Share of the episodes of the last updates that a time limit ended.
  static let truncatedShare = 0.1
  /// The gap between two groups of seeds, as a share of the distance from the worst to the best.
  static let gapShare = 2.0 / 3
  /// The same gap, as a share of the score's scale.
  static let gapOfScale = 0.1
  /// Seeds below which a gap says nothing.
  static let leastSeeds = 5

  /// The rule for the page and the docs, with its threshold.
  package var meaning: String {
    switch self {
    case .notANumber:
      "A return, gradient norm, KL or entropy of a trial is NaN or infinite."
    case .stuck:
      "After 500 episodes or more of Pong, the mean of the last 100 is below −20.8, worse than"
        + " chance (−20.5)."
    case .fellBack:
      "After 500 episodes or more, the mean of the last 100 lies below its own best by more than a"
        + " fifth of the score’s scale (8.4 points of Pong)."
    case .entropyCollapse:
      "The mean entropy of the last tenth of the updates is below 0.05 nats per decision (chance"
        + " between two actions: 0.69) while the mean return is below the middle of the scale."
    case .divergenceSpike:
      "An update moved the policy by a mean KL of more than 0.1 nats per decision."
    case .rejectedSteps:
      "More than a fifth of the updates with a line search took no step at all."
    case .deadUnits:
      "In the last tenth of the updates, more than half of the hidden units fired on no decision."
    case .timeLimit:
      "In the last tenth of the updates, a time limit ended more than a tenth of the episodes, and"
        + " without a value baseline that counts as the game’s own end."
    case .twoGroups:
      "With 5 seeds or more, the scores fall into two groups of at least 2 seeds, the gap between"
        + " them more than two thirds of the distance from worst to best and a tenth of the scale."
    }
  }

  /// The figures that show it, the most telling first.
  var figures: [String] {
    switch self {
    case .notANumber: ["figure-health-gradient", "figure-curves-episodes"]
    case .stuck, .fellBack: ["figure-curves-episodes"]
    case .entropyCollapse: ["figure-health-entropy"]
    case .divergenceSpike: ["figure-health-kl"]
    case .rejectedSteps:
      ["figure-health-step-fraction", "figure-health-backtracks", "figure-health-kl"]
    case .deadUnits: ["figure-health-dead-units"]
    case .timeLimit: ["figure-health-truncated"]
    case .twoGroups: ["figure-scores"]
    }
  }

  /// A number that fired a rule.
  struct Reading {
    let seed: Int
    let value: Double
    /// Training episodes behind it, where the rule is about a moment.
    var episode: Int?
  }

  /// What fires the rule in one trial, or nil.
  func reading(_ trial: TrialSummary, in run: RunSummary) -> Reading? {
    let seed = trial.planned.seed
    let updates = trial.updates
    let isMature = trial.episodeCount >= Self.patience
    func reading(_ value: Double?, where fires: (Double) -> Bool) -> Reading? {
      value.flatMap { fires($0) ? Reading(seed: seed, value: $0) : nil }
    }
    switch self {
    case .notANumber:
      return reading(Double(trial.brokenEpisodes + updates.brokenUpdates)) { $0 > 0 }
    case .stuck:
      guard run.isPong, isMature else { return nil }
      return reading(trial.finalMean) { $0 < Self.bottom }
    case .fellBack:
      guard isMature, let scale = run.returnScale, let final = trial.finalMean,
        let best = trial.bestMean
      else { return nil }
      let size = scale.upperBound - scale.lowerBound
      guard best.value - final > Self.setback * size else { return nil }
      return Reading(seed: seed, value: best.value - final, episode: best.episode)
    case .entropyCollapse:
      let middle = run.returnScale.map { ($0.lowerBound + $0.upperBound) / 2 }
      guard let final = trial.finalMean, let middle, final < middle else { return nil }
      return reading(Self.lastTenth(updates, .entropy)) { $0 < Self.collapsedEntropy }
    case .divergenceSpike:
      return updates.largestKL.flatMap {
        $0.value > Self.largeDivergence
          ? Reading(seed: seed, value: $0.value, episode: $0.episode) : nil
      }
    case .rejectedSteps:
      return reading(updates.rejectedShare) { $0 > Self.rejectedShare }
    case .deadUnits:
      return reading(Self.lastTenth(updates, .deadUnits)) { $0 > Self.deadShare }
    case .timeLimit:
      let configuration = run.plan.configuration(of: trial.planned)
      // A search over parameters ranks whole episodes, to which the limit belongs.
      guard configuration[path: "returns.baseline"] != "value",
        configuration[path: "algorithm.kind"] != "cem"
      else { return nil }
      return reading(Self.lastTenth(updates, .truncated)) { $0 > Self.truncatedShare }
    case .twoGroups: return nil
    }
  }

  private static func lastTenth(_ updates: UpdateTrace, _ measure: UpdateTrace.Measure) -> Double? {
    guard let values = updates.points(measure)?.mean else { return nil }
    return mean(values.suffix(max(1, values.count / 10)).filter(\.isFinite))
  }
}

extension HealthRule {
  /// What the numbers of one variant that fired it come to.
  func words(_ readings: [Reading]) -> String {
    func span(_ values: [Double], _ text: (Double) -> String) -> String {
      let (low, high) = (text(values.min() ?? 0), text(values.max() ?? 0))
      return low == high ? low : "\(low) to \(high)"
    }
    func span(_ text: (Double) -> String) -> String { span(readings.map(\.value), text) }
    let episodes = span(readings.compactMap(\.episode).map(Double.init)) {
      Numbers.whole(Int($0))
    }
    switch self {
    case .notANumber:
      return "\(span { Numbers.whole(Int($0)) }) rows with a value that is not a finite number."
    case .stuck:
      return "the mean return of the last 100 episodes is \(span { Wording.score($0) }), worse than"
        + " chance (−20.5)."
    case .fellBack:
      return
        "the mean return ends \(span { Wording.score($0) }) points below its best, which it had"
        + " after \(episodes) episodes."
    case .entropyCollapse:
      return
        "the entropy fell to \(span { Numbers.text($0) }) nats per decision (chance: 0.69) before"
        + " the policy was any good: it has stopped exploring."
    case .divergenceSpike:
      return
        "the largest update moved the policy by a mean KL of \(span { Numbers.text($0) }) nats per"
        + " decision, after \(episodes) episodes."
    case .rejectedSteps:
      return "\(span { Numbers.percent($0) }) of the line searches found no acceptable step."
    case .deadUnits:
      return
        "at the end \(span { Numbers.percent($0) }) of the hidden units did not fire once in an"
        + " update."
    case .timeLimit:
      return
        "at the end a time limit ended \(span { Numbers.percent($0) }) of the episodes, and without"
        + " a value baseline what would have come after it counts as nothing."
    case .twoGroups: return ""
    }
  }
}

/// The seeds of one variant, where their scores fall in two groups.
struct SeedGroups: Equatable {
  /// Rising.
  let low: [Double]
  let high: [Double]

  /// - Parameter scale: length of the score's scale; nil where it is not known.
  /// - Returns: nil where one cannot speak of two groups.
  init?(_ scores: [Double], scale: Double?) {
    let sorted = scores.filter(\.isFinite).sorted()
    guard sorted.count >= HealthRule.leastSeeds else { return nil }
    // A group has two seeds at least: a single seed apart is an outlier.
    let gaps = (2...sorted.count - 2).map { (place: $0, size: sorted[$0] - sorted[$0 - 1]) }
    guard let widest = gaps.max(by: { $0.size < $1.size }) else { return nil }
    let range = sorted[sorted.count - 1] - sorted[0]
    guard widest.size > HealthRule.gapShare * range,
      widest.size > HealthRule.gapOfScale * (scale ?? 0)
    else { return nil }
    low = Array(sorted[..<widest.place])
    high = Array(sorted[widest.place...])
  }
  var words: String {
    func span(_ scores: [Double]) -> String {
      "\(Wording.score(scores.first)) to \(Wording.score(scores.last))"
    }
    let gap = (high.first ?? 0) - (low.last ?? 0)
    return "\(Numbers.count(low.count, "seed")) at \(span(low)) and \(Numbers.whole(high.count)) at"
      + " \(span(high)) with nothing between, a gap of \(Wording.score(gap)). The mean describes"
      + " neither group."
  }
}
