// SPDX-License-Identifier: MIT

/// The validated values of one section, all defaults filled in, read by key.
///
/// Reading a key that the component did not declare, or as another kind than declared, is a bug of
/// ours, never of the user: it stops with a sentence.
package struct Settings: Sendable, Hashable {
  package let section: String
  private let values: [String: ConfigValue]

  /// - Precondition: `configuration` has the object `section`.
  package init(_ configuration: ConfigValue, section: String) {
    guard case .object(let values)? = configuration[path: section] else {
      fatalError("a configuration without the section \(section)")
    }
    self.section = section
    self.values = values
  }

  package func isNull(_ key: String) -> Bool { value(key) == .null }

  package func number(_ key: String) -> Double {
    guard case .number(let x) = value(key) else { mismatch(key, "a number") }
    return x
  }

  /// nil where the value is `null`.
  package func optionalNumber(_ key: String) -> Double? { isNull(key) ? nil : number(key) }

  package func integer(_ key: String) -> Int {
    guard case .number(let x) = value(key), let whole = Int(exactly: x) else {
      mismatch(key, "a whole number")
    }
    return whole
  }

  /// nil where the value is `null`.
  package func optionalInteger(_ key: String) -> Int? { isNull(key) ? nil : integer(key) }

  package func boolean(_ key: String) -> Bool {
    guard case .bool(let flag) = value(key) else { mismatch(key, "true or false") }
    return flag
  }

  package func string(_ key: String) -> String {
    guard case .string(let text) = value(key) else { mismatch(key, "a string") }
    return text
  }

  /// One of an enum's raw values, which its parameter declares.
  package func choice<Case: RawRepresentable>(_ key: String) -> Case
  where Case.RawValue == String {
    guard let choice = Case(rawValue: string(key)) else { mismatch(key, "a \(Case.self)") }
    return choice
  }

  /// nil where the value is `null`.
  package func optionalString(_ key: String) -> String? { isNull(key) ? nil : string(key) }

  /// A single number `n` reads as `n...n`.
  package func interval(_ key: String) -> ClosedRange<Int> {
    if case .object(let ends) = value(key), case .number(let low)? = ends["min"],
      case .number(let high)? = ends["max"], low <= high
    {
      return Int(low)...Int(high)
    }
    let single = integer(key)
    return single...single
  }

  package func integers(_ key: String) -> [Int] {
    guard case .array(let elements) = value(key) else { mismatch(key, "a list of whole numbers") }
    return elements.map {
      guard case .number(let x) = $0, let whole = Int(exactly: x) else {
        mismatch(key, "a list of whole numbers")
      }
      return whole
    }
  }

  package func strings(_ key: String) -> [String] {
    guard case .array(let elements) = value(key) else { mismatch(key, "a list of strings") }
    return elements.map {
      guard case .string(let text) = $0 else { mismatch(key, "a list of strings") }
      return text
    }
  }

  /// The members of any object, by name.
  package func object(_ key: String) -> [String: ConfigValue] {
    guard case .object(let members) = value(key) else { mismatch(key, "an object") }
    return members
  }

  /// The whole numbers of a record, by name.
  package func integerRecord(_ key: String) -> [String: Int] {
    guard case .object(let members) = value(key) else { mismatch(key, "an object") }
    return members.mapValues {
      guard case .number(let x) = $0, let whole = Int(exactly: x) else {
        mismatch(key, "an object of whole numbers")
      }
      return whole
    }
  }

  private func value(_ key: String) -> ConfigValue {
    guard let value = values[key] else {
      fatalError("\(section).\(key) is read but not declared")
    }
    return value
  }

  private func mismatch(_ key: String, _ wanted: String) -> Never {
    fatalError("\(section).\(key) is read as \(wanted) but holds \(value(key))")
  }
}
