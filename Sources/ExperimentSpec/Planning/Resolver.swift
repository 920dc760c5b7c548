// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// One variant's full configuration, and what came up on the way to it.
struct Resolved {
  var sections: [ConfigValue] = []
  /// The chosen component of each section, as an index.
  var components: [Int] = []
  /// What of each section enters identity, as canonical JSON; nil where nothing does.
  var identities: [String?] = []
  var preset: String?
  var dropped: [String] = []
  /// Keys of `base` that this variant uses not, as indices into the base's assignments.
  var droppedBase: [Int] = []
  var findings: [Finding] = []
}

/// Lays component defaults, preset, base, sweep and `--set` over each other, in this order.
struct Resolver {
  private struct Part {
    var value: ConfigValue
    var component: Int
    var identity: String?
    var dropped: [String] = []
    var droppedBase: [Int] = []
    var findings: [Finding] = []
  }

  /// A section is the same under the same preset and the same values of the sweep.
  private struct MemoKey: Hashable {
    let section: Int
    let preset: String?
    let sweepNumbers: [Int]
  }

  let index: CatalogueIndex
  let base: [Assignment]
  let overrides: [Assignment]
  private var memo: [MemoKey: Part] = [:]

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
      let part = part(section, preset: resolved.preset, sweep: own)
      resolved.sections.append(part.value)
      resolved.components.append(part.component)
      resolved.identities.append(part.identity)
      resolved.dropped += part.dropped
      resolved.droppedBase += part.droppedBase
      resolved.findings += part.findings
    }
    return resolved
  }

  /// The sections as one object.
  func configuration(_ resolved: Resolved) -> ConfigValue {
    let names = index.catalogue.sections.map(\.name)
    return .object(
      Dictionary(
        zip(names, resolved.sections).map { ($0, $1) }, uniquingKeysWith: { first, _ in first }))
  }

  private mutating func part(_ section: Int, preset: String?, sweep: [Assignment]) -> Part {
    let key = MemoKey(
      section: section, preset: preset, sweepNumbers: sweep.map(\.number))
    if let known = memo[key] { return known }
    let made = makePart(section, preset: preset, sweep: sweep)
    memo[key] = made
    return made
  }

  private func makePart(_ number: Int, preset: String?, sweep: [Assignment]) -> Part {
    let section = index.catalogue.sections[number]
    let presetValues = values(ofPreset: preset, section: section.name)
    let layers =
      base.enumerated().filter { $0.element.slot.section == number }
      + (sweep + overrides.filter { $0.slot.section == number }).map { (offset: -1, element: $0) }

    var chosen = presetValues.first { $0.key == section.selector }?.value
    for layer in layers where layer.element.slot.isSelector { chosen = layer.element.value }
    let component = section.components.firstIndex { .string($0.id) == chosen } ?? 0
    let parameters = Dictionary(
      section.components[component].parameters.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })

    var values = parameters.mapValues(\.defaultValue)
    let id = section.components[component].id
    if let selector = section.selector { values[selector] = .string(id) }
    var part = Part(value: .null, component: component)
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
    if section.entersIdentity {
      part.identity = canonicalJSON(.object(section.enteringIdentity(values)))
    }
    return part
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
    let text = canonicalJSON(assignment.value)
    let document = JSONReader.read(SourceText(name: "", text: text))
    guard let value = document.value, case .failure(let error) = checked(value, parameter.kind)
    else { return nil }
    return Finding(
      code: error.mismatch.code, at: assignment.place, path: assignment.shownPath, found: text,
      allowed: allowedSentence(parameter.kind, name: parameter.name, unit: parameter.unit)
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
