// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Statistics

/// The sentences about a search that people read, in one place.
enum Wording {
  static let noScore = "no variant has a score: all its trials failed"
  static let winner = "the best mean score of those left"
  static let bestWins = "the best is the winner"
  static let losersLeave = "variants that lose against the leader leave"
  static let proposesNext = "the next are proposed"

  static func goOn(_ count: Int) -> String {
    count == 1 ? "the best trains on" : "the best \(count) train on"
  }

  static func count(_ number: Int, _ noun: String) -> String {
    Numbers.count(number, noun)
  }

  // MARK: - Rounds

  /// `9 variants × 2 seeds, 500 episodes`.
  static func trials(variants: Int, seeds: Int, length: Int, _ unit: String) -> String {
    "\(count(variants, "variant")) × \(count(seeds, "seed")), to \(Numbers.whole(length)) \(unit)"
  }

  static func trials(variants: Int, seeds: Int, isMore: Bool) -> String {
    "\(count(variants, "variant")) × \(count(seeds, isMore ? "more seed" : "seed"))"
  }

  static func trials(variants: Int, seeds: Int, isDrawn: Bool) -> String {
    "\(count(variants, isDrawn ? "drawn variant" : "proposed variant")) × \(count(seeds, "seed"))"
  }

  static func round(_ number: Int, of count: Int, _ trials: String) -> String {
    "round \(number) of \(count): \(trials)"
  }

  static func confirming(_ label: String, hasReference: Bool, seeds: Int) -> String {
    "confirmation: \(label)\(hasReference ? " and the reference" : "") on "
      + count(seeds, "fresh seed")
  }

  // MARK: - Labels

  /// What a label says of a variant that did not train to the end.
  static func shortened(_ length: Int, _ unit: String) -> String {
    " · \(Numbers.whole(length)) \(unit)"
  }

  static func lengthAxis(_ space: SearchSpace, _ lengths: [Int]) -> Plan.Axis {
    Plan.Axis(
      path: space.lengthPath, label: space.lengthUnit, values: lengths.map { Numbers.whole($0) })
  }

  // MARK: - Reasons

  static func halved(isKept: Bool, hasScore: Bool, isLast: Bool, count: Int) -> String {
    if !hasScore { return "no seed has a score" }
    if isLast { return "trained to the end" }
    return isKept
      ? count == 1 ? "the best" : "among the best \(count)"
      : count == 1 ? "not the best" : "not among the best \(count)"
  }

  static func raced(
    _ comparison: Race.Comparison?, isLeader: Bool, hasScore: Bool, alpha: Double, isLast: Bool
  ) -> String {
    if !hasScore { return "no seed has a score" }
    if isLeader { return "leads" }
    if isLast { return "not distinguished from the leader by the last seeds" }
    guard let comparison, let p = comparison.adjustedP else { return "cannot be compared" }
    return comparison.isDropped
      ? "loses against the leader: \(Numbers.pValue(p)) over all looks and pairs, below"
        + " \(Numbers.text(alpha))"
      : "not distinguished from the leader: \(Numbers.pValue(p)) over all looks and pairs"
  }

  static func proposed(
    isGood: Bool, hasScore: Bool, isDrawn: Bool, good: Int, of count: Int
  ) -> String {
    let origin = isDrawn ? "drawn" : "proposed"
    if !hasScore { return "\(origin); no seed has a score" }
    return isGood
      ? "\(origin); among the best \(good) of \(count); the next are sought near them"
      : "\(origin); not among the best \(good) of \(count)"
  }

  // MARK: - What was decided

  /// What a round decided, a line or two for people who watch.
  static func decided(_ round: SearchRecord.Round, kind: String) -> String {
    let head = "round \(round.number) (\(round.trials)): "
    let leader = round.entries.first { $0.variant == round.leader }
    let best = leader.map { "\($0.label) \(score($0.mean))" }
    let failed = round.entries.reduce(0) { $0 + $1.asked - $1.scored }
    let gaps = failed > 0 ? "; \(count(failed, "trial")) without a score left out" : ""
    if kind == "tpe" {
      return head + (best.map { "\($0) is the best so far" } ?? "none is better than before") + gaps
    }
    let dropped = round.entries.filter { !$0.isKept }
    let kept = round.entries.count - dropped.count
    var text = head + (best.map { "\($0) leads" } ?? "no score")
    text += "; \(count(kept, "variant")) left"
    if !dropped.isEmpty { text += ", \(dropped.count) dropped: " + names(dropped) }
    return text + gaps
  }

