// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// One variant's full configuration, and what came up on the way to it.
struct Resolved {
  /// What became of one section.
  struct Part {
    var value: ConfigValue
    /// The chosen component, as an index.
    var component: Int
    /// What of the section enters identity, as canonical JSON; nil where nothing does.
    var identity: String?
    var dropped: [String] = []
    /// Keys of `base` that this variant uses not, as indices into the base's assignments.
    var droppedBase: [Int] = []
    var findings: [Finding] = []
  }

  var preset: String?
  var parts: [Part] = []

  var dropped: [String] { parts.flatMap(\.dropped) }
  var droppedBase: [Int] { parts.flatMap(\.droppedBase) }
  var findings: [Finding] { parts.flatMap(\.findings) }

  /// The value of a section's selector.
  func name(of section: Section, in catalogue: Catalogue) -> String? {
    guard let selector = section.selector,
      let number = catalogue.sections.firstIndex(where: { $0.name == section.name }),
      parts.indices.contains(number), case .string(let name)? = parts[number].value[path: selector]
    else { return nil }
    return name
  }
}

/// Lays component defaults, preset, base, sweep and `--set` over each other, in this order.
struct Resolver {
  /// A section is the same under the same preset and the same values of the sweep.
  private struct MemoKey: Hashable {
    let section: Int
    let preset: String?
    let sweepNumbers: [Int]
    let brought: Brought
  }

  /// The defaults that components of earlier sections bring to a section, by key.
  private struct Brought: Hashable {
    /// Under the preset's values.
    var under: [String: ConfigValue] = [:]
    /// Over the preset's values, as the preset was made for another component.
    var over: [String: ConfigValue] = [:]
    /// Whose they are, such as `environment.id is "cartpole"`.
    var reason = ""

    /// With what the chosen component says of its own section against a preset that was made for
    /// another component.
    func with(
      own section: Section, _ number: Int, preset: ConfigValue?, name: ConfigValue?
    ) -> Brought {
      let component = section.components[number]
      guard let selector = section.selector, let preset, !component.isNamed(preset) else {
        return self
      }
      var all = self
      for (path, value) in component.bringsDefaults where path.hasPrefix(section.name + ".") {
        all.over[String(path.dropFirst(section.name.count + 1))] = value
        all.reason = "\(section.name).\(selector) is \(canonicalJSON(name ?? .null))"
      }
      return all
    }
  }

  let index: CatalogueIndex
  let base: [Assignment]
  let overrides: [Assignment]
  private var memo: [MemoKey: Resolved.Part] = [:]

  init(index: CatalogueIndex, base: [Assignment], overrides: [Assignment]) {
    self.index = index
    self.base = base
    self.overrides = overrides
  }

  /// The variant that `sweep` makes of the base.
  mutating func resolve(_ sweep: [Assignment]) -> Resolved {
    var resolved = Resolved()
    let isPreset = { (assignment: Assignment) in assignment.path == CatalogueIndex.presetPath }
    let last =
      overrides.last(where: isPreset) ?? sweep.last(where: isPreset) ?? base.last(where: isPreset)
    if case .string(let preset)? = last?.value { resolved.preset = preset }
    for section in index.catalogue.sections.indices {
      let own = sweep.filter { $0.slot.section == section }
      let brought = brought(to: section, by: resolved)
      resolved.parts.append(
        part(section, preset: resolved.preset, sweep: own, brought: brought))
    }
    return resolved
  }

  /// The sections as one object.
  func configuration(_ resolved: Resolved) -> ConfigValue {
    let names = index.catalogue.sections.map(\.name)
    return .object(
      Dictionary(
        zip(names, resolved.parts).map { ($0, $1.value) }, uniquingKeysWith: { first, _ in first }))
  }

  /// What the components chosen so far bring to a section.
  private func brought(to number: Int, by resolved: Resolved) -> Brought {
    let section = index.catalogue.sections[number]
    var brought = Brought()
    for (earlier, chosen) in zip(index.catalogue.sections, resolved.parts) {
      let component = earlier.components[chosen.component]
      guard !component.bringsDefaults.isEmpty, let selector = earlier.selector else { continue }
      let ofPreset = values(ofPreset: resolved.preset, section: earlier.name)
        .first { $0.key == selector }?.value
      let isPresets = ofPreset.map(component.isNamed) ?? true
      for (path, value) in component.bringsDefaults where path.hasPrefix(section.name + ".") {
        let key = String(path.dropFirst(section.name.count + 1))
        if isPresets { brought.under[key] = value } else { brought.over[key] = value }
        let name = resolved.name(of: earlier, in: index.catalogue) ?? component.id
        brought.reason = "\(earlier.name).\(selector) is \"\(name)\""
      }
    }
    return brought
  }

