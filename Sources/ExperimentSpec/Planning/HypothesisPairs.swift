// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema
import Statistics

/// Finds for each hypothesis the pairs of variants that it is about.
struct HypothesisPairs {
  let variants: [Plan.Variant]
  let axes: [SweepAxis]
  private(set) var findings: [Finding] = []

  private let written: [String: ExperimentDraft.Written]

  init(
    variants: [Plan.Variant], axes: [SweepAxis], written: [String: ExperimentDraft.Written]
  ) {
    (self.variants, self.axes, self.written) = (variants, axes, written)
  }

  /// The hypothesis with its pairs; none, and a finding, where they cannot be told.
  mutating func hypothesis(_ number: Int, _ draft: ExperimentDraft.Hypothesis) -> Plan.Hypothesis {
    let path = "hypotheses[\(number)]"
    let better = matching(draft.better)
    let than = matching(draft.than)
    if better.isEmpty { reportNone(draft.better, "\(path).better") }
    if than.isEmpty { reportNone(draft.than, "\(path).than") }
    let pairs = better.isEmpty || than.isEmpty ? [] : pair(better, than, draft, path)
    return Plan.Hypothesis(
      claim: draft.claim, better: draft.better, than: draft.than, measure: draft.measure,
      atLeast: draft.atLeast ?? draft.measure.neutralValue, within: draft.within,
      score: draft.score, pairs: pairs)
  }

  private mutating func pair(
    _ better: [Int], _ than: [Int], _ draft: ExperimentDraft.Hypothesis, _ path: String
  ) -> [[Int]] {
    let shared = sharedPaths(draft)
    // A value that one of two variants does not use cannot part them.
    let partnerTable = ConditionTable(
      than.map { other in
        shared.compactMap { path in variants[other].value(at: path).map { (path, $0) } }
      })
    var pairs: [[Int]] = []
    for index in better {
      let partners = partnerTable.numbers(ignoresMissing: true) { variants[index].value(at: $0) }
        .map { than[$0] }
      if partners.count > 1 {
        let labels = partners.prefix(2).map { "\"\(variants[$0].label)\"" }
        report(
          "ambiguous-pair", "\(path).than",
          problem: "\"\(variants[index].label)\" has \(partners.count) partners, such as "
            + list(labels),
          help: "name what tells them apart")
        return []
      }
      if let partner = partners.first {
        if partner == index {
          report(
            "ambiguous-pair", "\(path).than",
            problem: "\"\(variants[index].label)\" matches both better and than",
            help: "compare two different values")
          return []
        }
        pairs.append([index, partner])
      }
    }
    if pairs.isEmpty {
      report(
        "no-pair", path, at: "\(path).better",
        problem: "no two variants match better and than and agree in everything else that is swept")
    }
    return pairs
  }

  /// Swept paths in which both sides must agree: all but those of the hypothesis, and but those
  /// that one of its paths brings along as part of the same case.
  private func sharedPaths(_ draft: ExperimentDraft.Hypothesis) -> [String] {
    let named = Set(draft.better.keys).union(draft.than.keys)
    var free = named
    for axis in axes where axis.isJoint && axis.paths.contains(where: named.contains) {
      free.formUnion(axis.paths)
    }
    var shared: [String] = []
    for path in axes.flatMap(\.paths) where !free.contains(path) && !shared.contains(path) {
      shared.append(path)
    }
    return shared
  }

  private func matching(_ conditions: [String: ConfigValue]) -> [Int] {
    variants.indices.filter { index in
      conditions.allSatisfy { variants[index].value(at: $0.key) == $0.value }
    }
  }

  /// Names the values that the variants do have where a single condition fails.
  private mutating func reportNone(_ conditions: [String: ConfigValue], _ path: String) {
    var problem = "no variant matches it"
    for (key, wanted) in conditions.sorted(by: { $0.key < $1.key }) {
      var values: [String] = []
      for variant in variants {
        let text = variant.value(at: key).map(canonicalJSON) ?? "nothing"
        if !values.contains(text) { values.append(text) }
        if values.count > 5 { break }
      }
      if !values.contains(canonicalJSON(wanted)) {
        problem += "; \(key) is \(list(values)) in this experiment"
      }
    }
    report("no-variant", path, problem: problem)
  }

  /// - Parameter at: the path whose value is shown; nil for `path`.
  private mutating func report(
    _ code: String, _ path: String, at shown: String? = nil, problem: String, help: String? = nil
  ) {
    findings.append(
      Finding(
        code: code, at: written[shown ?? path]?.value, path: path, problem: problem, help: help))
  }
}
