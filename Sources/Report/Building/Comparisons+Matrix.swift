// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import Statistics

extension Comparisons {
  /// Variants that the matrix shows.
  private static let shownInMatrix = 40
  /// Variants up to which all pairs have the full number of resamples; beyond, there are hundreds
  /// of pairs, and only those that a hypothesis is about have it, as their verdict does.
  private static let fullyResampled = 12
  private static let replicates = 5_000

  /// One variant over another.
  private struct Pair {
    let row: Int
    let column: Int
    let scores: PairedScores
    let probability: Double?
    let interval: BootstrapInterval?
    let test: SignFlipResult?

    func cell(isClear: Bool) -> ImprovementMatrix.Cell {
      ImprovementMatrix.Cell(
        probability: probability, low: interval?.lower, high: interval?.upper, isClear: isClear)
    }

    func mirrored(isClear: Bool) -> ImprovementMatrix.Cell {
      ImprovementMatrix.Cell(
        probability: probability.map { 1 - $0 }, low: interval.map { 1 - $0.upper },
        high: interval.map { 1 - $0.lower }, isClear: isClear)
    }
  }

  /// The matrix of the probability of improvement.
  func matrix(_ press: inout FigurePress) throws(ReportError) -> FigureView {
    let shown = Array(ranked.prefix(Self.shownInMatrix))
    let pairs = pairs(of: shown)
    let adjusted = holmAdjusted(pairs.map { $0.test?.pValue ?? 1 })
    let empty = ImprovementMatrix.Cell(probability: nil)
    var cells = shown.map { _ in shown.map { _ in empty } }
    var table = CSVTable([
      "variant", "over", "probability", "lower", "upper", "pairs", "p", "adjustedP",
      "beyondChance", "seedsWon", "seedsTied", "shareWon", "shareWonLower", "shareWonUpper",
    ])
    for (pair, adjustedP) in zip(pairs, adjusted) {
      let isClear =
        pair.test != nil
        && pair.interval.map { isBeyondChance($0, neutral: 0.5, adjustedP: adjustedP) } ?? false
      cells[pair.row][pair.column] = pair.cell(isClear: isClear)
      cells[pair.column][pair.row] = pair.mirrored(isClear: isClear)
      for (a, b, won) in [
        (pair.row, pair.column, pair.scores.seedsWon),
        (pair.column, pair.row, pair.scores.negated.seedsWon),
      ] {
        let cell = cells[a][b]
        table.addRow([
          shown[a].label, shown[b].label, CSVTable.text(cell.probability),
          CSVTable.text(cell.low), CSVTable.text(cell.high), "\(pair.scores.seedCount)",
          CSVTable.text(pair.test?.pValue), pair.test == nil ? "" : CSVTable.text(adjustedP),
          "\(isClear)", won.map { "\($0.won)" } ?? "", won.map { "\($0.tied)" } ?? "",
          CSVTable.text(won?.share), CSVTable.text(won?.lower), CSVTable.text(won?.upper),
        ])
      }
    }
    let isSmall = shown.count <= 12
    return try press.figure(
      "improvement",
      caption: Wording.matrixCaption(
        digest, shown: shown.count, of: ranked.count, pairs: pairs.count),
      width: isSmall ? 720 : FigurePress.wideWidth, table: table
    ) {
      ImprovementMatrix(
        text: FigureText(title: "Probability of improvement"), labels: shown.map(\.label),
        cells: cells
      )
    }
  }

  private func pairs(of shown: [VariantSummary]) -> [Pair] {
    let rows = shown.map { summary in
      digest.goal == .maximize ? scores(summary) : scores(summary).map { -$0 }
    }
    let asked = Set(
      digest.plan.hypotheses.filter { $0.pairs.count == 1 }.flatMap(\.pairs).map { Set($0) })
    return shown.indices.flatMap { row in
      shown.indices.dropFirst(row + 1).map { column in
        let scores = PairedScores(x: rows[row], y: rows[column])
        let names: Set<Int> = [shown[row].variant.index, shown[column].variant.index]
        let isFull = shown.count <= Self.fullyResampled || asked.contains(names)
        return Pair(
          row: row, column: column, scores: scores,
          probability: scores.value(of: .probabilityOfImprovement),
          interval: scores.bootstrap(
            .probabilityOfImprovement, key: seeds, replicates: isFull ? nil : Self.replicates
          )?.interval(),
          test: scores.signFlipTest(of: .probabilityOfImprovement, against: 0.5, key: seeds))
      }
    }
  }
}