  private mutating func part(
    _ section: Int, preset: String?, sweep: [Assignment], brought: Brought
  ) -> Resolved.Part {
    let key = MemoKey(
      section: section, preset: preset, sweepNumbers: sweep.map(\.number), brought: brought)
    if let known = memo[key] { return known }
    let made = makePart(section, preset: preset, sweep: sweep, brought: brought)
    memo[key] = made
    return made
  }

  private func makePart(
    _ number: Int, preset: String?, sweep: [Assignment], brought: Brought
  ) -> Resolved.Part {
    let section = index.catalogue.sections[number]
    let ofPreset = values(ofPreset: preset, section: section.name)
    let layers =
      base.enumerated().filter { $0.element.slot.section == number }
      + (sweep + overrides.filter { $0.slot.section == number }).map { (offset: -1, element: $0) }

    let selected = section.selector ?? ""
    let ofPresetSelected = ofPreset.first { $0.key == selected }?.value
    var chosen = brought.over[selected] ?? ofPresetSelected ?? brought.under[selected]
    for layer in layers where layer.element.slot.isSelector { chosen = layer.element.value }
    let component = chosen.flatMap { section.index(chosenBy: $0) } ?? 0
    let brought = brought.with(own: section, component, preset: ofPresetSelected, name: chosen)
    let presetValues = ofPreset.filter { brought.over[$0.key] == nil }
    let parameters = Dictionary(
      section.components[component].parameters.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })

    var values = parameters.mapValues(\.defaultValue)
    var id = section.components[component].id
    if case .string(let name)? = chosen, section.components[component].isNamed(.string(name)) {
      id = name
    }
    for (key, value) in brought.under.merging(brought.over, uniquingKeysWith: { $1 })
    where parameters[key] != nil { values[key] = value }
    if let selector = section.selector { values[selector] = .string(id) }
    var part = Resolved.Part(value: .null, component: component)
    part.dropped = notes(on: ofPreset, of: preset, section, brought, layers.map(\.element))
    let reason =
      section.selector.map { "\(section.name).\($0) is \"\(id)\"" }
      ?? "\(section.name) has no such key"
    for (key, value) in presetValues where key != section.selector {
      if parameters[key] != nil {
        values[key] = value
      } else {
        part.dropped.append(
          "\(section.name).\(key) of preset \"\(preset ?? "")\" is not used: \(reason)")
      }
    }
    for (offset, assignment) in layers where !assignment.slot.isSelector {
      let key = assignment.slot.key
      if let parameter = parameters[key] {
        values[key] = assignment.value
        if let finding = misfit(assignment, parameter, id, section) {
          part.findings.append(finding)
        }
      } else if assignment.origin == .base {
        part.dropped.append("\(assignment.shownPath) is not used: \(reason)")
        part.droppedBase.append(offset)
      } else {
        part.findings.append(unused(assignment, reason, section))
      }
    }
    part.value = .object(values)
    part.identity = section.identity(values)
    return part
  }

  /// A line for each value of the preset that a brought default replaces.
  private func notes(
    on ofPreset: [(key: String, value: ConfigValue)], of preset: String?, _ section: Section,
    _ brought: Brought, _ layers: [Assignment]
  ) -> [String] {
    ofPreset.compactMap { key, value in
      guard let own = brought.over[key], own != value,
        !layers.contains(where: { $0.slot.key == key })
      else { return nil }
      return """
        \(section.name).\(key) \(canonicalJSON(value)) of preset "\(preset ?? "")" is not used, \
        but \(canonicalJSON(own)): \(brought.reason)
        """
    }
  }

  private func values(
    ofPreset id: String?, section: String
  ) -> [(key: String, value: ConfigValue)] {
    guard let id, let preset = index.catalogue.presets.first(where: { $0.id == id }),
      case .object(let values)? = preset.values[path: section]
    else { return [] }
    return values.sorted { precedesInUTF16($0.key, $1.key) }
  }

  /// A value that another component of the section allows, but not this one.
  private func misfit(
    _ assignment: Assignment, _ parameter: Parameter, _ id: String, _ section: Section
  ) -> Finding? {
    guard assignment.slot.choices.count > 1 else { return nil }
    guard let error = parameter.mismatch(assignment.value) else { return nil }
    return Finding(
      code: error.code, at: assignment.place, path: assignment.shownPath,
      found: canonicalJSON(assignment.value),
      allowed: parameter.allowedSentence
        + " where \(section.name).\(section.selector ?? "kind") is \"\(id)\"")
  }

  private func unused(_ assignment: Assignment, _ reason: String, _ section: Section) -> Finding {
    let users = assignment.slot.choices.map { "\"\($0.component)\"" }
    let origin = assignment.origin == .override ? "--set" : "the sweep"
    return Finding(
      code: "unused-key", at: assignment.place, path: assignment.path,
      problem: "\(origin) sets it, but \(reason)", help: "only \(list(users)) uses it")
  }
}
