// SPDX-License-Identifier: MIT

import ExperimentSpec
import Statistics

extension SearchCourse {
  /// Trains the winner, and what it is compared with, on seeds that the search never used: its score
  /// in the search is the greatest of many, and so flatters it.
  mutating func confirm(
    _ winner: Int, searched seeds: [Int], round: Int, _ results: (Plan) throws -> [TrialResult]
  ) rethrows {
    record.winner = entry(winner, seeds, isKept: true, reason: Wording.winner)
    record.next = nil
    let count = space.settings.confirm
    guard count > 0 else {
      record.state = .over
      return
    }
    let first = (plan.seeds.max() ?? 0) + 1
    let fresh = Array(first..<first + count)
    var asked = [winner]
    var reference: Int?
    if let found = space.referenceVariant(), let only = found.variants.first {
      var variant = only
      variant.label = unusedLabel("reference")
      variant.levels = plan.axes.map { _ in nil }
      let place = add(variant, 0, of: found)
      reference = place
      if isSame(place, winner) {
        removeLast()
      } else {
        asked.append(place)
        fillDiffering(of: place)
      }
    }
    record.state = .confirming
    record.next = Wording.confirming(
      record.winner?.label ?? "", hasReference: asked.count > 1, seeds: fresh.count)
    guard try ask(asked, seeds: fresh, round: round, results: results) else { return }
    record.state = .over
    record.next = nil
    record.confirmation = confirmation(winner, fresh, reference, isOther: asked.count > 1)
  }

  private func confirmation(
    _ winner: Int, _ fresh: [Int], _ reference: Int?, isOther: Bool
  ) -> SearchRecord.Confirmation {
    let own = scores(winner, fresh).map { sign * $0 }
    let interval = ScoreMatrix(scores: own).interval(
      of: .mean, key: ResamplingKey(experiment: plan.name, statistic: "search/confirmation"))
    var confirmation = SearchRecord.Confirmation(
      seeds: fresh, mean: mean(own.filter { !$0.isNaN }), lower: interval?.lower,
      upper: interval?.upper, scored: own.count { !$0.isNaN })
    guard let reference else { return confirmation }
    guard isOther else {
      confirmation.reference = SearchRecord.Reference(
        label: plan.variants[winner].label, scored: 0, pairs: 0)
      return confirmation
    }
    let others = scores(reference, fresh).map { sign * $0 }
    let pairs = PairedScores(x: own, y: others)
    let key = ResamplingKey(experiment: plan.name, statistic: "search/reference")
    let difference = pairs.interval(of: .difference, key: key)
    confirmation.reference = SearchRecord.Reference(
      variant: reference, label: plan.variants[reference].label,
      mean: mean(others.filter { !$0.isNaN }), scored: others.count { !$0.isNaN },
      difference: pairs.value(of: .difference), lower: difference?.lower, upper: difference?.upper,
      pairs: pairs.seedCount,
      pValue: pairs.signFlipTest(of: .difference, against: 0, key: key)?.pValue)
    return confirmation
  }
}
