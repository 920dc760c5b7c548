// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Plotting
import RunStore
import Statistics

/// What in a training is worth a sentence: each rule has a name, thresholds and a test that fires it.
/// `docs/explain/report.md` lists them.
package struct HealthRule: Sendable {
  package let name: String
  /// The rule for the page and the docs, with its thresholds.
  package let meaning: String
  /// Names of the figures that show it, the most telling first.
  let figures: [String]
  /// What it says of a variant; nil where it does not fire.
  let sentence: @Sendable (VariantSummary, RunSummary) -> String?

  /// A number of one trial that fired a rule.
  struct Reading {
    let seed: Int
    let value: Double
    /// Training episodes behind it, where the rule is about a moment.
    let episode: Int?
  }

  /// A rule about single trials.
  ///
  /// - Parameters:
  ///   - value: what it looks at, with its episode; nil where it does not apply.
  ///   - fires: whether that is worth a sentence.
  ///   - words: what the numbers that fired it come to.
  private init(
    _ name: String, _ figures: [String], _ meaning: String,
    of value: @escaping @Sendable (TrialSummary, RunSummary) -> (value: Double?, episode: Int?)?,
    fires: @escaping @Sendable (Double) -> Bool,
    words: @escaping @Sendable ([Reading]) -> String
  ) {
    self.init(name, figures, meaning) { variant, run in
      let readings = variant.trials.compactMap { trial -> Reading? in
        guard let found = value(trial, run), let number = found.value, fires(number) else {
          return nil
        }
        return Reading(seed: trial.planned.seed, value: number, episode: found.episode)
      }
      guard !readings.isEmpty else { return nil }
      let begun = variant.trials.count { $0.episodeCount > 0 }
      let seeds =
        readings.count == begun && begun > 1
        ? "all \(begun) seeds"
        : (readings.count == 1 ? "seed " : "seeds ") + Wording.list(readings.map { "\($0.seed)" })
      return "\(Wording.quoted(variant.label)), \(seeds): \(words(readings))"
    }
  }

  private init(
    _ name: String, _ figures: [String], _ meaning: String,
    _ sentence: @escaping @Sendable (VariantSummary, RunSummary) -> String?
  ) {
    self.name = name
    self.figures = figures
    self.meaning = meaning
    self.sentence = sentence
  }

  /// All rules; what a rule's test compares with stands in words right above it.
  package static let all = [
    HealthRule(
      "Not a number", ["health-gradient", "curves-episodes"],
      "A return, gradient norm, KL or entropy of a trial is NaN or infinite.",
      of: { trial, _ in (Double(trial.brokenEpisodes + trial.updates.brokenUpdates), nil) },
      fires: { $0 > 0 },
      words: {
        "rows with a value that is not a finite number: \(span($0) { Numbers.whole(Int($0)) })."
      }),
    HealthRule(
      "Stuck at the bottom", ["curves-episodes"],
      "After 500 episodes or more of Pong, the mean of the last 100 is below −20.8, worse than"
        + " chance (−20.5).",
      of: { trial, run in
        run.playsComputer && trial.episodeCount >= 500 ? (trial.finalMean, nil) : nil
      },
      fires: { $0 < -20.8 },
      words: {
        "the mean return of the last 100 episodes is \(span($0) { Wording.score($0) }), worse than"
          + " chance (−20.5)."
      }),
    HealthRule(
      "Fell back", ["curves-episodes"],
      "After 500 episodes or more, the mean of the last 100 lies below its own best by more than a"
        + " fifth of the score’s scale (8.4 points of Pong).",
      of: { trial, run in
        guard trial.episodeCount >= 500, let scale = run.returnScale,
          let final = trial.finalMean, let best = trial.bestMean,
          best.value - final > 0.2 * (scale.upperBound - scale.lowerBound)
        else { return nil }
        return (best.value - final, best.episode)
      },
      fires: { _ in true },
      words: {
        "the mean return ends \(span($0) { Wording.score($0) }) points below its best, which it had"
          + " after \(episodes($0)) episodes."
      }),
    HealthRule(
      "Entropy collapse", ["health-entropy"],
      "The mean entropy of the last tenth of the updates is below 0.05 nats per decision (a"
        + " coin has 0.69) while the mean return is below the middle of the scale. Not where an action"
        + " is numbers: a narrow Gaussian has less, and may be as wide as the task needs.",
      of: { trial, run in
        guard trial.provenance?.settings[Provenance.actions] == nil, let scale = run.returnScale,
          let final = trial.finalMean,
          final < (scale.lowerBound + scale.upperBound) / 2
        else { return nil }
        return (lastTenth(trial, "entropy"), nil)
      },
      fires: { $0 < 0.05 },
      words: {
        "the entropy fell to \(span($0) { Numbers.text($0) }) nats per decision (a coin has 0.69) before"
          + " the policy was any good: it has stopped exploring."
      }),
    HealthRule(
      "KL spike", ["health-kl"],
      "An update moved the policy by a mean KL of more than 0.1 nats per decision.",
      of: { trial, _ in trial.updates.largestKL.map { ($0.value, $0.episode) } },
      fires: { $0 > 0.1 },
      words: {
        "the largest update moved the policy by a mean KL of \(span($0) { Numbers.text($0) }) nats per"
          + " decision, after \(episodes($0)) episodes."
      }),
    HealthRule(
      "Rejected steps", ["health-step-fraction", "health-backtracks", "health-kl"],
      "More than a fifth of the updates with a line search took no step at all.",
      of: { trial, _ in (trial.updates.rejectedShare, nil) },
      fires: { $0 > 0.2 },
      words: {
        "\(span($0) { Numbers.percent($0) }) of the line searches found no acceptable step."
      }),
    HealthRule(
      "Dead units", ["health-dead-units"],
      "In the last tenth of the updates, more than half of the hidden units fired on no decision.",
      of: { trial, _ in (lastTenth(trial, "deadUnits"), nil) },
      fires: { $0 > 0.5 },
      words: {
        "at the end \(span($0) { Numbers.percent($0) }) of the hidden units did not fire once in an"
          + " update."
      }),
    HealthRule(
      "Time limit", ["health-truncated"],
      "In the last tenth of the updates, a time limit ended more than a tenth of the episodes, and"
        + " without a value baseline that counts as the game’s own end.",
      of: { trial, run in
        let configuration = run.plan.configuration(of: trial.planned)
        // A search over parameters ranks whole episodes, to which the limit belongs.
        guard configuration[path: "returns.baseline"] != "value",
          configuration[path: "algorithm.kind"] != "cem"
        else { return nil }
        return (lastTenth(trial, "truncated"), nil)
      },
      fires: { $0 > 0.1 },
      words: {
        "at the end a time limit ended \(span($0) { Numbers.percent($0) }) of the episodes, and"
          + " without a value baseline what would have come after it counts as nothing."
      }),
    HealthRule(
      "Does not repeat", ["curves-episodes"],
      "When it was trained, the environment gave another game for the same seed.",
      of: { trial, _ in (trial.provenance?.settings[Provenance.repeatsItself] == "no" ? 1 : 0, nil)
      },
      fires: { $0 > 0 },
      words: { _ in
        "the environment gives another game for the same seed, so no training can confirm these"
          + " numbers, or refute them."
      }),
    HealthRule(
      "Two groups of seeds", ["scores"],
      "With 5 seeds or more, the scores fall into two groups of at least 2 seeds, the gap between"
        + " them more than two thirds of the distance from worst to best and a tenth of the scale."
    ) { variant, run in
      let scale = run.scale.map { $0.upperBound - $0.lowerBound }
      return SeedGroups(variant.scores.scores, scale: scale).map {
        "\(Wording.quoted(variant.label)): \($0.words)"
      }
    },
  ]

  private static func lastTenth(_ trial: TrialSummary, _ column: String) -> Double? {
    guard let values = trial.updates.points(column)?.mean else { return nil }
    return mean(values.suffix(max(1, values.count / 10)).filter(\.isFinite))
  }

  /// From the least to the greatest value.
  private static func span(_ readings: [Reading], _ text: (Double) -> String) -> String {
    let values = readings.map(\.value)
    let (low, high) = (text(values.min() ?? 0), text(values.max() ?? 0))
    return low == high ? low : "\(low) to \(high)"
  }

  private static func episodes(_ readings: [Reading]) -> String {
    span(readings.map { Reading(seed: $0.seed, value: Double($0.episode ?? 0), episode: nil) }) {
      Numbers.whole(Int($0))
    }
  }
}

/// The seeds of one variant, where their scores fall in two groups.
private struct SeedGroups {
  /// The gap between the groups, as a share of the distance from the worst to the best.
  private static let gapShare = 2.0 / 3
  /// The same gap, as a share of the score's scale.
  private static let gapOfScale = 0.1
  /// Seeds below which a gap says nothing.
  private static let leastSeeds = 5

  /// Rising.
  private let low: [Double]
  private let high: [Double]

  /// - Parameter scale: length of the score's scale; nil where it is not known.
  /// - Returns: nil where one cannot speak of two groups.
  init?(_ scores: [Double], scale: Double?) {
    let sorted = scores.filter(\.isFinite).sorted()
    guard sorted.count >= Self.leastSeeds else { return nil }
    // A group has two seeds at least: a single seed apart is an outlier.
    let gaps = (2...sorted.count - 2).map { (place: $0, size: sorted[$0] - sorted[$0 - 1]) }
    guard let widest = gaps.max(by: { $0.size < $1.size }) else { return nil }
    let range = sorted[sorted.count - 1] - sorted[0]
    guard widest.size > Self.gapShare * range, widest.size > Self.gapOfScale * (scale ?? 0)
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
