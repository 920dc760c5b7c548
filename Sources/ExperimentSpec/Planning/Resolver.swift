// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// One variant's full configuration, and what came up on the way to it.
struct Resolved {
  /// What became of one section; shared by all variants in which it is the same.
  final class Part {
    let value: ConfigValue
    /// What of the section enters identity, as canonical JSON; nil where nothing does.
    let identity: String?
    /// The same for sections whose identities are the same.
    let identityNumber: Int
    let findings: [Finding]
    let layers: Layers

    init(
      _ value: ConfigValue, identity: String?, number: Int, findings: [Finding],
      over layers: Layers
    ) {
      (self.value, self.identity, identityNumber) = (value, identity, number)
      (self.findings, self.layers) = (findings, layers)
    }
  }

  /// What a section is before the sweep sets its values: what lies under them, and over them.
  final class Layers {
    /// The chosen component, as an index.
    var component = 0
    /// The value of the selector.
    var name = ""
    var parameters: [String: Parameter] = [:]
    var values: [String: ConfigValue] = [:]
    var identity = SectionIdentity()
    /// What `--set` sets over the sweep.
    var overrides: [Assignment] = []
    var dropped: [String] = []
    /// Keys of `base` that this variant uses not, as indices into the base's assignments.
    var droppedBase: [Int] = []
    var findings: [Finding] = []
    /// Why a key is not used.
    var reason = ""
    /// Keys without effect of which anything is set here; nil until it is asked for.
    var touched: [UnusedKeys]?
    /// The section with values of the sweep, by their numbers.
    var parts: [[Int]: Part] = [:]
  }

  var preset: String?
  var parts: [Part] = []

  var dropped: [String] { parts.flatMap(\.layers.dropped) }
  var findings: [Finding] { parts.flatMap(\.findings) }

  func drops(base index: Int) -> Bool { parts.contains { $0.layers.droppedBase.contains(index) } }
}

/// Lays component defaults, preset, base, sweep and `--set` over each other, in this order.
struct Resolver {
  /// What lies under the values of a sweep is the same for all of them.
  private struct LayersKey: Hashable {
    let section: Int
    let preset: String?
    let paths: [String]
    let selector: ConfigValue?
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
  private var layers: [LayersKey: Resolved.Layers] = [:]
  /// By section: the next point mostly asks for the same.
  private var latest: [(key: LayersKey, layers: Resolved.Layers)?]
  private var identityNumbers: [String?: Int] = [:]

  init(index: CatalogueIndex, base: [Assignment], overrides: [Assignment]) {
    self.index = index
    self.base = base
    self.overrides = overrides
    latest = index.catalogue.sections.map { _ in nil }
  }

  /// The variant that `sweep` makes of the base.
  mutating func resolve(_ sweep: [Assignment]) -> Resolved {
    var resolved = Resolved()
    let isPreset = { (assignment: Assignment) in assignment.slot.section < 0 }
    let last =
      overrides.last(where: isPreset) ?? sweep.last(where: isPreset) ?? base.last(where: isPreset)
    if case .string(let preset)? = last?.value { resolved.preset = preset }
    var own = [[Assignment]](repeating: [], count: index.catalogue.sections.count)
    for assignment in sweep where !isPreset(assignment) {
      own[assignment.slot.section].append(assignment)
    }
    for (section, own) in own.enumerated() {
      let brought = brought(to: section, by: resolved)
      resolved.parts.append(
        part(section, preset: resolved.preset, sweep: own, brought: brought))
    }
    return resolved
  }

  /// The sections as one object.
  func configuration(_ resolved: Resolved) -> ConfigValue {
    var sections = [String: ConfigValue](minimumCapacity: resolved.parts.count)
    for (section, part) in zip(index.catalogue.sections, resolved.parts) {
      sections[section.name] = part.value
    }
    return .object(sections)
  }

  /// What the components chosen so far bring to a section.
  private func brought(to number: Int, by resolved: Resolved) -> Brought {
    let section = index.catalogue.sections[number]
    var brought = Brought()
    for (earlier, chosen) in zip(index.catalogue.sections, resolved.parts) {
      let component = earlier.components[chosen.layers.component]
      guard !component.bringsDefaults.isEmpty, let selector = earlier.selector else { continue }
      let ofPreset = values(ofPreset: resolved.preset, section: earlier.name)
        .first { $0.key == selector }?.value
      let isPresets = ofPreset.map(component.isNamed) ?? true
      for (path, value) in component.bringsDefaults where path.hasPrefix(section.name + ".") {
        let key = String(path.dropFirst(section.name.count + 1))
        if isPresets { brought.under[key] = value } else { brought.over[key] = value }
        brought.reason = "\(earlier.name).\(selector) is \"\(chosen.layers.name)\""
      }
    }
    return brought
  }

