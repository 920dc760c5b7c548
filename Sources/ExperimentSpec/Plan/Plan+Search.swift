// SPDX-License-Identifier: MIT

import ParameterSchema

extension Plan {
  /// The plan of a search that has asked for nothing yet.
  func withoutTrials(_ search: SearchSettings) -> Plan {
    var plan = self
    (plan.variants, plan.trials, plan.axes, plan.hypotheses) = ([], [], [], [])
    plan.search = search.record
    return plan
  }

  /// The plan of a search with each variant at its longest training only, on the seeds of the search:
  /// the winner's fresh seeds are told of by themselves, so that they do not mix with those by which
  /// it was chosen.
  package var withLongestTrials: Plan {
    guard search != nil else { return self }
    let searched = Set(trials.filter { seeds.contains($0.seed) }.map(\.variant))
    var last: [[Int?]: Int] = [:]
    for variant in variants where searched.contains(variant.index) {
      last[ownLevels(variant)] = variant.index
    }
    return narrowed(to: Set(last.values))
  }

  /// Of these, those that trained longest: only their scores can be held against each other.
  package var withFinalists: Plan {
    guard isHalving, let axis = axes.indices.last else { return self }
    let furthest = variants.compactMap { $0.levels[axis] }.max()
    return narrowed(to: Set(variants.filter { $0.levels[axis] == furthest }.map(\.index)))
  }

  private var isHalving: Bool {
    search?[path: "kind"] == "halving"
  }

  /// Where a variant lies, but for the length of its training, which is halving's last axis.
  private func ownLevels(_ variant: Variant) -> [Int?] {
    isHalving ? variant.levels.dropLast() : [variant.index]
  }

  private func narrowed(to kept: Set<Int>) -> Plan {
    var plan = self
    let order = variants.indices.filter(kept.contains)
    let places = Dictionary(
      order.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    plan.variants = order.enumerated().map { place, index in
      var variant = variants[index]
      variant.index = place
      return variant
    }
    plan.trials = trials.compactMap { trial in
      guard let place = places[trial.variant], seeds.contains(trial.seed) else { return nil }
      var trial = trial
      trial.variant = place
      return trial
    }
    return plan
  }
}
