// SPDX-License-Identifier: MIT

package import ParameterSchema

extension Plan {
  /// The earlier plan with this one's variants and trials added: `--set` and `--seeds` ask for more
  /// of a run, and take nothing out of it.
  ///
  /// A variant that both have keeps its place and label, and takes this plan's settings of what does
  /// not enter a trial's identity. One that is new and would bear a known label is told apart by what
  /// `--set` changed. All else is this plan's.
  package func added(to earlier: Plan, catalogue: Catalogue) -> Plan {
    guard search == nil, earlier.search == nil, rootSeed == earlier.rootSeed else { return self }
    var merger = PlanMerger(plan: earlier, catalogue: catalogue)
    let places = variants.map { merger.place(of: $0, from: self) }
    var plan = merger.plan
    for trial in trials {
      let place = places[trial.variant]
      if let known = plan.trials.firstIndex(where: { $0.id == trial.id }) {
        plan.trials[known].extends = trial.extends
      } else {
        plan.trials.append(
          .init(
            number: plan.trials.count + 1, id: trial.id, variant: place, seed: trial.seed,
            extends: trial.extends))
      }
    }
    let new = plan.trials.count - earlier.trials.count
    guard new > 0 else { return merger.finish(plan, with: self, places, arithmetic: nil) }
    return merger.finish(
      plan, with: self, places, arithmetic: "\(earlier.arithmetic); added: \(arithmetic)")
  }
}

/// Brings the variants of one plan into another.
private struct PlanMerger {
  private(set) var plan: Plan
  private let catalogue: Catalogue
  private let identities: [String]

  init(plan: Plan, catalogue: Catalogue) {
    self.plan = plan
    self.catalogue = catalogue
    identities = plan.variants.map { Self.identity($0, plan.rootSeed, catalogue) }
  }

  private static func identity(
    _ variant: Plan.Variant, _ rootSeed: Int, _ catalogue: Catalogue
  ) -> String {
    trialIdentity(
      configuration: catalogue.completing(variant.configuration), seed: 0, rootSeed: rootSeed,
      catalogue: catalogue
    ).json
  }

  /// The place of a variant of another plan, after it was added where it is new.
  mutating func place(of variant: Plan.Variant, from other: Plan) -> Int {
    let identity = Self.identity(variant, plan.rootSeed, catalogue)
    if let known = identities.firstIndex(of: identity) {
      plan.variants[known].configuration = variant.configuration
      return known
    }
    var new = variant
    new.index = plan.variants.count
    var levels: [Int: Int] = [:]
    for (axis, level) in zip(other.axes, variant.levels) {
      guard let level, axis.values.indices.contains(level) else { continue }
      let place = place(of: axis.path, label: axis.label)
      levels[place] = self.level(of: axis.values[level], on: place)
    }
    for path in other.setPaths where !other.axes.contains(where: { $0.path == path }) {
      guard let value = variant.configuration[path: path] else { continue }
      let label = String(path.split(separator: ".").last ?? "")
      let isNew = !plan.axes.contains { $0.path == path }
      let place = place(of: path, label: label)
      if isNew { fill(path, at: place) }
      levels[place] = level(of: shownValue(value), on: place)
      new.differing.append(.init(path: path, value: value))
      new.label += " · \(label) \(shownValue(value))"
    }
    new.levels = plan.axes.indices.map { levels[$0] }
    while plan.variants.contains(where: { $0.label == new.label }) { new.label += " (again)" }
    plan.variants.append(new)
    return new.index
  }

  /// The place of an axis, added where it is new; no variant lies on it then.
  private mutating func place(of path: String, label: String) -> Int {
    if let known = plan.axes.firstIndex(where: { $0.path == path }) { return known }
    plan.axes.append(.init(path: path, label: label, values: []))
    for index in plan.variants.indices { plan.variants[index].levels.append(nil) }
    return plan.axes.count - 1
  }

  /// The number of a value on an axis, added where it is new.
  private mutating func level(of value: String, on place: Int) -> Int {
    if let known = plan.axes[place].values.firstIndex(of: value) { return known }
    plan.axes[place].values.append(value)
    return plan.axes[place].values.count - 1
  }

  /// Puts the variants that are there where their configurations lie on a new axis.
  private mutating func fill(_ path: String, at place: Int) {
    for index in plan.variants.indices {
      guard let value = plan.variants[index].configuration[path: path] else { continue }
      plan.variants[index].levels[place] = level(of: shownValue(value), on: place)
      plan.variants[index].differing.append(.init(path: path, value: value))
    }
  }

  /// The plan with all else that the newer one says.
  func finish(
    _ merged: Plan, with newer: Plan, _ places: [Int], arithmetic: String?
  ) -> Plan {
    var plan = merged
    (plan.title, plan.question, plan.notes) = (newer.title, newer.question, newer.notes)
    (plan.experimentFile, plan.experimentHash) = (newer.experimentFile, newer.experimentHash)
    plan.score = newer.score
    if arithmetic != nil { plan.overrides += [Plan.addition] + newer.overrides }
    plan.seeds += newer.seeds.filter { !merged.seeds.contains($0) }
    plan.arithmetic = arithmetic ?? merged.arithmetic
    plan.hypotheses = newer.hypotheses.map { hypothesis in
      var hypothesis = hypothesis
      let added = hypothesis.pairs.map { $0.map { places[$0] } }
      let known = merged.hypotheses.first { $0.claim == hypothesis.claim }?.pairs ?? []
      hypothesis.pairs = known + added.filter { !known.contains($0) }
      return hypothesis
    }
    return plan
  }
}

extension Plan {
  /// Stands in `overrides` before the options of a command that added to the plan.
  fileprivate static let addition = "added by"

  /// The options of the command that made the plan, then those of each that added to it.
  package var commands: [[String]] {
    overrides.split(separator: Self.addition, omittingEmptySubsequences: false).map(Array.init)
  }
}

extension Plan {
  /// The paths that `--set` was given.
  fileprivate var setPaths: [String] {
    let prefix = "--set "
    return overrides.filter { $0.hasPrefix(prefix) }.compactMap { option in
      option.dropFirst(prefix.count).split(separator: "=", maxSplits: 1).first.map { String($0) }
    }
  }
}
