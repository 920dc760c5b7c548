// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import Statistics

/// How the score goes with the values of the parameters that a sweep varies.
struct Responses {
  /// Lines that one figure holds.
  private static let mostLines = 8
  private static let fewestValues = 3

  let run: RunSummary
  let figures: FigureWriter

  /// A figure for each parameter of which some variants differ in nothing else but its number: the
  /// mean with its interval, and every seed.
  func ofFactors() throws -> [HTML] {
    let parameters = SweptParameter.all(of: run.plan)
    return try parameters.compactMap { parameter in
      // Variants that agree in all other parameters are on one line.
      let others = parameters.filter { $0.path != parameter.path }
      let groups = Dictionary(
        grouping: run.variants.filter { variant in
          parameter.sizes[variant.variant.index].isFinite && variant.hasFiniteScore
        },
        by: { variant in others.map { $0.texts[variant.variant.index] } }
      ).values.filter { group in
        Set(group.map { parameter.sizes[$0.variant.index] }).count >= Self.fewestValues
      }.sorted { $0[0].variant.index < $1[0].variant.index }
      guard (1...Self.mostLines).contains(groups.count) else { return nil }
      return try factor(parameter, groups, others: others)
    }
  }

  private func factor(
    _ parameter: SweptParameter, _ groups: [[VariantSummary]], others: [SweptParameter]
  ) throws -> HTML {
    // Variants without a number, such as a policy without hidden units, have no place here.
    let sizes = groups.joined().map { parameter.sizes[$0.variant.index] }
    let axis = ValueAxis((parameter.path, sizes, .linear, nil))
    let seeds = run.plan.seeds
    var table = CSVTable(
      ["variant", parameter.path, "mean", "lower", "upper"] + seeds.map { "seed \($0)" })
    let lines = groups.enumerated().map { place, group in
      let rising = group.sorted {
        parameter.sizes[$0.variant.index] < parameter.sizes[$1.variant.index]
      }
      for one in rising {
        table.add(
          [
            one.label, parameter.texts[one.variant.index], one.mean, one.interval?.lower,
            one.interval?.upper,
          ] + one.scores(of: seeds))
      }
      let x = rising.map { axis.place(parameter.sizes[$0.variant.index]) }
      let names = others.map { $0.texts[group[0].variant.index] }
      return Line(
        label: groups.count > 1 ? names.joined(separator: " · ") : "", x: x,
        y: rising.map { $0.finiteMean ?? .nan }, low: rising.map { $0.interval?.lower ?? .nan },
        high: rising.map { $0.interval?.upper ?? .nan },
        runs: seeds.map { seed in Line(x: x, y: rising.map { $0.scores(of: [seed])[0] }) },
        style: place)
    }
    let left = run.variants.count - groups.joined().count
    return try figures.figure(
      "response-\(parameter.path.replacing(".", with: "-"))",
      caption: "The score by \(parameter.path): mean over seeds with its 95\u{A0}% bootstrap"
        + " interval, every seed a dot beside it."
        + (left == 1
          ? " 1 variant that differs otherwise is left out."
          : left > 0 ? " \(Numbers.whole(left)) variants that differ otherwise are left out." : "")
        + zero(axis),
      table: table,
      Figure.chart(
        .response, lines: lines, xLabel: parameter.path, yLabel: run.scoreNoun, xAxis: axis,
        references: run.scoreReferences))
  }

  /// Slices of a random sweep: a figure for each parameter with a dot for each variant.
  ///
  /// - Parameter scores: by variant; NaN for none.
  func slices(_ scores: [Double]) throws -> HTML {
    let parameters = SweptParameter.all(of: run.plan).filter { Set($0.texts).count > 1 }
    return try parameters.html { parameter in
      let axis = ValueAxis(parameter.axis)
      let x = parameter.axis.values.map(axis.place)
      var table = CSVTable([parameter.path, "score"])
      for (text, score) in zip(parameter.texts, scores) { table.add([text, score]) }
      return try figures.figure(
        "slice-\(parameter.path.replacing(".", with: "-"))",
        caption: "A dot for each variant at its value of \(parameter.path).\(zero(axis))",
        width: 490, table: table, withPNG: false,
        Figure.chart(
          .response, lines: [Line(x: [], y: [], runs: [Line(x: x, y: scores)], style: 0)],
          xLabel: parameter.path, yLabel: "score", xAxis: axis))
    }
  }

  private func zero(_ axis: ValueAxis) -> String {
    axis.hasZero
      ? " 0, which has no place among powers of ten, stands at the left end." : ""
  }

  /// The scores of a search in the order in which they came, and the best so far.
  func history(_ rounds: [(name: String, means: [Double])]) throws -> HTML {
    var table = CSVTable(["round", "trial", "score", "best"])
    var count = 0
    let lines = rounds.enumerated().map { place, round in
      let x = round.means.indices.map { Double(count + $0 + 1) }
      count += round.means.count
      let best = round.means.indices.map { run.goal.best(round.means[...$0].filter(\.isFinite)) }
      for (index, mean) in round.means.enumerated() {
        table.add([round.name, Int(x[index]), mean, best[index]])
      }
      // What is best holds until something better comes.
      let corners = x.indices.flatMap { $0 == 0 ? [(0, 0)] : [($0, $0 - 1), ($0, $0)] }
      return Line(
        label: rounds.count > 1 ? round.name : "", x: corners.map { x[$0.0] },
        y: corners.map { best[$0.1] ?? .nan }, runs: [Line(x: x, y: round.means)], style: place)
    }
    return try figures.figure(
      "history",
      caption: "A dot for the score of each variant in the order tried; the line is the best so far"
        + (rounds.count > 1 ? ", from the beginning again where trials become longer." : "."),
      table: table, withPNG: false,
      Figure.chart(
        .response, lines: lines, xLabel: "variants tried", yLabel: run.scoreNoun,
        references: run.scoreReferences))
  }
}
