// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import Statistics

extension Comparisons {
  /// Variants that the matrix shows.
  private static let shownInMatrix = 40
  /// Drawn resamples a pair where not all are enumerated; a matrix has hundreds of pairs.
  private static let replicates = 5_000

  /// The matrix of the probability of improvement.
  func matrix(_ press: inout FigurePress) throws(ReportError) -> FigureView {
    let shown = Array(ranked.prefix(Self.shownInMatrix))
    let rows = shown.map { summary in
      digest.goal == .maximize ? scores(summary) : scores(summary).map { -$0 }
    }
    let empty = ImprovementMatrix.Cell(probability: nil)
    var cells = shown.map { _ in shown.map { _ in empty } }
    var table = CSVTable(["variant", "over", "probability", "lower", "upper", "pairs"])
    for row in shown.indices {
      for column in shown.indices where column > row {
        let pair = PairedScores(x: rows[row], y: rows[column])
        let key = key("matrix/\(shown[row].variant.index) over \(shown[column].variant.index)")
        let value = pair.value(of: .probabilityOfImprovement)
        let interval = pair.bootstrap(
          .probabilityOfImprovement, key: key, replicates: Self.replicates
        )?.interval()
        cells[row][column] = ImprovementMatrix.Cell(
          probability: value, low: interval?.lower, high: interval?.upper)
        cells[column][row] = ImprovementMatrix.Cell(
          probability: value.map { 1 - $0 }, low: interval.map { 1 - $0.upper },
          high: interval.map { 1 - $0.lower })
        for (a, b) in [(row, column), (column, row)] {
          let cell = cells[a][b]
          table.addRow([
            shown[a].label, shown[b].label, CSVTable.text(cell.probability),
            CSVTable.text(cell.low), CSVTable.text(cell.high), "\(pair.seedCount)",
          ])
        }
      }
    }
    let isSmall = shown.count <= 12
    return try press.figure(
      "improvement",
      caption: Wording.matrixCaption(digest, shown: shown.count, of: ranked.count),
      width: isSmall ? 720 : FigurePress.wideWidth, table: table
    ) { theme, width in
      ImprovementMatrix(
        text: FigureText(title: "Probability of improvement"), labels: shown.map(\.label),
        cells: cells
      ).scene(theme: theme, width: width)
    }
  }
}
