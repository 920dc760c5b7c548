// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// Finds for each hypothesis the pairs of variants that it is about.
struct HypothesisPairs {
  let variants: [Plan.Variant]
  let axes: [SweepAxis]
  private(set) var findings: [Finding] = []

  init(variants: [Plan.Variant], axes: [SweepAxis]) {
    self.variants = variants
    self.axes = axes
  }

  /// The hypothesis with its pairs; none, and a finding, where they cannot be told.
  mutating func hypothesis(_ draft: HypothesisDraft) -> Plan.Hypothesis {
    let better = matching(draft.better)
    let than = matching(draft.than)
    if better.isEmpty {
      reportNone(draft.better, draft.betterPlace, "\(draft.shownPath).better")
    }
    if than.isEmpty { reportNone(draft.than, draft.thanPlace, "\(draft.shownPath).than") }
    var pairs: [[Int]] = []
    if !better.isEmpty, !than.isEmpty { pairs = pair(better, than, draft) }
    return Plan.Hypothesis(
      claim: draft.claim, better: object(draft.better), than: object(draft.than),
      measure: draft.measure, atLeast: draft.atLeast, pairs: pairs)
  }

  private mutating func pair(_ better: [Int], _ than: [Int], _ draft: HypothesisDraft) -> [[Int]] {
    let shared = sharedPaths(draft)
    var partnerIndex = PartnerIndex(than.map { ($0, values(variants[$0], shared)) })
    var pairs: [[Int]] = []
    for index in better {
      let partners = partnerIndex.partners(of: values(variants[index], shared))
      if partners.count > 1 {
        let labels = partners.prefix(2).map { "\"\(variants[$0].label)\"" }
        report(
          "ambiguous-pair", draft.thanPlace, "\(draft.shownPath).than",
          problem: "\"\(variants[index].label)\" has \(partners.count) partners, such as "
            + list(labels),
          help: "name what tells them apart")
        return []
      }
      if let partner = partners.first {
        if partner == index {
          report(
            "ambiguous-pair", draft.thanPlace, "\(draft.shownPath).than",
            problem: "\"\(variants[index].label)\" matches both better and than",
            help: "compare two different values")
          return []
        }
        pairs.append([index, partner])
      }
    }
    if pairs.isEmpty {
      report(
        "no-pair", draft.betterPlace, draft.shownPath,
        problem: "no two variants match better and than and agree in everything else that is swept")
    }
    return pairs
  }

  /// Swept paths in which both sides must agree: all but those of the hypothesis, and but those
  /// that one of its paths brings along as part of the same case.
  private func sharedPaths(_ draft: HypothesisDraft) -> [String] {
    let named = Set((draft.better + draft.than).map(\.path))
    var free = named
    for axis in axes where axis.slot == nil && axis.paths.contains(where: named.contains) {
      free.formUnion(axis.paths)
    }
    var shared: [String] = []
    for path in axes.flatMap(\.paths) where !free.contains(path) && !shared.contains(path) {
      shared.append(path)
    }
    return shared
  }

  private func values(_ variant: Plan.Variant, _ paths: [String]) -> [ConfigValue?] {
    paths.map { value(variant, $0) }
  }

  private func matching(_ conditions: [(path: String, value: ConfigValue)]) -> [Int] {
    variants.indices.filter { index in
      conditions.allSatisfy { value(variants[index], $0.path) == $0.value }
    }
  }

  private func value(_ variant: Plan.Variant, _ path: String) -> ConfigValue? {
    path == CatalogueIndex.presetPath
      ? variant.preset.map { .string($0) } : variant.configuration[path: path]
  }

  private func object(_ conditions: [(path: String, value: ConfigValue)]) -> [String: ConfigValue] {
    Dictionary(conditions.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// Names the values that the variants do have where a single condition fails.
  private mutating func reportNone(
    _ conditions: [(path: String, value: ConfigValue)], _ place: Place, _ path: String
  ) {
    var problem = "no variant matches it"
    for condition in conditions {
      var values: [String] = []
      for variant in variants {
        let text = value(variant, condition.path).map(canonicalJSON) ?? "nothing"
        if !values.contains(text) { values.append(text) }
        if values.count > 5 { break }
      }
      if !values.contains(canonicalJSON(condition.value)) {
        problem += "; \(condition.path) is \(list(values)) in this experiment"
      }
    }
    report("no-variant", place, path, problem: problem)
  }

  private mutating func report(
    _ code: String, _ place: Place, _ path: String, problem: String, help: String? = nil
  ) {
    findings.append(Finding(code: code, at: place, path: path, problem: problem, help: help))
  }
}
