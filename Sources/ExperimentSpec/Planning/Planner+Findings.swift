// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension Planner {
  /// What the chosen components' constraints say against a configuration.
  func violations(
    _ configuration: ConfigValue, _ resolved: Resolved, _ sweep: [Assignment]
  ) -> [Finding] {
    var findings: [Finding] = []
    for (section, part) in zip(index.catalogue.sections, resolved.parts) {
      for constraint in section.components[part.layers.component].constraints {
        guard let sentence = constraint.violation(configuration) else { continue }
        let cause = (draft.base + sweep + overrides).last { $0.path == constraint.path }
        let sectionName = String(constraint.path.prefix { $0 != "." })
        let place =
          cause?.place ?? (draft.written["base.\(sectionName)"] ?? draft.written["base"])?.key
        findings.append(
          Finding(
            constraint.severity == .error ? .error : .warning, code: constraint.code, at: place,
            in: draft.source, path: cause?.shownPath ?? constraint.path, problem: sentence))
      }
    }
    return findings
  }

  /// The range of returns that the chosen components know, if they agree on one.
  func returnRange(_ resolved: Resolved) -> ClosedRange<Double>? {
    for (section, part) in zip(index.catalogue.sections, resolved.parts) {
      if let range = section.components[part.layers.component].returnRange { return range }
    }
    return nil
  }

  /// A warning about a value of `base` that no variant uses.
  ///
  /// - Parameter reason: why, where other values are the reason; nil where no component has the key.
  func unusedEverywhere(_ assignment: Assignment, because reason: String?) -> Finding {
    let users = assignment.slot.choices.map { "\"\($0.component)\"" }
    return Finding(
      .warning, code: "unused-key", at: assignment.place, path: assignment.shownPath,
      problem: "no variant uses it", help: reason ?? "only \(list(users)) uses it")
  }

  /// What is to be said of points that are the same trials.
  func duplicates(
    _ merging: VariantMerging, _ labels: [String], _ points: [SweepPoint], _ layout: SweepLayout
  ) -> [Finding] {
    let pairs = merging.merged + merging.contradicting
    guard let pair = pairs.first else { return [] }
    let swept = Set(layout.axes.flatMap(\.paths))
    let hiding = overrides.filter { swept.contains($0.path) }
    if !hiding.isEmpty {
      return hiding.map { override in
        Finding(
          code: "duplicate-variant", at: override.place, path: override.path,
          problem: "the sweep varies it, and \(override.place.source.name) makes variants equal",
          help: "edit the sweep instead",
          notes: ["\"\(labels[pair.first])\" and \"\(labels[pair.second])\" are one"])
      }
    }
    var findings = merging.contradicting.prefix(10).map { pair in
      let place = points[pair.second].assignments.last.map { layout.assignments[$0].place }
      return Finding(
        code: "duplicate-variant", at: place ?? draft.sweep?.place, path: "sweep",
        problem: "\"\(labels[pair.first])\" and \"\(labels[pair.second])\" are the same trials, "
          + "but differ in how they are judged or kept",
        help: "remove one of them, or make them differ in what is trained")
    }
    if let pair = merging.merged.first {
      findings.append(merged(pair, of: merging, labels))
    }
    return findings
  }

  private func merged(
    _ pair: VariantMerging.Pair, of merging: VariantMerging, _ labels: [String]
  ) -> Finding {
    func same(_ pair: VariantMerging.Pair) -> String {
      "\"\(labels[pair.second])\" is \"\(labels[pair.first])\" once more"
    }
    let others = merging.merged.dropFirst()
    var notes = others.prefix(3).map(same)
    if others.count > 3 { notes.append("and \(Numbers.whole(others.count - 3)) more") }
    let count = merging.merged.count
    return Finding(
      .warning, code: "duplicate-variant", at: draft.sweep?.place, path: "sweep",
      problem: same(pair), help: count == 1 ? "it is kept once" : "each is kept once",
      notes: notes)
  }
}

/// Findings of many variants, each kept once, with the variants that have it.
struct DistinctFindings {
  private var order: [Finding] = []
  private var labels: [Finding: (first: String, count: Int)] = [:]

  /// Counts a finding of a variant.
  mutating func add(_ finding: Finding, variant: String) {
    if let known = labels[finding] {
      labels[finding] = (known.first, known.count + 1)
    } else {
      labels[finding] = (variant, 1)
      order.append(finding)
    }
  }

  /// In order of first appearance; a note names the variant where there are several.
  func all(ofVariants total: Int) -> [Finding] {
    order.map { finding in
      guard total > 1, let known = labels[finding] else { return finding }
      var named = finding
      let more = known.count > 1 ? " and \(Numbers.whole(known.count - 1)) more" : ""
      named.notes.append("in variant \"\(known.first)\"\(more)")
      return named
    }
  }
}

/// Finds the points of a sweep that are the same trials, so that each is kept once.
struct VariantMerging {
  /// Two points, by their numbers; the first is kept.
  typealias Pair = (first: Int, second: Int)

  /// Points to keep, and the sections of each.
  private(set) var kept: [Int] = []
  private(set) var parts: [[Resolved.Part]] = []
  /// Points that say just what an earlier one says.
  private(set) var merged: [Pair] = []
  /// Points that are the trials of an earlier one, but would have them evaluated or kept otherwise.
  private(set) var contradicting: [Pair] = []
  private var known: [[Int]: (point: Int, variant: Int, configuration: ConfigValue)] = [:]

  /// The place of a point among those kept, and whether no earlier point is the same trials.
  mutating func add(
    _ point: Int, _ parts: [Resolved.Part], _ configuration: ConfigValue
  ) -> (variant: Int, isNew: Bool) {
    let key = parts.map(\.identityNumber)
    guard let earlier = known[key] else {
      known[key] = (point, kept.count, configuration)
      kept.append(point)
      self.parts.append(parts)
      return (kept.count - 1, true)
    }
    let pair = (first: earlier.point, second: point)
    if earlier.configuration == configuration {
      merged.append(pair)
    } else {
      contradicting.append(pair)
    }
    return (earlier.variant, false)
  }
}
