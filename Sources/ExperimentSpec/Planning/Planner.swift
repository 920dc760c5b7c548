// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema
import Statistics

/// Expands a draft into a plan, and collects what only the whole can show.
struct Planner {
  let index: CatalogueIndex
  let draft: ExperimentDraft
  let overrides: [Assignment]
  private(set) var findings: [Finding] = []
  private var resolver: Resolver
  let sweptPaths: Set<String>

  init(index: CatalogueIndex, draft: ExperimentDraft, overrides: [Assignment]) {
    self.index = index
    self.draft = draft
    self.overrides = overrides
    resolver = Resolver(index: index, base: draft.base, overrides: overrides)
    sweptPaths = Set(draft.sweep?.paths.map(\.path) ?? [])
  }

  /// nil when the sweep is too wrong to be expanded.
  mutating func expand() -> SweepVariants? {
    if let sweep = draft.sweep {
      findings += SweepChecks.overlaps(sweep) + SweepChecks.blindConditions(sweep)
      if let finding = SweepChecks.size(sweep, seeds: draft.seeds.count) {
        findings.append(finding)
      }
      if !findings.isEmpty { return nil }
    }
    var probe = Resolver(index: index, base: draft.base, overrides: overrides)
    var sweep = SweepExpansion(
      SweepLayout(draft.sweep, rootSeed: draft.rootSeed),
      pointLimit: SweepChecks.trialLimit / draft.seeds.count
    ) { set, path in
      let resolved = probe.resolve(set)
      if path == CatalogueIndex.presetPath { return resolved.preset.map { .string($0) } }
      return probe.configuration(resolved)[path: path]
    }
    let (points, count) = sweep.expand()
    if sweep.isTooLarge, let node = draft.sweep {
      let found = "more than \(Numbers.whole(SweepChecks.trialLimit)) trials"
      findings.append(SweepChecks.tooLarge(node, found: found))
      return nil
    }
    findings += sweep.findings
    if findings.hasErrors { return nil }
    guard !points.isEmpty else {
      findings.append(
        Finding(
          code: "empty-sweep", at: draft.sweep?.place, path: "sweep",
          problem: "every variant is excluded"))
      return nil
    }
    if let node = draft.sweep,
      let finding = SweepChecks.size(node, points: points.count, axes: sweep.layout.axes.count)
    {
      findings.append(finding)
      return nil
    }
    return expansion(points, sweep.layout, count)
  }

  private mutating func expansion(
    _ points: [SweepPoint], _ layout: SweepLayout, _ count: SweepCount?
  ) -> SweepVariants {
    var expansion = SweepVariants()
    expansion.axes = layout.axes.map(\.plan)
    var distinct = DistinctFindings()
    var merging = VariantMerging()
    var ranges: Set<ClosedRange<Double>?> = []
    var usedBase: Set<Int> = []
    var whyUnused: [Int: String] = [:]
    var labels = variantLabels(points, layout.axes)
    for (number, point) in points.enumerated() {
      let set = point.assignments.map { layout.assignments[$0] }
      let resolved = resolver.resolve(set)
      let configuration = resolver.configuration(resolved)
      for finding in resolved.findings { distinct.add(finding, variant: labels[number]) }
      for finding in violations(configuration, resolved, set) {
        distinct.add(finding, variant: labels[number])
      }
      let unused = unused(configuration, resolved, set)
      for finding in unused.findings { distinct.add(finding, variant: labels[number]) }
      whyUnused.merge(unused.base, uniquingKeysWith: { first, _ in first })
      for i in draft.base.indices where !resolved.drops(base: i) && unused.base[i] == nil {
        usedBase.insert(i)
      }
      ranges.insert(returnRange(resolved))
      let (variant, isNew) = merging.add(number, resolved.parts, configuration)
      expansion.variantOfPoint.append(variant)
      guard isNew else { continue }
      expansion.variants.append(
        Plan.Variant(
          index: expansion.variants.count, label: "",
          levels: point.levels(count: layout.axes.count), preset: resolved.preset,
          configuration: configuration, dropped: resolved.dropped + unused.notes))
    }
    let perVariant = distinct.all(ofVariants: points.count)
    findings += perVariant
    for (i, assignment) in draft.base.enumerated() where !usedBase.contains(i) {
      findings.append(unusedEverywhere(assignment, because: whyUnused[i]))
    }
    // Where a value is not used, variants are often the same; the first error says it better.
    if !perVariant.hasErrors { findings += duplicates(merging, labels, points, layout) }
    if merging.kept.count < points.count {
      labels = variantLabels(merging.kept.map { points[$0] }, layout.axes)
    }
    for i in expansion.variants.indices { expansion.variants[i].label = labels[i] }
    fillDiffering(&expansion.variants, layout.axes)
    expansion.identities = merging.parts.map { parts in
      IdentityTemplate(
        sections: zip(index.catalogue.sections, parts).map { (name: $0.name, json: $1.identity) },
        rootSeed: draft.rootSeed)
    }
    expansion.trials = trials(expansion.identities)
    expansion.returnRange = ranges.count == 1 ? ranges.first ?? nil : nil
    var pairs = HypothesisPairs(
      variants: expansion.variants, axes: layout.axes, written: draft.written)
    expansion.hypotheses = draft.hypotheses.enumerated().map { pairs.hypothesis($0, $1) }
    findings += pairs.findings
    expansion.arithmetic = arithmetic(count, merged: merging.merged.count, merging.kept.count)
    return expansion
  }