  private static func names(_ entries: [SearchRecord.Entry]) -> String {
    let shown = entries.prefix(4).map { "\($0.label) \(score($0.mean))" }
    let more = entries.count - shown.count
    return shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// The end of a search, in a line or two.
  static func ended(_ record: SearchRecord) -> [String] {
    guard let winner = record.winner else {
      return record.problem.map { ["search over: \($0)"] } ?? []
    }
    var lines = [
      "winner: \(winner.label), \(score(winner.mean)) in the search "
        + "(\(winner.scored) of \(count(winner.asked, "seed")))"
    ]
    if let confirmation = record.confirmation {
      lines.append(confirmed(confirmation))
    } else if record.state == .over {
      lines.append("not confirmed on fresh seeds: the best of many scores flatters")
    }
    return lines
  }

  /// `on 10 fresh seeds (10 to 19): 412.3, 95 % interval [380.1, 440.0]`.
  static func confirmed(_ confirmation: SearchRecord.Confirmation) -> String {
    let (seeds, precision) = (confirmation.seeds, confirmation.precision)
    let span = seeds.count > 1 ? "\(seeds.first ?? 0) to \(seeds.last ?? 0)" : "\(seeds.first ?? 0)"
    var text =
      "on \(count(seeds.count, "fresh seed")) (\(span)): \(score(confirmation.mean, precision))"
    if confirmation.scored < seeds.count { text += ", \(confirmation.scored) with a score" }
    if let lower = confirmation.lower, let upper = confirmation.upper {
      text += ", 95 % interval \(precision.interval(lower, upper))"
    }
    guard let reference = confirmation.reference else { return text }
    guard reference.variant != nil else { return text + "; it is the reference itself" }
    text += "; the reference: \(score(reference.mean, precision))"
    if reference.scored < seeds.count { text += ", \(reference.scored) with a score" }
    let isWhole =
      reference.pairs == confirmation.scored && reference.pairs == reference.scored
    text += "; difference \(isWhole ? "" : "over the seeds that both have ")"
    text += score(reference.difference, precision)
    if let lower = reference.lower, let upper = reference.upper {
      text += ", 95 % interval \(precision.interval(lower, upper))"
    }
    if let p = reference.pValue { text += ", \(Numbers.pValue(p))" }
    return text + ", n = \(reference.pairs)"
  }

  // MARK: - What it does at most

  static func outline(
    _ settings: SearchSettings, rounds: Int, trials: Int, fresh: Int
  ) -> String {
    let confirmation = fresh > 0 ? ", then \(fresh) on fresh seeds" : ""
    return "\(settings.kind.rawValue): \(count(rounds, "round")), at most "
      + "\(count(trials, "trial"))\(confirmation)"
  }

  static func outlined(_ first: Int, _ last: Int, _ trials: String, _ decision: String) -> String {
    let rounds = first == last ? "round \(first)" : "rounds \(first) to \(last), each"
    return "\(rounds): \(trials); then \(decision)"
  }

  static func outlinedConfirmation(_ trials: Int) -> String {
    trials == 0
      ? "no confirmation: the winner's score will be the best of many"
      : "confirmation: \(count(trials, "trial")) on fresh seeds"
  }

  static func total(
    trials: Int, length: Int, sweepTrials: Int, sweepLength: Int, _ unit: String
  ) -> String {
    "at most \(count(trials, "trial")), \(Numbers.whole(length)) \(unit) of training; "
      + "the whole sweep: \(Numbers.whole(sweepTrials)), \(Numbers.whole(sweepLength))"
  }

  // MARK: - Numbers

  /// A score; `–` where no seed has one.
  static func score(_ value: Double?, _ precision: Precision? = nil) -> String {
    guard let value, value.isFinite else { return Numbers.nothing }
    return precision?.text(value) ?? Numbers.score(value)
  }
}
