// SPDX-License-Identifier: MIT

package import ParameterSchema

/// What can be said of a trial: names, and what kind of values they have.
package struct QueryVocabulary: Sendable {
  /// What is known of a name's values.
  package enum Kind: Sendable, Hashable {
    case number
    case text
    /// One of these texts; others are misspelt.
    case words([String])
    case flag
    case list
    /// Nothing is known: everything may be asked.
    case any
  }

  package private(set) var kinds: [String: Kind]
  /// The names that the program itself gives, in alphabetical order.
  package let factNames: [String]

  /// - Parameters:
  ///   - facts: what the program itself knows of each trial, such as `score` and `state`.
  ///   - olderNames: names that are understood but not suggested, with what they are called now.
  package init(facts: [String: Kind], olderNames: [String: String] = [:]) {
    kinds = facts
    factNames = facts.keys.sorted()
    for (older, name) in olderNames { kinds[older] = facts[name] }
  }

  /// Adds the parameters that a catalogue knows, by path; those of several components with
  /// different kinds may be asked for anything.
  package mutating func add(_ catalogue: Catalogue) {
    for section in catalogue.sections {
      if let selector = section.selector {
        let isOpen = section.components.contains { !$0.idRules.isEmpty }
        widen(
          "\(section.name).\(selector)", isOpen ? .text : .words(section.components.map(\.id)))
      }
      for parameter in section.components.flatMap(\.parameters) {
        widen("\(section.name).\(parameter.name)", Kind(parameter.kind))
        if case .integerOrInterval = parameter.kind {
          widen("\(section.name).\(parameter.name).min", .number)
          widen("\(section.name).\(parameter.name).max", .number)
        }
      }
    }
  }

  /// Adds what one stored configuration has, by path: a trial of another version may have more.
  package mutating func add(configuration: ConfigValue, path: String = "") {
    guard case .object(let members) = configuration else {
      widen(path, Kind(of: configuration))
      return
    }
    // A section is no value; an interval within one is.
    if path.contains(".") { widen(path, .any) }
    for (key, value) in members {
      add(configuration: value, path: path.isEmpty ? key : "\(path).\(key)")
    }
  }

  private mutating func widen(_ name: String, _ kind: Kind) {
    guard let known = kinds[name] else {
      kinds[name] = kind
      return
    }
    switch (known, kind) {
    case (.words(let words), .words(let more)):
      kinds[name] = .words(words + more.filter { !words.contains($0) })
    case (.text, .words), (.any, _): break
    case (_, .any) where known != .any: break
    default: if known != kind { kinds[name] = .any }
    }
  }
}

extension QueryVocabulary.Kind {
  /// What a parameter's values are.
  init(_ kind: Parameter.Kind) {
    switch kind {
    case .boolean: self = .flag
    case .integer, .number: self = .number
    case .choice(let words): self = .words(words)
    case .text, .hashedFile: self = .text
    case .nullable(let kind): self = Self(kind)
    case .integerOrInterval, .record, .object, .any, .call, .file: self = .any
    case .list: self = .list
    }
  }

  /// What a stored value is; null may be of any kind.
  init(of value: ConfigValue) {
    switch value {
    case .null, .object: self = .any
    case .bool: self = .flag
    case .number: self = .number
    case .string(let word): self = .words([word])
    case .array: self = .list
    }
  }
}
