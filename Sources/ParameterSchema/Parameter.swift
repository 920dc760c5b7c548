// SPDX-License-Identifier: MIT

/// One key of an experiment file: the single source of its validation, JSON Schema, help and docs.
///
/// A class, as are components and sections: a sweep looks at them for each of its variants.
package final class Parameter: Sendable {
  /// The JSON key, camelCase; the Swift property bears the same word.
  package let name: String
  package let kind: Kind
  /// What holds when neither the preset nor the experiment says otherwise.
  package let defaultValue: ConfigValue
  /// Such as `frames` or `nats per decision`; nil for what has none.
  package let unit: String?
  /// One or two sentences: what it does, and the source.
  package let doc: String
  /// What is allowed, in words; nil where the kind says it.
  package let allowed: String?
  /// Whether its object may lack it.
  package let need: Need
  /// Whether it is part of a trial's identity; false for what cannot change the learned numbers.
  package let entersIdentity: Bool
  /// For a parameter added after release 1: the value that keeps the old behaviour. While a trial
  /// holds it, the parameter is left out of the trial's identity.
  package let silentValue: ConfigValue?

  package init(
    _ name: String, _ kind: Kind, default defaultValue: ConfigValue = nil, unit: String? = nil,
    doc: String, allowed: String? = nil, need: Need = .optional, entersIdentity: Bool = true,
    silentValue: ConfigValue? = nil
  ) {
    (self.name, self.kind, self.defaultValue, self.unit) = (name, kind, defaultValue, unit)
    (self.doc, self.allowed, self.need) = (doc, allowed, need)
    (self.entersIdentity, self.silentValue) = (entersIdentity, silentValue)
  }

  /// Whether an object must have a key.
  package enum Need: Sendable {
    case optional
    /// With what to do where it lacks it.
    case required(String? = nil)
    /// Where another key has this value, with the reason.
    case given(key: String, is: String, because: String)
  }

  /// What values a parameter takes.
  package indirect enum Kind: Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    /// One of these strings.
    case choice([String])
    /// Any string that the rule allows.
    case text(TextRule)
    /// `null` means off.
    case nullable(Kind)
    /// A whole number, or `{"min": a, "max": b}`, inclusive, drawn uniformly.
    case integerOrInterval(ClosedRange<Int>)
    /// An array whose elements are of one kind, with this many elements.
    case list(of: Kind, count: ClosedRange<Int>)
    /// An object that has each of these numbers, such as the place and size of a crop.
    case record([Field])
    /// Any object of JSON; a path may go on into it.
    case object
    /// Any value of JSON.
    case any
    /// Something of Python's that is called: its name, or `{"name", "kwargs"}`.
    case call
    /// A file, by its path from the file that names it; then `@` and the SHA-256 of its bytes, which
    /// is added where it is not given.
    case hashedFile(TextRule)
    /// Of what a file has beside a trial's configuration.
    case file(FileKind)
  }

  /// What only a file as a whole has, not a trial's configuration.
  package enum FileKind: Sendable {
    /// An array whose elements are as a parameter says, each by itself.
    case elements(Parameter, count: ClosedRange<Int>, areDistinct: Bool)
    /// An object with the keys of one of the section's components.
    case section(Section)
    /// What any of these is.
    case oneOf([Kind])
    /// What follows from the catalogue.
    case defined(Definition)
  }

  /// What follows from the catalogue; a definition in the JSON Schema.
  package enum Definition: String, Sendable {
    case base, sweep
    /// Values by path, none or several.
    case settings
    /// Values by path, at least one.
    case conditions
    /// What to draw, by path.
    case draws
  }

  /// A number of a record.
  package struct Field: Sendable {
    package let name: String
    /// Of whole numbers, or of any.
    package let kind: Kind

    package init(_ name: String, _ range: ClosedRange<Int>) {
      (self.name, kind) = (name, .integer(range))
    }

    package init(_ name: String, _ range: NumberRange) {
      (self.name, kind) = (name, .number(range))
    }
  }
}
