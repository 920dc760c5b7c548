// SPDX-License-Identifier: MIT

/// What is said of games played in two places.
extension Wording {
  static func transfersHeading(_ place: String) -> String { "The same games in \(place)" }

  static func transfersLead(_ transfer: TransferDigest) -> String {
    let games = transfer.rows.reduce(0) { $0 + $1.here.count }
    let equal = transfer.rows.reduce(0) { $0 + $1.equal }
    let verdict =
      equal == games
      ? "All \(count(games)) games have the same score and the same length in both."
      : "\(count(equal)) of \(count(games)) games have the same score and the same length in both."
    return "The final weights, trained in the embedded game, played their evaluation games once"
      + " more in \(transfer.place), with the same draws of skipped frames, sticky actions and"
      + " choices. " + verdict
  }

  static let transfersNote =
    "Difference: there minus embedded, game by game. Interval: 95\u{A0}% percentile bootstrap of its"
    + " mean over the games; it describes these weights, not other seeds."

  static let transfersTitle = "Returns in both places, game by game"
  static let transfersCaption =
    "A disc for each pair of returns, its area the number of games. On the line the two are equal."
  static let returnHere = "return in the embedded game"
  static func returnThere(_ place: String) -> String { "return in \(place)" }
}
