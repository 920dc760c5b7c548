// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension Planner {
  /// What the chosen components' constraints say against a configuration.
  func violations(
    _ configuration: ConfigValue, _ resolved: Resolved, _ sweep: [Assignment]
  ) -> [Finding] {
    var findings: [Finding] = []
    for (section, component) in zip(index.catalogue.sections, resolved.components) {
      for constraint in section.components[component].constraints {
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
    for (section, component) in zip(index.catalogue.sections, resolved.components) {
      if let range = section.components[component].returnRange { return range }
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
