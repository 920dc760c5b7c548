// SPDX-License-Identifier: MIT

import Diagnostics
import Plotting
import Search

/// What the report says of a search, and of how far its winner can be trusted.
extension Wording {
  static func searchLead(_ search: SearchDigest) -> String {
    let method =
      switch search.kind {
      case "halving":
        "Successive halving: all variants train a little, and after each rung only the best train on."
      case "tpe":
        "Proposals by a Parzen estimator: after some random draws, variants are proposed where good"
          + " ones are dense."
      default:
        "A race over seeds: a variant that loses against the leader by the paired test gets no more"
          + " seeds."
      }
    guard let record = search.record else {
      return method + " What it decided is not stored here: `rallybook run` works it out again."
    }
    let rounds = count(record.rounds.count, "round")
    return record.state == .searching
      ? "\(method) \(rounds) of at most \(count(record.roundsAtMost)) are decided; what follows may"
        + " change."
      : "\(method) It took \(rounds)."
  }

  /// What fresh seeds say of the winner; says so where there are none.
  static func confirmation(_ search: SearchDigest) -> String {
    guard let record = search.record, let winner = record.winner else {
      return search.record?.problem.map { capitalized($0) + "." } ?? "There is no winner yet."
    }
    let name = quoted(winner.label)
    let seeds = "\(winner.scored) of \(count(winner.asked, "seed"))"
    let own = "The winner is \(name), with \(score(winner.mean)) in the search (\(seeds))."
    guard let confirmation = record.confirmation else {
      return record.state == .confirming
        ? "\(own) Its fresh seeds are not all finished, so it is not confirmed yet."
        : "\(own) It is not confirmed on fresh seeds: the best of many scores flatters."
    }
    return own + " " + fresh(confirmation)
  }

  /// `On 10 fresh seeds (2 to 11), never used in the search, it scores 470.1 (…).`
  private static func fresh(_ confirmation: SearchRecord.Confirmation) -> String {
    let seeds = confirmation.seeds
    let span = seeds.count > 1 ? "\(seeds.first ?? 0) to \(seeds.last ?? 0)" : "\(seeds.first ?? 0)"
    var text =
      "On \(count(seeds.count, "fresh seed")) (\(span)), never used in the search, it scores"
    let precision = confirmation.precision
    text += " \(score(confirmation.mean, precision))"
    var brackets: [String] = []
    if let lower = confirmation.lower, let upper = confirmation.upper {
      brackets.append("95\u{A0}% interval \(precision.interval(lower, upper))")
    }
    if confirmation.scored < seeds.count {
      brackets.append("\(confirmation.scored) of \(count(seeds.count, "seed")) have a score")
    }
    text += brackets.isEmpty ? "." : " (\(brackets.joined(separator: "; ")))."
    guard let reference = confirmation.reference else { return text }
    guard reference.variant != nil else {
      return text + " It is the reference itself, so there is nothing to compare."
    }
    // Means of all scored seeds and a difference of the common ones do not fit together unnamed.
    let isWhole =
      reference.pairs == confirmation.scored && reference.pairs == reference.scored
    text += " The reference scores \(score(reference.mean, precision)) there"
    text +=
      isWhole
      ? ": a difference of"
      : " (\(reference.scored) of \(count(seeds.count, "seed")) have a score)."
        + " Over the \(count(reference.pairs, "seed")) that both have, the difference is"
    text += " \(score(reference.difference, precision))"
    var test: [String] = []
    if let lower = reference.lower, let upper = reference.upper {
      test.append("95\u{A0}% interval \(precision.interval(lower, upper))")
    }
    if let p = reference.pValue { test.append("sign-flip \(Numbers.pValue(p))") }
    test.append("n = \(reference.pairs)")
    text += " (\(test.joined(separator: ", ")))."
    if reference.pairs < 6 { text += " Fewer than 6 pairs decide nothing." }
    return text
  }

  static func searchNote(_ search: SearchDigest) -> String {
    switch search.kind {
    case "halving":
      "Curves show each variant as far as it trained; scores and comparisons are of those that trained"
        + " longest."
    case "tpe":
      "Scores of proposed variants are not a random sample: the search gathers where it found good"
        + " ones."
    default:
      "p is multiplied by the looks and by the pairs of variants, so that over the whole race the"
        + " chance of dropping one that is as good as the leader is at most alpha. The mean of a"
        + " dropped variant is over fewer seeds, and biased low by the selection."
    }
  }

  /// The first screen's sentence on where the best comes from.
  static func searched(_ search: SearchDigest) -> String {
    guard let record = search.record, record.winner != nil else {
      return "A search is choosing among the variants; what it picks is picked by these scores."
    }
    let start = "A search picked it by these scores, which flatters it"
    guard let confirmation = record.confirmation else {
      return record.state == .confirming
        ? "\(start); its fresh seeds are not all finished."
        : "\(start); it is not confirmed on fresh seeds."
    }
    let precision = confirmation.precision
    let interval = confirmation.lower.flatMap { lower in
      confirmation.upper.map { " (95\u{A0}% interval \(precision.interval(lower, $0)))" }
    }
    return "\(start); on \(count(confirmation.seeds.count, "fresh seed")) it scores"
      + " \(score(confirmation.mean, precision))\(interval ?? "")."
  }
}
