// SPDX-License-Identifier: MIT

import Diagnostics
import Search

extension Section {
  /// What a search tried, what it dropped and why, and what fresh seeds say of the winner; nil for a
  /// run without a search.
  static func search(_ run: RunSummary, _ figures: FigureWriter) throws -> Section? {
    guard let search = run.search else { return nil }
    let rows = (search.record?.rounds ?? []).flatMap { round in
      round.entries.map { (round: round.number, entry: $0) }
    }
    let table = Table(columns: searchColumns(isRace: search.kind == "racing"), rows: rows)
    let link = try figures.link(table.csv, "search")
    let shown = table.html(
      "Rounds of the search", caption: "What each round of the search decided", isTall: true,
      style: " compact")
    return Section(
      "search", "Search",
      """
      <p class="lead">\(search.lead)</p>
      <p>\(search.confirmation)</p>
      \(try drawn(search, run, figures))\(shown)<p class="fine">\(search.note) \(HTML.links([link]))</p>

      """)
  }

  /// The course of the search, and its scores by each parameter; nil for a race, whose variants all
  /// begin at once.
  private static func drawn(
    _ search: SearchSummary, _ run: RunSummary, _ figures: FigureWriter
  ) throws -> HTML? {
    guard search.kind != "racing", let rounds = search.record?.rounds, let first = rounds.first
    else { return nil }
    let responses = Responses(run: run, figures: figures)
    let isHalving = search.kind == "halving"
    let entries = isHalving ? first.entries : rounds.flatMap(\.entries)
    func means(_ entries: [SearchRecord.Entry]) -> [Double] { entries.map { $0.mean ?? .nan } }
    let courses =
      isHalving
      ? rounds.map { (name: "round \($0.number)", means: means($0.entries)) }
      : [(name: "search", means: means(entries))]
    var scores = run.variants.map { _ in Double.nan }
    for entry in entries where scores.indices.contains(entry.variant) {
      scores[entry.variant] = entry.mean ?? .nan
    }
    let rounded = isHalving && rounds.count > 1 ? " of the first round" : ""
    return """
      \(try responses.history(courses))
      <h3>Scores\(rounded) by each value that was drawn</h3>
      <div class="figures">
      \(try responses.slices(scores))</div>

      """
  }

  /// One variant in one round.
  private typealias Decision = (round: Int, entry: SearchRecord.Entry)

  private static func searchColumns(isRace: Bool) -> [Column<Decision>] {
    [
      Column("Round", "Round of the search", sort: "ascending", "round", isHead: true) {
        Cell(text: "\($0.round)", value: "\($0.round)")
      },
      Column("Variant", "Variant", ["variant": { $0.entry.label }]) {
        "<td class=\"name\" data-value=\"\($0.entry.variant)\">\($0.entry.label)</td>\n"
      },
      Column(
        "n", "Seeds with a score, of those asked for", "scored", more: ["asked": { $0.entry.asked }]
      ) { .share($0.entry.scored, of: $0.entry.asked) },
      Column(
        "Mean", "Mean score over those seeds", "mean",
        more: ["kept": { $0.entry.isKept ? "yes" : "no" }, "reason": { $0.entry.reason }]
      ) { .score($0.entry.mean) },
      Column(
        "Behind", "Mean difference from the leader, same seeds", "difference", isShown: isRace
      ) { .score($0.entry.difference) },
      Column(
        "95\u{A0}% interval", "Paired bootstrap interval of the difference", "lower",
        isShown: isRace,
        more: [
          "upper": { exact($0.entry.upper) }, "pairs": { $0.entry.pairs },
          "p": { exact($0.entry.pValue) },
        ]
      ) { decision in
        let bounds = decision.entry.lower.flatMap { lower in
          decision.entry.upper.map { Numbers.interval(lower, $0) }
        }
        return Cell(
          text: bounds ?? Numbers.nothing, value: exact(decision.entry.lower),
          isWeak: bounds == nil)
      },
      Column("p", "Sign-flip test, over all looks and pairs", "adjustedP", isShown: isRace) {
        let p = $0.entry.adjustedP
        return Cell(
          text: p.map { Numbers.probability($0) } ?? Numbers.nothing, value: exact(p),
          isWeak: p == nil)
      },
      Column("Decision", "What was decided", [:]) {
        let (word, style) = $0.entry.isKept ? ("kept", "finished") : ("dropped", "stopped")
        return "<td data-value=\"\(word)\"><span class=\"state \(style)\">\(word)</span></td>\n"
      },
      Column("Why", "Why it was decided", [:]) {
        "<td class=\"reason\" data-value=\"\($0.entry.reason)\">\($0.entry.reason)</td>\n"
      },
    ]
  }
}

