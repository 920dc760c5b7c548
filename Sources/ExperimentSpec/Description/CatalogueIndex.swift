// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// The catalogue by dotted path, such as `returns.discount`, for reading and explaining.
struct CatalogueIndex: Sendable {
  /// What may stand at one path. A class, since every value of a sweep has its own.
  final class Slot: Sendable {
    let path: String
    let section: Int
    let key: String
    /// Where the path goes on into an object: the rest, such as `map_name`.
    let inner: String?
    /// Whether the value chooses the section's component.
    let isSelector: Bool
    /// Each component that has the key, with its own kind and range.
    let choices: [(component: String, parameter: Parameter)]

    init(
      path: String, section: Int, key: String, inner: String? = nil, isSelector: Bool,
      choices: [(component: String, parameter: Parameter)]
    ) {
      (self.path, self.section, self.key) = (path, section, key)
      (self.inner, self.isSelector, self.choices) = (inner, isSelector, choices)
    }

    /// The last words of the path, of which a label is made.
    var name: String { inner ?? key }

    /// Whether the value is an object, into which a path may go on.
    var isObject: Bool {
      choices.allSatisfy { if case .object = $0.parameter.kind { true } else { false } }
    }

    /// What may stand at a place within the object: anything.
    func inside(_ inner: String) -> Slot {
      Slot(
        path: "\(path).\(inner)", section: section, key: key, inner: inner, isSelector: false,
        choices: choices.map {
          ($0.component, Parameter(inner, .any, doc: $0.parameter.doc, allowed: "any JSON"))
        })
    }
  }

  /// The path that chooses a preset; it stands beside the sections.
  static let presetPath = "preset"

  let catalogue: Catalogue
  /// All paths in the order in which people read them.
  let paths: [String]
  private let slots: [String: Slot]

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
    var slots = catalogue.presets.isEmpty ? [] : [Self.presetSlot(catalogue)]
    for (number, section) in catalogue.sections.enumerated() {
      if let selector = section.selector {
        slots.append(Self.selectorSlot(section, number, selector))
      }
      var keys: [String] = []
      for component in section.components {
        for parameter in component.parameters where !keys.contains(parameter.name) {
          keys.append(parameter.name)
        }
      }
      for key in keys {
        let choices = section.components.compactMap { component in
          component.parameters.first { $0.name == key }.map { (component.id, $0) }
        }
        slots.append(
          Slot(
            path: "\(section.name).\(key)", section: number, key: key, isSelector: false,
            choices: choices))
      }
    }
    paths = slots.map(\.path)
    self.slots = Dictionary(slots.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// nil where nothing may stand.
  func slot(_ path: String) -> Slot? {
    // Swift strings that look alike are equal; names here are ASCII and equal by their bytes.
    guard path.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
    if let slot = slots[path] { return slot }
    let parts = path.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 2, !parts.contains(""),
      let whole = slots[parts[..<2].joined(separator: ".")], whole.isObject
    else { return nil }
    return whole.inside(parts[2...].joined(separator: "."))
  }

  /// The keys that `base.SECTION` may have, the selector first.
  func keys(ofSection name: String) -> [String] {
    paths.filter { $0.hasPrefix(name + ".") }.map { String($0.dropFirst(name.count + 1)) }
  }

  /// The sections that have `key`.
  func sections(withKey key: String) -> [String] {
    catalogue.sections.map(\.name).filter { slot("\($0).\(key)") != nil }
  }

  /// Whether changing the value at `path` can change a trial's identity.
  func entersIdentity(_ slot: Slot) -> Bool {
    guard slot.section >= 0 else { return true }
    return catalogue.sections[slot.section].entersIdentity
      && slot.choices.contains { $0.parameter.entersIdentity }
  }

  private static func presetSlot(_ catalogue: Catalogue) -> Slot {
    let parameter = Parameter(
      presetPath, .choice(catalogue.presets.map(\.id)), default: nil,
      doc: "A named set of values under everything else. "
        + catalogue.presets.map { "`\($0.id)`: \($0.doc)" }.joined(separator: " "))
    return Slot(
      path: presetPath, section: -1, key: presetPath, isSelector: true, choices: [("", parameter)])
  }

  private static func selectorSlot(_ section: Section, _ number: Int, _ selector: String) -> Slot {
    let doc =
      section.doc + " "
      + section.components.map { "`\($0.id)`: \($0.doc)" }.joined(separator: " ")
    let words = section.components.filter(\.idRules.isEmpty).map(\.id)
    // A rule whose prefix goes on where another's ends allows nothing more.
    let rules = section.components.flatMap(\.idRules)
    let widest = rules.filter { rule in
      !rules.contains { $0.prefix != rule.prefix && rule.prefix.hasPrefix($0.prefix) }
    }
    let kinds = [.choice(words)] + widest.map { Parameter.Kind.text($0) }
    return Slot(
      path: "\(section.name).\(selector)", section: number, key: selector, isSelector: true,
      choices: kinds.map {
        (
          "",
          Parameter(selector, $0, default: .string(section.components.first?.id ?? ""), doc: doc)
        )
      })
  }
}
