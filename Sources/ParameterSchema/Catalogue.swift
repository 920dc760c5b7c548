// SPDX-License-Identifier: MIT

/// One choice within a section: an environment, a policy, an algorithm.
package final class Component: Sendable {
  /// The value of the section's selector; empty where the section has no selector. Where
  /// `idRules` are given, what stands for all of the values in tables, such as `gymnasium:ID`.
  package let id: String
  /// Where not empty, the selector's values that choose this component: those that any rule allows,
  /// unless they choose an earlier one.
  package let idRules: [TextRule]
  /// One or two sentences, with the source.
  package let doc: String
  package let parameters: [Parameter]
  /// Rules over several parameters of the whole configuration; see `Constraint`.
  package let constraints: [Constraint]
  /// Keys, its own or of other sections, that have no effect with this component.
  package let unused: [UnusedKeys]
  /// Least and greatest return of an episode, where an environment knows them.
  package let returnRange: ClosedRange<Double>?
  /// Defaults that choosing this component brings to later sections, by path, such as
  /// `observation.kind`. They lie over those sections' own defaults, and over a preset that was
  /// made for another component than this one. A path of the component's own section stands for its
  /// parameter's default against such a preset.
  package let bringsDefaults: [String: ConfigValue]
  /// Shown where a required key is missing; nil where the parameter says what to do.
  package let example: String?
  /// What to do about a path that belongs deeper, `KEY` standing for it.
  package let misplaced: String?

  package init(
    id: String = "", idRules: [TextRule] = [], doc: String = "", parameters: [Parameter],
    constraints: [Constraint] = [], unused: [UnusedKeys] = [],
    returnRange: ClosedRange<Double>? = nil, bringsDefaults: [String: ConfigValue] = [:],
    example: String? = nil, misplaced: String? = nil
  ) {
    (self.id, self.idRules, self.doc, self.parameters) = (id, idRules, doc, parameters)
    (self.constraints, self.unused, self.returnRange) = (constraints, unused, returnRange)
    (self.bringsDefaults, self.example, self.misplaced) = (bringsDefaults, example, misplaced)
  }

  /// Whether a selector's value may choose this component.
  package func isNamed(_ value: ConfigValue) -> Bool {
    guard case .string(let text) = value else { return false }
    return idRules.isEmpty ? text == id : idRules.contains { $0.allows(text) }
  }
}

/// A rule that a schema of single values cannot state, such as "batch normalization needs more
/// than one episode".
package struct Constraint: Sendable {
  package enum Severity: Sendable { case warning, error }

  /// Kebab-case, as in `error[batch-of-one]`.
  package let code: String
  package let severity: Severity
  /// The path at which the finding is shown, such as `returns.normalize`.
  package let path: String
  /// Given the whole configuration, all defaults filled in: nil where the rule holds, otherwise
  /// a sentence with what was found and what is allowed.
  package let violation: @Sendable (ConfigValue) -> String?

  package init(
    code: String, severity: Severity, path: String,
    violation: @escaping @Sendable (ConfigValue) -> String?
  ) {
    (self.code, self.severity, self.path, self.violation) = (code, severity, path, violation)
  }
}

/// Keys that have no effect under some configurations: a step length where nothing is learned by
/// steps, say. Set by a sweep they would make trials that differ in their names alone.
package struct UnusedKeys: Sendable {
  /// Paths such as `returns.gaeLambda`, or whole sections such as `optimizer`.
  package let paths: [String]
  /// The paths whose values are the reason, such as `algorithm.kind`.
  package let because: [String]
  /// Whether they are unused, given the whole configuration, all defaults filled in.
  package let holds: @Sendable (ConfigValue) -> Bool
  /// A key that, where it is null, leaves the word to another: two ways to say one thing.
  package let alternative: String?

  package init(
    _ paths: [String], because: [String],
    where holds: @escaping @Sendable (ConfigValue) -> Bool = { _ in true }
  ) {
    (self.paths, self.because, self.holds, alternative) = (paths, because, holds, nil)
  }

  /// Of two keys that say one thing the one that counts where it is not null, such as
  /// `training.decisions`; a preset's value of it yields to what the experiment says by the other.
  package init(_ path: String, unless alternative: String) {
    (paths, because, self.alternative) = ([path], [alternative], alternative)
    holds = { $0[path: alternative] != .null }
  }

  /// Whether a dotted path is one of them, or of a section that is.
  package func contain(_ path: String) -> Bool {
    paths.contains { path == $0 || path.hasPrefix($0 + ".") }
  }
}

/// One object of a configuration: `environment`, `returns`, `optimizer` …
package final class Section: Sendable {
  package let name: String
  /// The key whose value chooses the component (`id` or `kind`); nil where there is one only.
  package let selector: String?
  /// The first is the default.
  package let components: [Component]
  /// Whether the section is part of a trial's identity; false for `evaluation`.
  package let entersIdentity: Bool
  package let doc: String
  /// Whether it has exactly one of its keys.
  package let isOneKey: Bool

  package init(
    name: String, selector: String?, components: [Component], entersIdentity: Bool = true,
    doc: String, isOneKey: Bool = false
  ) {
    (self.name, self.selector, self.components) = (name, selector, components)
    (self.entersIdentity, self.doc, self.isOneKey) = (entersIdentity, doc, isOneKey)
  }

  /// The number of the component that a value of the selector chooses; nil where it chooses none.
  package func index(chosenBy value: ConfigValue) -> Int? {
    components.firstIndex { $0.isNamed(value) }
  }

  /// The component in use among the section's values: the chosen one, or the first.
  package func component(in values: ConfigValue?) -> Component? {
    let chosen = selector.flatMap { values?[path: $0] }.flatMap { index(chosenBy: $0) }
    return components.indices.contains(chosen ?? 0) ? components[chosen ?? 0] : nil
  }
}

/// A named set of values that `base.preset` puts under everything else.
package struct Preset: Sendable {
  package let id: String
  package let doc: String
  /// Sections by name, each an object of the keys that differ from the defaults or are worth saying.
  package let values: ConfigValue

  package init(id: String, doc: String, values: ConfigValue) {
    (self.id, self.doc, self.values) = (id, doc, values)
  }
}

/// Everything that an experiment can ask for; assembled by `Commands` from what each component
/// exports.
package struct Catalogue: Sendable {
  /// In the order in which people read them.
  package let sections: [Section]
  package let presets: [Preset]

  package init(sections: [Section], presets: [Preset]) {
    (self.sections, self.presets) = (sections, presets)
  }

  package func section(named name: String) -> Section? { sections.first { $0.name == name } }
}

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
