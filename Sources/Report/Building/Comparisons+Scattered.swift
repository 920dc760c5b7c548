// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import Statistics

extension Comparisons {
  /// Importance and parallel coordinates of a sweep whose points lie scattered.
  func scattered(
    _ parameters: [SweptParameter], _ press: inout FigurePress
  ) throws(ReportError) -> [FigureView] {
    let means = digest.variants.map { $0.mean ?? .nan }
    var figures: [FigureView] = []
    let found = parameters.map { parameter in
      ParameterImportance(
        parameter.draws, scores: means, key: key("importance/\(parameter.path)"))
    }
    if found.contains(where: { $0 != nil }) {
      figures.append(try importance(parameters, found, means, &press))
    }
    figures.append(try coordinates(parameters, means, &press))
    return figures
  }

  private func importance(
    _ parameters: [SweptParameter], _ found: [ParameterImportance?], _ means: [Double],
    _ press: inout FigurePress
  ) throws(ReportError) -> FigureView {
    var table = CSVTable([
      "parameter", "share", "chance", "p", "adjustedP", "beyondChance", "bins", "draws", "exact",
    ])
    let adjusted = holmAdjusted(found.map { $0?.pValue ?? 1 })
    var rows: [ImportanceBars.Row] = []
    for (index, parameter) in parameters.enumerated() {
      guard let importance = found[index] else {
        table.addRow([parameter.path] + Array(repeating: "", count: 8))
        continue
      }
      let isClear = ParameterImportance.isBeyondChance(adjustedP: adjusted[index])
      table.addRow([
        parameter.path, CSVTable.text(importance.share), CSVTable.text(importance.chance),
        CSVTable.text(importance.pValue), CSVTable.text(adjusted[index]), "\(isClear)",
        "\(importance.bins)", "\(importance.draws)", "\(importance.isExact)",
      ])
      rows.append(
        ImportanceBars.Row(
          label: parameter.path, share: importance.share, chance: importance.chance,
          note: Numbers.pValue(adjusted[index]), isClear: isClear))
    }
    let draws = found.compactMap { $0?.draws }.max() ?? 0
    return try press.figure(
      "importance", caption: Wording.importanceCaption(draws: draws, of: means.count),
      table: table
    ) {
      ImportanceBars(text: FigureText(title: "Importance of the parameters"), rows: rows)
    }
  }

  private func coordinates(
    _ parameters: [SweptParameter], _ means: [Double], _ press: inout FigurePress
  ) throws(ReportError) -> FigureView {
    var table = CSVTable(["variant"] + parameters.map(\.path) + ["score"])
    for (index, variant) in digest.variants.enumerated() {
      table.addRow(
        [variant.label] + parameters.map { $0.texts[index] } + [CSVTable.text(means[index])])
    }
    return try press.figure(
      "parallel", caption: Wording.parallelCaption, table: table
    ) {
      ParallelCoordinates(
        text: FigureText(title: "Parallel coordinates"), axes: parameters.map(\.axis),
        scoreLabel: scoreLabel, scores: means, lowestIsBest: digest.goal == .minimize
      )
    }
  }
}
