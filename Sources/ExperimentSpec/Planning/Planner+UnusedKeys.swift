// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension Planner {
  /// Settings of one variant that have no effect beside its others.
  struct UnusedSettings {
    /// Errors, for what the sweep or `--set` sets.
    var findings: [Finding] = []
    /// Lines for the plan, for what the base or its preset says.
    var notes: [String] = []
    /// Why, by the index of the base's assignment.
    var base: [Int: String] = [:]
  }

  /// What the chosen components say of keys without effect. The values stay in the configuration: a
  /// trial's name does not depend on it.
  func unused(
    _ configuration: ConfigValue, _ resolved: Resolved, _ sweep: [Assignment]
  ) -> UnusedSettings {
    var result = UnusedSettings()
    for (section, part) in zip(index.catalogue.sections, resolved.parts) {
      let component = section.components[part.layers.component]
      for keys in touched(component, part.layers, resolved.preset) where keys.holds(configuration) {
        let reason = keys.because
          .map { "\($0) is \(canonicalJSON(configuration[path: $0] ?? .null))" }
          .joined(separator: " and ")
        add(keys, reason, resolved, sweep, to: &result)
      }
    }
    return result
  }

  /// What a component says of keys without effect, as far as anything sets them here: asking about
  /// the others for each variant would tell nothing.
  private func touched(
    _ component: Component, _ layers: Resolved.Layers, _ id: String?
  ) -> [UnusedKeys] {
    if let keys = layers.touched { return keys }
    let paths = (draft.base + overrides).map(\.path) + sweptPaths
    let preset = index.catalogue.presets.first { $0.id == id }
    let keys = component.unused.filter { keys in
      paths.contains(where: keys.contain)
        || keys.paths.contains { preset?.values[path: $0] != nil }
    }
    layers.touched = keys
    return keys
  }

  private func add(
    _ keys: UnusedKeys, _ reason: String, _ resolved: Resolved, _ sweep: [Assignment],
    to result: inout UnusedSettings
  ) {
    for assignment in sweep + overrides where keys.contain(assignment.path) {
      let isKnown = (resolved.findings + result.findings).contains {
        $0.code == "unused-key" && $0.path == assignment.path
      }
      if isKnown { continue }
      let isOverride = assignment.origin == .override
      result.findings.append(
        Finding(
          code: "unused-key", at: assignment.place, path: assignment.path,
          problem: "\(isOverride ? "--set" : "the sweep") sets it, but \(reason)",
          help: isOverride
            ? "leave it out" : "set it only where it is used, by \"cases\" or \"when\""))
    }
    for (i, assignment) in draft.base.enumerated()
    where keys.contain(assignment.path) && !resolved.drops(base: i)
      && result.base[i] == nil
    {
      result.base[i] = reason
      result.notes.append("\(assignment.shownPath) is not used: \(reason)")
    }
    let preset = index.catalogue.presets.first { $0.id == resolved.preset }
    for path in keys.paths where preset?.values[path: path] != nil {
      result.notes.append("\(path) of preset \"\(preset?.id ?? "")\" is not used: \(reason)")
    }
  }
}
