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
          cause?.place ?? draft.sectionPlaces["base.\(sectionName)"] ?? draft.sectionPlaces["base"]
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

  /// A warning about a value of `base` that is dropped from every variant.
  func unusedEverywhere(_ assignment: Assignment) -> Finding {
    let users = assignment.slot.choices.map { "\"\($0.component)\"" }
    return Finding(
      .warning, code: "unused-key", at: assignment.place, path: assignment.shownPath,
      problem: "no variant uses it", help: "only \(list(users)) uses it")
  }

  /// Variants that would be the same trials.
  func duplicates(
    _ identities: [IdentityTemplate], _ labels: [String], _ points: [SweepPoint],
    _ sweep: SweepExpansion
  ) -> [Finding] {
    var first: [String: Int] = [:]
    var pairs: [(first: Int, second: Int)] = []
    for (i, identity) in identities.enumerated() {
      let key = identity.withoutSeed
      if let other = first[key] { pairs.append((other, i)) } else { first[key] = i }
    }
    guard !pairs.isEmpty else { return [] }
    let swept = Set(sweep.axes.flatMap(\.paths))
    let hiding = overrides.filter { swept.contains($0.path) }
    if !hiding.isEmpty {
      return hiding.map { override in
        Finding(
          code: "duplicate-variant", at: override.place, path: override.path,
          problem: "the sweep varies it, and --set makes variants equal",
          help: "edit the sweep instead",
          notes: ["\"\(labels[pairs[0].first])\" and \"\(labels[pairs[0].second])\" are one"])
      }
    }
    var findings = pairs.prefix(10).map { pair in
      let place = points[pair.second].assignments.last.map { sweep.assignments[$0].place }
      return Finding(
        code: "duplicate-variant", at: place ?? draft.sweep?.place, path: "sweep",
        problem: "\"\(labels[pair.first])\" and \"\(labels[pair.second])\" are the same trials",
        help: "remove one of them, or make them differ in what is trained")
    }
    if pairs.count > 10, let last = findings.indices.last {
      findings[last].notes.append("and \(grouped(pairs.count - 10)) more pairs")
    }
    return findings
  }
}
