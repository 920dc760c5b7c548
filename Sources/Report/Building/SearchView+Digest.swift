// SPDX-License-Identifier: MIT

import Diagnostics
import Search

extension SearchView {
  /// nil for a run without a search.
  init?(_ digest: RunDigest) {
    guard let search = digest.search else { return nil }
    let isRace = search.kind == "racing"
    let rounds = search.record?.rounds ?? []
    self.init(
      heading: "Search", lead: Wording.searchLead(search),
      confirmation: Wording.confirmation(search), columns: Self.columns(isRace: isRace),
      rows: rounds.flatMap { round in
        round.entries.map { Self.row($0, in: round, isRace: isRace) }
      }, note: Wording.searchNote(search), links: [])
  }

  private static func columns(isRace: Bool) -> [ColumnView] {
    var columns = [
      ColumnView(title: "Round", explanation: "Round of the search", sort: "ascending"),
      ColumnView(title: "Variant", explanation: "Variant", isNumber: false),
      ColumnView(title: "n", explanation: "Seeds with a score, of those asked for"),
      ColumnView(title: "Mean", explanation: "Mean score over those seeds"),
    ]
    if isRace {
      columns += [
        ColumnView(title: "Behind", explanation: "Mean difference from the leader, same seeds"),
        ColumnView(
          title: "95\u{A0}% interval", explanation: "Paired bootstrap interval of the difference"),
        ColumnView(title: "p", explanation: "Sign-flip test, over all looks and pairs"),
      ]
    }
    return columns + [
      ColumnView(title: "Decision", explanation: "What was decided", isNumber: false),
      ColumnView(title: "Why", explanation: "Why it was decided", isNumber: false),
    ]
  }

  private static func row(
    _ entry: SearchRecord.Entry, in round: SearchRecord.Round, isRace: Bool
  ) -> Row {
    var cells = [
      CellView(
        text: entry.scored == entry.asked ? "\(entry.asked)" : "\(entry.scored) of \(entry.asked)",
        value: "\(entry.scored)", isWeak: entry.scored == 0),
      CellView.score(entry.mean),
    ]
    if isRace {
      let interval = entry.lower.flatMap { lower in
        entry.upper.map { Numbers.interval(lower, $0) }
      }
      cells += [
        .score(entry.difference),
        CellView(
          text: interval ?? Numbers.nothing, value: CSVTable.exact(entry.lower),
          isWeak: interval == nil),
        CellView(
          text: entry.adjustedP.map { Numbers.probability($0) } ?? "–",
          value: CSVTable.exact(entry.adjustedP), isWeak: entry.adjustedP == nil),
      ]
    }
    return Row(
      round: round.number, variant: entry.label, order: entry.variant, cells: cells,
      decision: entry.isKept ? "kept" : "dropped",
      decisionClass: entry.isKept ? "finished" : "stopped", reason: entry.reason)
  }

  /// The same in full, for other programs.
  static func table(_ search: SearchDigest) -> CSVTable {
    var table = CSVTable([
      "round", "variant", "scored", "asked", "mean", "kept", "reason", "difference", "lower",
      "upper", "pairs", "p", "adjustedP",
    ])
    for round in search.record?.rounds ?? [] {
      for entry in round.entries {
        table.addRow([
          "\(round.number)", entry.label, "\(entry.scored)", "\(entry.asked)",
          CSVTable.exact(entry.mean), entry.isKept ? "yes" : "no", entry.reason,
          CSVTable.exact(entry.difference), CSVTable.exact(entry.lower),
          CSVTable.exact(entry.upper), entry.pairs.map { "\($0)" } ?? "",
          CSVTable.exact(entry.pValue), CSVTable.exact(entry.adjustedP),
        ])
      }
    }
    return table
  }
}