extension SearchSummary {
  fileprivate var lead: String {
    let method =
      switch kind {
      case "halving":
        "Successive halving: all variants train a little, and after each rung only the best train on."
      case "tpe":
        "Proposals by a Parzen estimator: after some random draws, variants are proposed where good"
          + " ones are dense."
      default:
        "A race over seeds: a variant that loses against the leader by the paired test gets no more"
          + " seeds."
      }
    guard let record else {
      return method + " What it decided is not stored here: `rallybook run` works it out again."
    }
    let rounds = Numbers.count(record.rounds.count, "round")
    return record.state == .searching
      ? "\(method) \(rounds) of at most \(Numbers.whole(record.roundsAtMost)) are decided; what"
        + " follows may change."
      : "\(method) It took \(rounds)."
  }

  /// What fresh seeds say of the winner; says so where there are none.
  fileprivate var confirmation: String {
    guard let record, let winner = record.winner else {
      return record?.problem.map { Wording.capitalized($0) + "." } ?? "There is no winner yet."
    }
    let seeds = "\(winner.scored) of \(Numbers.count(winner.asked, "seed"))"
    let own =
      "The winner is \(Wording.quoted(winner.label)), with \(Wording.score(winner.mean)) in the"
      + " search (\(seeds))."
    guard let confirmation = record.confirmation else {
      return record.state == .confirming
        ? "\(own) Its fresh seeds are not all finished, so it is not confirmed yet."
        : "\(own) It is not confirmed on fresh seeds: the best of many scores flatters."
    }
    return own + " " + fresh(confirmation)
  }

  /// `On 10 fresh seeds (2 to 11), never used in the search, it scores 470.1 (…).`
  private func fresh(_ confirmation: SearchRecord.Confirmation) -> String {
    let seeds = confirmation.seeds
    let all = Numbers.count(seeds.count, "seed")
    let precision = confirmation.precision
    func bounds(_ lower: Double?, _ upper: Double?) -> [String] {
      guard let lower, let upper else { return [] }
      return ["95\u{A0}% interval \(precision.interval(lower, upper))"]
    }
    let span = seeds.count > 1 ? "\(seeds.first ?? 0) to \(seeds.last ?? 0)" : "\(seeds.first ?? 0)"
    var text =
      "On \(Numbers.count(seeds.count, "fresh seed")) (\(span)), never used in the search, it scores"
      + " \(Wording.score(confirmation.mean, precision))"
    var brackets = bounds(confirmation.lower, confirmation.upper)
    if confirmation.scored < seeds.count {
      brackets.append("\(confirmation.scored) of \(all) have a score")
    }
    text += brackets.isEmpty ? "." : " (\(brackets.joined(separator: "; ")))."
    guard let reference = confirmation.reference else { return text }
    guard reference.variant != nil else {
      return text + " It is the reference itself, so there is nothing to compare."
    }
    // Means of all scored seeds and a difference of the common ones do not fit together unnamed.
    let isWhole =
      reference.pairs == confirmation.scored && reference.pairs == reference.scored
    text += " The reference scores \(Wording.score(reference.mean, precision)) there"
    text +=
      isWhole
      ? ": a difference of"
      : " (\(reference.scored) of \(all) have a score)."
        + " Over the \(Numbers.count(reference.pairs, "seed")) that both have, the difference is"
    var test = bounds(reference.lower, reference.upper)
    if let p = reference.pValue { test.append("sign-flip \(Numbers.pValue(p))") }
    test.append("n = \(reference.pairs)")
    text +=
      " \(Wording.score(reference.difference, precision)) (\(test.joined(separator: ", ")))."
    return text + (reference.pairs < 6 ? " Fewer than 6 pairs decide nothing." : "")
  }

  fileprivate var note: String {
    switch kind {
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

  /// What fresh seeds say of the winner, and of what it is compared with; nil without any.
  var confirmed: String? {
    guard let winner = record?.winner, let confirmation = record?.confirmation else { return nil }
    let precision = confirmation.precision
    let other = confirmation.reference.flatMap { reference in
      reference.variant.map { _ in
        "; what it is compared with scores \(Wording.score(reference.mean, precision))"
      }
    }
    return "On \(Numbers.count(confirmation.seeds.count, "fresh seed")) the search's winner,"
      + " \(Wording.quoted(winner.label)), scores \(Wording.score(confirmation.mean, precision))"
      + "\(confirmation.bounds)\(other ?? "")."
  }

  /// The first screen's sentence on where the best comes from.
  var origin: String {
    guard let record, record.winner != nil else {
      return "A search is choosing among the variants; what it picks is picked by these scores."
    }
    let start = "A search picked it by these scores, which flatters it"
    guard let confirmation = record.confirmation else {
      return record.state == .confirming
        ? "\(start); its fresh seeds are not all finished."
        : "\(start); it is not confirmed on fresh seeds."
    }
    return "\(start); on \(Numbers.count(confirmation.seeds.count, "fresh seed")) it scores"
      + " \(Wording.score(confirmation.mean, confirmation.precision))\(confirmation.bounds)."
  }
}

extension SearchRecord.Confirmation {
  /// ` (95 % interval [439.3, 488.8])`; empty without an interval.
  fileprivate var bounds: String {
    lower.flatMap { lower in
      upper.map { " (95\u{A0}% interval \(precision.interval(lower, $0)))" }
    } ?? ""
  }
}