  private func trials(_ identities: [IdentityTemplate]) -> [Plan.PlannedTrial] {
    var trials: [Plan.PlannedTrial] = []
    trials.reserveCapacity(identities.count * draft.seeds.count)
    for (variant, identity) in identities.enumerated() {
      for (seed, id) in zip(draft.seeds, identity.ids(seeds: draft.seeds)) {
        trials.append(
          Plan.PlannedTrial(number: trials.count + 1, id: id, variant: variant, seed: seed))
      }
    }
    return trials
  }

  private func arithmetic(_ sweep: SweepCount?, merged: Int, _ variants: Int) -> String {
    let seeds = draft.seeds.count
    let whole = sweep?.without(merged, merged == 1 ? "duplicate" : "duplicates")
    let head = whole.map { "\($0.text) = " } ?? ""
    // The first look may need more seeds than `from` to decide anything.
    let from =
      draft.seedRange.map { range in
        LookPlan(from: range.from, to: range.to, hypotheses: draft.hypotheses.count)?.pairs[0]
          ?? range.from
      } ?? seeds
    func range(_ factor: Int) -> String {
      from < seeds ? "\(Numbers.whole(from * factor)) to " : ""
    }
    return head + "\(counted(variants, "variant")) × \(range(1))\(counted(seeds, "seed"))"
      + " = \(range(variants))\(counted(variants * seeds, "trial"))"
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    Numbers.count(count, noun)
  }

  /// What the sweep sets, less what all variants have in common.
  private func fillDiffering(_ variants: inout [Plan.Variant], _ axes: [SweepAxis]) {
    var paths: [String] = []
    for path in axes.flatMap(\.paths) where !paths.contains(path) { paths.append(path) }
    for path in paths {
      let values = variants.map { $0.value(at: path) }
      guard values.contains(where: { $0 != values[0] }) else { continue }
      for (i, value) in values.enumerated() {
        guard let value else { continue }
        variants[i].differing.append(Plan.Setting(path: path, value: value))
      }
    }
  }
}

/// The parts of a plan that follow from the sweep.
package struct SweepVariants: Sendable {
  package internal(set) var axes: [Plan.Axis] = []
  package internal(set) var variants: [Plan.Variant] = []
  var trials: [Plan.PlannedTrial] = []
  /// What names the trials of each variant.
  var identities: [IdentityTemplate] = []
  /// For each point of the sweep, such as a draw, the variant that it is: points that are the same
  /// trials are one.
  package internal(set) var variantOfPoint: [Int] = []
  var hypotheses: [Plan.Hypothesis] = []
  var arithmetic = ""
  /// What all variants agree on.
  var returnRange: ClosedRange<Double>?

  /// The name of the trial of a variant and a seed.
  package func trial(_ variant: Int, seed: Int) -> String {
    identities[variant].ids(seeds: [seed])[0]
  }
}
