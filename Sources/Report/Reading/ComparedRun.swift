// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
package import RunStore

/// One side of a comparison: a run, or some of its trials.
package struct ComparedRun: Sendable {
  package let run: RunFolder
  /// What it is called beside the others.
  package var name: String
  /// Ids of the trials that count; nil for all. Of a part no claim is judged.
  package let trials: Set<String>?

  package init(run: RunFolder, name: String, trials: Set<String>? = nil) {
    (self.run, self.name, self.trials) = (run, name, trials)
  }

  /// - Parameter rule: what judges its trials; nil for its own.
  func summary(scoredBy rule: Plan.Score? = nil) throws -> RunSummary {
    var plan = try run.readPlan()
    if let trials { plan = plan.limited(to: trials) }
    plan.score = rule ?? plan.score
    let whole = RunSummary(try RunSnapshot(run, plan: plan), includesTiming: false)
    var judged = whole.judged
    // Neither a part's neighbours nor what a search left behind are of earlier plans.
    judged.unplannedCount = trials == nil ? whole.unplannedCount : 0
    return judged
  }
}

extension Plan {
  /// Some of its trials, with their variants.
  fileprivate func limited(to ids: Set<String>) -> Plan {
    var plan = self
    plan.trials = trials.filter { ids.contains($0.id) }
    plan.variants = variants.filter { variant in
      plan.trials.contains { $0.variant == variant.index }
    }
    let places = Dictionary(uniqueKeysWithValues: zip(plan.variants.map(\.index), 0...))
    for place in plan.variants.indices { plan.variants[place].index = place }
    for place in plan.trials.indices {
      plan.trials[place].variant = places[plan.trials[place].variant] ?? 0
    }
    plan.seeds = seeds.filter { seed in plan.trials.contains { $0.seed == seed } }
    plan.hypotheses = []
    return plan
  }

  /// What it asks otherwise than another plan, by the words of the experiment file; empty where only
  /// what is for people differs. Of a search its settings are compared, not where it has come to.
  func changes(from other: Plan) -> [String] {
    var changed: [String] = []
    if question != other.question { changed.append("question") }
    if hypotheses.map(\.asWritten) != other.hypotheses.map(\.asWritten) {
      changed.append("hypotheses")
    }
    if score != other.score { changed.append("score") }
    if search != other.search { changed.append("search") }
    if seedRange != other.seedRange || !hasRounds && seeds != other.seeds {
      changed.append("seeds")
    }
    if rootSeed != other.rootSeed { changed.append("rootSeed") }
    let chosen = search == nil ? [] : Set(axes.map(\.path))
    return changed
      + Set(paths + other.paths).subtracting(chosen).sorted().filter {
        values(at: $0) != other.values(at: $0)
      }
  }

  /// The values that variants have at a path, each once, as people read them.
  func values(at path: String) -> [String] {
    variants.map { shownJSON($0.configuration[path: path]) }.uniqued
  }
}

extension Plan.Hypothesis {
  /// As it stands in the file, whatever variants there are.
  var asWritten: Plan.Hypothesis {
    var claim = self
    claim.pairs = []
    return claim
  }
}
