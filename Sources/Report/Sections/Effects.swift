// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import Statistics

/// What the shape of a sweep allows to say about its parameters.
extension Comparisons {
  /// Rows of a group that are drawn; the table has them all.
  private static let drawnRows = 16

  /// The effects of a factorial sweep.
  func effects(_ found: FactorialEffects) throws -> HTML {
    let factors = found.design.factors
    /// Such as `normalize episode × hidden 50`.
    func name(_ effect: FactorialEffect) -> String {
      effect.terms.map { term in
        let factor = factors[term.factor]
        return (factor.name.isEmpty ? "" : factor.name + " ") + factor.levels[term.level]
      }.joined(separator: " × ")
    }
    /// What a main effect is held against; for interactions the levels that are neither.
    func against(_ effect: FactorialEffect) -> String {
      effect.terms.map { factors[$0.factor].levels[0] }.joined(separator: " × ")
    }
    var table = CSVTable([
      "effect", "against", "estimate", "lower", "upper", "p", "adjustedP", "beyondChance", "seeds",
      "combinations",
    ])
    for effect in found.effects {
      table.add([
        name(effect), against(effect), effect.estimate, effect.interval?.lower,
        effect.interval?.upper, effect.test?.pValue, effect.adjustedP, effect.isClear,
        found.coverage.used, effect.combinations,
      ])
    }
    var hidden = 0
    func group(
      _ title: String, _ effects: [FactorialEffect], _ label: (FactorialEffect) -> String
    ) -> (title: String, rows: [(label: String, estimate: Estimate)]) {
      let kept = Set(
        effects.indices.sorted { abs(effects[$0].estimate) > abs(effects[$1].estimate) }
          .prefix(Self.drawnRows))
      hidden += effects.count - kept.count
      return (
        title,
        effects.indices.filter(kept.contains).map { index in
          let effect = effects[index]
          return (
            label(effect), Estimate(effect.estimate, effect.interval, isClear: effect.isClear)
          )
        }
      )
    }
    let groups = [
      group("Main effects", found.mainEffects) { "\(name($0)) against \(against($0))" },
      group("Interactions", found.interactions, name),
    ]
    var caption =
      "A main effect is what a level changes in the score against the factor’s first level, averaged"
      + " over the other factors; an interaction is what two levels together change beyond the sum"
      + " of what each does alone, averaged over the rest. Bars: 95\u{A0}% bootstrap intervals over"
      + " \(Wording.coverage(found.coverage)) that finished everywhere; filled where the interval"
      + " leaves out 0 and the sign-flip p, after Holm’s correction over all"
      + " \(Numbers.count(found.effects.count, "effect")), is below 0.05."
    if run.goal == .minimize { caption += " Lower is better." }
    if found.coverage.used < 6 { caption += " With so few seeds intervals are too narrow." }
    if hidden > 0 { caption += " \(Numbers.whole(hidden)) smaller effects are in the CSV only." }
    return try figures.figure(
      "effects", caption: caption, table: table,
      Figure.effects(
        title: "Main effects and interactions", groups: groups,
        xLabel: "change of the score"))
  }

  /// Importance and parallel coordinates of a sweep whose points lie scattered.
  func scattered(_ parameters: [SweptParameter]) throws -> [HTML] {
    let means = run.variants.map { $0.mean ?? .nan }
    let found = parameters.map { parameter in
      ParameterImportance(
        parameter.draws, scores: means, key: key("importance/\(parameter.path)"))
    }
    let isKnown = found.contains { $0 != nil }
    // A search shows them by the scores that it went by.
    let slices =
      run.search == nil ? [try Responses(run: run, figures: figures).slices(means)] : []
    return (isKnown ? [try importance(parameters, found)] : [])
      + slices.map { "<div class=\"figures\">\n\($0)</div>\n" }
      + [try coordinates(parameters, means)]
  }

  private func importance(
    _ parameters: [SweptParameter], _ found: [ParameterImportance?]
  ) throws -> HTML {
    var table = CSVTable([
      "parameter", "share", "chance", "p", "adjustedP", "beyondChance", "bins", "draws", "exact",
    ])
    let adjusted = holmAdjusted(found.map { $0?.pValue ?? 1 })
    var rows: [Figure.ImportanceRow] = []
    for (index, parameter) in parameters.enumerated() {
      guard let importance = found[index] else {
        table.add([parameter.path] + Array(repeating: nil, count: 8))
        continue
      }
      let isClear = ParameterImportance.isBeyondChance(adjustedP: adjusted[index])
      table.add([
        parameter.path, importance.share, importance.chance, importance.pValue, adjusted[index],
        isClear, importance.bins, importance.draws, importance.isExact,
      ])
      rows.append(
        (
          parameter.path, importance.share, importance.chance, Numbers.pValue(adjusted[index]),
          isClear
        ))
    }
    let draws = found.compactMap { $0?.draws }.max() ?? 0
    let all = run.variants.count
    let others = "\(Numbers.whole(all - draws)) of \(Numbers.whole(all))"
    return try figures.figure(
      "importance",
      caption:
        "The share of the variance between \(Numbers.whole(draws)) variants’ mean scores that"
        + " lies between bins of the parameter’s value (η²)."
        + (draws < all
          ? " The other \(others) variants have no mean: no seed counts, or one never reached the"
            + " threshold." : "")
        + " Chance alone gives some share: beyond the dashed mark in one of twenty random deals of"
        + " the scores. p after Holm’s correction over the parameters; “beyond chance” is said where"
        + " it is below 0.05. A share says nothing about direction, and shares of parameters that"
        + " work together do not add up.",
      table: table,
      Figure.importance(title: "Importance of the parameters", rows: rows))
  }

  private func coordinates(
    _ parameters: [SweptParameter], _ means: [Double]
  ) throws -> HTML {
    var table = CSVTable(["variant"] + parameters.map(\.path) + ["score"])
    for (index, variant) in run.variants.enumerated() {
      table.add([variant.label] + parameters.map { $0.texts[index] } + [means[index]])
    }
    return try figures.figure(
      "parallel",
      caption: "A line for each variant through its values; the lowest axis is its mean score. The"
        + " best was picked out of many: confirm it on fresh seeds.", table: table,
      Figure.parallelCoordinates(
        title: "Parallel coordinates", axes: parameters.map(\.axis),
        scoreLabel: run.scoreNoun, scores: means, lowestIsBest: run.goal == .minimize))
  }
}
