// SPDX-License-Identifier: MIT

/// A choice of a section: what describes it, beside what builds it.
///
/// A list of such choices is all that the program knows of a section, so a choice that is described
/// cannot be forgotten where it is built.
package protocol ComponentKind: Sendable {
  var component: Component { get }
}

extension Array where Element: ComponentKind {
  /// The descriptions, for the catalogue.
  package var components: [Component] { map(\.component) }

  /// The choice that a selector's value names, nil where none does; see `Component.isNamed`.
  package func first(named value: ConfigValue?) -> Element? {
    value.flatMap { value in first { $0.component.isNamed(value) } }
  }

  /// The choice of a validated configuration, by the path of its selector.
  package func chosen(by path: String, in configuration: ConfigValue) -> Element {
    let value = configuration[path: path]
    guard let choice = first(named: value) else {
      let known = map(\.component.id).joined(separator: ", ")
      fatalError("\(path) is \(value ?? .null); known: \(known)")
    }
    return choice
  }
}
