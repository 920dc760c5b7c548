// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import Statistics

/// What is said of variants held against each other, and of single games.
extension Wording {
  static let comparisonsLead =
    "How the variants differ seed by seed, not only in their means. All of this is exploration: only"
    + " a hypothesis that was in the experiment file before the run is a test."

  static let factorialLead =
    "The sweep is a full grid, so each factor’s effect can be separated from those of the others."

  static let scatteredLead =
    "The sweep’s points are scattered over its parameters, so what can be told is how much of the"
    + " score’s variance goes with each of them."

  static let notNormalized =
    "Normalized statistics (optimality gap and the like) are left out: they need a fixed"
    + " `score.range`, never one taken from the compared runs, and a score that is better when it"
    + " is greater."

  static func profilesAxis(isMaximized: Bool) -> String {
    isMaximized ? "share of seeds above the score" : "share of seeds at or below the score"
  }

  static func profilesCaption(
    _ digest: RunDigest, drawn: Int, of all: Int, isMaximized: Bool
  ) -> String {
    let better = isMaximized ? "further right and up" : "further left and up"
    return "For each score the share of seeds that do better; \(better) is better, and lines that"
      + " cross mean that neither variant is better throughout. Bands: pointwise 95\u{A0}%"
      + " bootstrap intervals, none below two seeds. The legend has the mean scores."
      + (drawn < all
        ? " Drawn: \(digest.drawn.isRanked ? "the \(count(drawn - 1)) best and the worst" : count(drawn))"
          + " of \(count(all)); the CSV has all." : "")
  }

  static func matrixCaption(
    _ digest: RunDigest, shown: Int, of all: Int, pairs: Int
  ) -> String {
    let seeds = digest.plan.seeds.count
    return "How often a seed of the row beats a seed of the column, ties counting half, in percent;"
      + " over all pairings of their seeds. Intervals (in the CSV): 95\u{A0}% bootstrap, the seeds of"
      + " either side drawn by themselves, over"
      + " \(seeds == 1 ? "the one seed, which gives none" : "up to \(count(seeds, "seed"))")."
      + " Framed where the interval leaves out 50\u{A0}% and the sign-flip p, after Holm’s correction"
      + " over \(pairs == 1 ? "the one pair" : "all \(count(pairs)) pairs"), is below 0.05."
      + " The CSV also has the share of seeds in which the row beats the column, seed by seed."
      + (shown < all ? " Shown: the \(count(shown)) best of \(count(all))." : "")
  }

  static let effectsAxis = "change of the score"

  static func effectsCaption(_ found: FactorialEffects, hidden: Int, goal: ScoreGoal) -> String {
    var text =
      "A main effect is what a level changes in the score against the factor’s first level, averaged"
      + " over the other factors; an interaction is what two levels together change beyond the sum"
      + " of what each does alone, averaged over the rest. Bars: 95\u{A0}% bootstrap intervals over"
      + " \(coverage(found.coverage)) that finished everywhere; filled where the interval leaves out 0"
      + " and the sign-flip p, after Holm’s correction over all"
      + " \(count(found.effects.count, "effect")), is below 0.05."
    if goal == .minimize { text += " Lower is better." }
    if found.coverage.used < 6 { text += " With so few seeds intervals are too narrow." }
    if hidden > 0 { text += " \(count(hidden)) smaller effects are in the CSV only." }
    return text
  }

  static func noEffects(isCensored: Bool) -> String {
    isCensored
      ? "Effects of the factors are left out: in some seed the threshold was never reached, and to"
        + " leave such seeds out would flatter their variants."
      : "Effects of the factors are left out: no seed has a score in every combination."
  }

  static func importanceCaption(draws: Int, of all: Int) -> String {
    "The share of the variance between \(count(draws)) variants’ mean scores that lies between"
      + " bins of the parameter’s value (η²)."
      + (draws < all
        ? " The other \(count(all - draws)) of \(count(all)) variants have no mean: no seed counts, or"
          + " one never reached the threshold." : "")
      + " Chance alone gives some share: beyond the dashed mark in one of twenty random deals of"
      + " the scores. p after Holm’s correction over the parameters; “beyond chance” is said where it"
      + " is below 0.05. A share says nothing about direction, and shares of parameters that work"
      + " together do not add up."
  }

  static let parallelCaption =
    "A line for each variant through its values; the lowest axis is its mean score. The best was"
    + " picked out of many: confirm it on fresh seeds."

  static func gamesLead(_ source: PlayedGames.Source) -> String {
    switch source {
    case .evaluation:
      "The games behind the scores: those that the final weights played in the evaluation, all"
        + " seeds of a variant together."
    case .training:
      "The games behind the scores: the last \(count(PlayedGames.lastEpisodes)) of each training,"
        + " all seeds of a variant together."
    }
  }

  static func returnsCaption(_ source: PlayedGames.Source, of all: Int) -> String {
    "Height: share of the variant’s games; vertical line: their mean." + drawnRows(all)
  }

  static func ralliesCaption(_ source: PlayedGames.Source, of all: Int) -> String {
    "Decisions of a game over its points, 42 − |return|: the mean length of its rallies, the pause"
      + " before the serve included. Single rallies are not stored, and a game cut off early counts"
      + " as one with more points. Height: share of the variant’s games; vertical line: their mean."
      + drawnRows(all)
  }

  private static func drawnRows(_ all: Int) -> String {
    let drawn = GameDistributions.drawnRows
    return all > drawn
      ? " Drawn: the \(count(drawn - 1)) best and the worst of \(count(all)) variants; the CSV has"
        + " all." : ""
  }
}