  private mutating func part(
    _ section: Int, preset: String?, sweep: [Assignment], brought: Brought
  ) -> Resolved.Part {
    let key = LayersKey(
      section: section, preset: preset, paths: sweep.map(\.path),
      selector: sweep.last { $0.slot.isSelector }?.value, brought: brought)
    let under: Resolved.Layers
    if let last = latest[section], last.key == key {
      under = last.layers
    } else {
      under = layers[key] ?? layers(section, preset: preset, sweep, brought)
      layers[key] = under
      latest[section] = (key, under)
    }
    let numbers = sweep.map(\.number)
    if let known = under.parts[numbers] { return known }
    let made = laid(sweep, over: under, of: index.catalogue.sections[section])
    under.parts[numbers] = made
    return made
  }

  /// The section with the values of one point of the sweep.
  private mutating func laid(
    _ sweep: [Assignment], over layers: Resolved.Layers, of section: Section
  ) -> Resolved.Part {
    var (values, identity, findings) = (layers.values, layers.identity, layers.findings)
    for assignment in sweep where !assignment.slot.isSelector {
      let key = assignment.slot.key
      guard let parameter = layers.parameters[key] else {
        findings.append(unused(assignment, layers.reason, section))
        continue
      }
      if let finding = misfit(assignment, parameter, layers.name, section) {
        findings.append(finding)
      }
      values[key] = assignment.laid(over: values[key])
      for override in layers.overrides where override.slot.key == key {
        values[key] = override.laid(over: values[key])
      }
      identity.set(parameter, to: values[key] ?? .null)
    }
    let text = section.text(of: identity)
    let number = identityNumbers[text] ?? identityNumbers.count
    identityNumbers[text] = number
    return Resolved.Part(
      .object(values), identity: text, number: number, findings: findings, over: layers)
  }

  /// - Parameter sweep: what it sets here; of its values the selector's alone counts.
  private func layers(
    _ number: Int, preset: String?, _ sweep: [Assignment], _ brought: Brought
  ) -> Resolved.Layers {
    let section = index.catalogue.sections[number]
    let ofPreset = values(ofPreset: preset, section: section.name)
    let base = base.enumerated().filter { $0.element.slot.section == number }
    let overrides = overrides.filter { $0.slot.section == number }
    let written = base.map(\.element) + sweep + overrides

    let selected = section.selector ?? ""
    let ofPresetSelected = ofPreset.first { $0.key == selected }?.value
    let chosen =
      written.last { $0.slot.isSelector }?.value ?? brought.over[selected] ?? ofPresetSelected
      ?? brought.under[selected]
    let result = Resolved.Layers()
    result.component = chosen.flatMap { section.index(chosenBy: $0) } ?? 0
    let component = section.components[result.component]
    let brought = brought.with(
      own: section, result.component, preset: ofPresetSelected, name: chosen)
    let parameters = Dictionary(
      component.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    result.name = component.id
    if case .string(let name)? = chosen, component.isNamed(.string(name)) { result.name = name }
    result.reason =
      section.selector.map { "\(section.name).\($0) is \"\(result.name)\"" }
      ?? "\(section.name) has no such key"

    var values = parameters.mapValues(\.defaultValue)
    for (key, value) in brought.under.merging(brought.over, uniquingKeysWith: { $1 })
    where parameters[key] != nil { values[key] = value }
    if let selector = section.selector { values[selector] = .string(result.name) }
    result.dropped = notes(on: ofPreset, of: preset, section, brought, written)
    for (key, value) in ofPreset where key != section.selector && brought.over[key] == nil {
      if let other = other(than: "\(section.name).\(key)", in: component, written) {
        result.dropped.append(
          "\(section.name).\(key) of preset \"\(preset ?? "")\" is not used: \(other) is set")
      } else if parameters[key] != nil {
        values[key] = value
      } else {
        result.dropped.append(
          "\(section.name).\(key) of preset \"\(preset ?? "")\" is not used: \(result.reason)")
      }
    }
    let others = base + overrides.map { (offset: -1, element: $0) }
    for (offset, assignment) in others where !assignment.slot.isSelector {
      let key = assignment.slot.key
      if let parameter = parameters[key] {
        values[key] = assignment.laid(over: values[key])
        if let finding = misfit(assignment, parameter, result.name, section) {
          result.findings.append(finding)
        }
      } else if assignment.origin == .base {
        result.dropped.append("\(assignment.shownPath) is not used: \(result.reason)")
        result.droppedBase.append(offset)
      } else {
        result.findings.append(unused(assignment, result.reason, section))
      }
    }
    (result.parameters, result.values) = (parameters, values)
    result.overrides = overrides
    result.identity = SectionIdentity(values, component)
    return result
  }

  /// The key that is written instead of another one that says the same.
  private func other(
    than path: String, in component: Component, _ written: [Assignment]
  ) -> String? {
    guard let keys = component.unused.first(where: { $0.alternative == path }) else { return nil }
    let paths = written.map(\.path)
    return paths.contains(path) ? nil : paths.first(where: keys.contain)
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
    guard assignment.slot.choices.count > 1, assignment.slot.inner == nil else { return nil }
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
