// SPDX-License-Identifier: MIT

extension SearchRecord {
  /// What a round decided, for people who watch.
  package func decided(_ round: Round) -> String { Wording.decided(round, kind: kind) }

  /// The winner, and what its fresh seeds say; empty while there is none.
  package var ended: [String] { Wording.ended(self) }

  /// `round 2 of 4` or `confirmation`; nil when it is over.
  package var round: String? {
    standing.map { text in String(text.prefix { $0 != ":" }) }
  }

  /// How far the search is, such as `round 2 of 4: 3 variants × 2 seeds`; nil when it is over.
  package var standing: String? { state == .over ? nil : next }
}

extension SearchRecord.Confirmation {
  /// What the fresh seeds say, in a sentence without an end.
  package var sentence: String { Wording.confirmed(self) }
}
