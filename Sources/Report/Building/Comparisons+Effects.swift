// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import Statistics

extension Comparisons {
  /// Rows of a group that are drawn; the table has them all.
  private static let drawnRows = 16

  /// The effects of a factorial sweep; nil where no seed is finished in every cell.
  func effects(_ design: FactorialDesign) -> FactorialEffects? {
    FactorialEffects(
      design, scores: digest.variants.map { scores($0) }, key: seeds)
  }

  func draw(
    _ found: FactorialEffects, _ press: inout FigurePress
  ) throws(ReportError) -> FigureView {
    var table = CSVTable([
      "effect", "against", "estimate", "lower", "upper", "p", "adjustedP", "beyondChance", "seeds",
      "combinations",
    ])
    for effect in found.effects {
      table.addRow([
        name(effect, found.design), against(effect, found.design),
        CSVTable.text(effect.estimate), CSVTable.text(effect.interval?.lower),
        CSVTable.text(effect.interval?.upper), CSVTable.text(effect.test?.pValue),
        CSVTable.text(effect.adjustedP), "\(effect.isClear)", "\(found.coverage.used)",
        "\(effect.combinations)",
      ])
    }
    let groups = [("Main effects", found.mainEffects), ("Interactions", found.interactions)]
    var hidden = 0
    let drawn = groups.map { title, effects in
      let kept = Set(
        effects.indices.sorted { abs(effects[$0].estimate) > abs(effects[$1].estimate) }
          .prefix(Self.drawnRows))
      hidden += effects.count - kept.count
      return IntervalRows.Group(
        title: title,
        rows: effects.indices.filter(kept.contains).map { index in
          IntervalRows.Row(
            label: title == "Main effects"
              ? "\(name(effects[index], found.design)) against \(against(effects[index], found.design))"
              : name(effects[index], found.design),
            estimate: effects[index].estimate, low: effects[index].interval?.lower,
            high: effects[index].interval?.upper, isClear: effects[index].isClear)
        })
    }
    return try press.figure(
      "effects", caption: Wording.effectsCaption(found, hidden: hidden, goal: digest.goal),
      table: table
    ) {
      IntervalRows(
        text: FigureText(title: "Main effects and interactions"), groups: drawn,
        xLabel: Wording.effectsAxis
      )
    }
  }

  /// Such as `normalize episode × hidden 50`.
  private func name(_ effect: FactorialEffect, _ design: FactorialDesign) -> String {
    effect.terms.map { level($0.factor, $0.level, design) }.joined(separator: " × ")
  }

  /// What a main effect is held against; for interactions the levels that are neither.
  private func against(_ effect: FactorialEffect, _ design: FactorialDesign) -> String {
    effect.terms.map { design.factors[$0.factor].levels[0] }.joined(separator: " × ")
  }

  private func level(_ factor: Int, _ level: Int, _ design: FactorialDesign) -> String {
    let name = design.factors[factor].name
    let value = design.factors[factor].levels[level]
    return name.isEmpty ? value : "\(name) \(value)"
  }
}
