// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// Expands a draft into a plan, and collects what only the whole can show.
struct Planner {
  let index: CatalogueIndex
  let draft: ExperimentDraft
  let overrides: [Assignment]
  private(set) var findings: [Finding] = []
  private var resolver: Resolver

  init(index: CatalogueIndex, draft: ExperimentDraft, overrides: [Assignment]) {
    self.index = index
    self.draft = draft
    self.overrides = overrides
    resolver = Resolver(index: index, base: draft.base, overrides: overrides)
  }

  /// The parts of a plan that follow from the sweep.
  struct Expansion {
    var axes: [SweepAxis] = []
    var variants: [Plan.Variant] = []
    var trials: [Plan.PlannedTrial] = []
    var hypotheses: [Plan.Hypothesis] = []
    var arithmetic = ""
    var returnRange: ClosedRange<Double>?
  }

  /// nil when the sweep is too wrong to be expanded.
  mutating func expand() -> Expansion? {
    if let sweep = draft.sweep {
      let overlaps = SweepChecks.overlaps(sweep)
      findings += overlaps
      if let finding = SweepChecks.size(sweep, seeds: draft.seeds.count) {
        findings.append(finding)
        return nil
      }
      if !overlaps.isEmpty { return nil }
    }
    let probe = Resolver(index: index, base: draft.base, overrides: overrides)
    var sweep = SweepExpansion { set, path in
      var resolver = probe
      let resolved = resolver.resolve(set)
      if path == CatalogueIndex.presetPath { return resolved.preset.map { .string($0) } }
      return resolver.configuration(resolved)[path: path]
    }
    let points = sweep.expand(draft.sweep)
    findings += sweep.findings
    guard !points.isEmpty else {
      findings.append(
        Finding(
          code: "empty-sweep", at: draft.sweep?.place, path: "sweep",
          problem: "every variant is excluded"))
      return nil
    }
    return expansion(points, sweep)
  }

  private mutating func expansion(_ points: [SweepPoint], _ sweep: SweepExpansion) -> Expansion {
    var expansion = Expansion()
    expansion.axes = sweep.axes
    let labels = variantLabels(points, sweep.axes)
    var distinct = DistinctFindings()
    var identities: [IdentityTemplate] = []
    var ranges: Set<ClosedRange<Double>?> = []
    var usedBase: Set<Int> = []
    for (number, point) in points.enumerated() {
      let set = point.assignments.map { sweep.assignments[$0] }
      let resolved = resolver.resolve(set)
      let configuration = resolver.configuration(resolved)
      for finding in resolved.findings { distinct.add(finding, variant: labels[number]) }
      for finding in violations(configuration, resolved, set) {
        distinct.add(finding, variant: labels[number])
      }
      for i in draft.base.indices where !resolved.droppedBase.contains(i) { usedBase.insert(i) }
      ranges.insert(returnRange(resolved))
      identities.append(
        IdentityTemplate(
          sections: Array(zip(index.catalogue.sections.map(\.name), resolved.identities)),
          rootSeed: draft.rootSeed))
      expansion.variants.append(
        Plan.Variant(
          index: number, label: labels[number], levels: point.levels.map { $0 < 0 ? nil : $0 },
          preset: resolved.preset, configuration: configuration, dropped: resolved.dropped))
    }
    let perVariant = distinct.all(ofVariants: points.count)
    findings += perVariant
    for (i, assignment) in draft.base.enumerated() where !usedBase.contains(i) {
      findings.append(unusedEverywhere(assignment))
    }
    fillDiffering(&expansion.variants, sweep)
    // Where a value is not used, variants are often the same; the first error says it better.
    if !perVariant.hasErrors { findings += duplicates(identities, labels, points, sweep) }
    expansion.trials = trials(identities)
    expansion.returnRange = ranges.count == 1 ? ranges.first ?? nil : nil
    var pairs = HypothesisPairs(variants: expansion.variants, axes: sweep.axes)
    expansion.hypotheses = draft.hypotheses.map { pairs.hypothesis($0) }
    findings += pairs.findings
    expansion.arithmetic = arithmetic(sweep.arithmetic, points.count)
    return expansion
  }

  private func trials(_ identities: [IdentityTemplate]) -> [Plan.PlannedTrial] {
    var trials: [Plan.PlannedTrial] = []
    trials.reserveCapacity(identities.count * draft.seeds.count)
    for (variant, identity) in identities.enumerated() {
      for seed in draft.seeds {
        trials.append(
          Plan.PlannedTrial(
            number: trials.count + 1, id: identity.identity(seed: seed).id, variant: variant,
            seed: seed))
      }
    }
    return trials
  }

  private func arithmetic(_ sweep: String, _ variants: Int) -> String {
    let seeds = draft.seeds.count
    let head = sweep.isEmpty ? "" : sweep + " = "
    return head + "\(counted(variants, "variant")) × \(counted(seeds, "seed"))"
      + " = \(counted(variants * seeds, "trial"))"
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  private func variantLabels(_ points: [SweepPoint], _ axes: [SweepAxis]) -> [String] {
    var uses: [String: Int] = [:]
    return points.map { point in
      let parts = zip(axes, point.levels).compactMap { axis, level in
        level < 0 ? nil : axis.labels[level]
      }
      let label = parts.isEmpty ? "base" : parts.joined(separator: " · ")
      let number = (uses[label] ?? 0) + 1
      uses[label] = number
      return number == 1 ? label : "\(label) (\(number))"
    }
  }

  /// What the sweep sets, less what all variants have in common.
  private func fillDiffering(_ variants: inout [Plan.Variant], _ sweep: SweepExpansion) {
    var paths: [String] = []
    for path in sweep.axes.flatMap(\.paths) where !paths.contains(path) { paths.append(path) }
    for path in paths {
      let values = variants.map { variant in
        path == CatalogueIndex.presetPath
          ? variant.preset.map { ConfigValue.string($0) } : variant.configuration[path: path]
      }
      guard values.contains(where: { $0 != values[0] }) else { continue }
      for (i, value) in values.enumerated() {
        guard let value else { continue }
        variants[i].differing.append(Plan.Setting(path: path, value: value))
      }
    }
  }
}
