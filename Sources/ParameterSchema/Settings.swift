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

  package func number(_ key: String) -> Double { read(key) }
  package func integer(_ key: String) -> Int { read(key) }
  package func boolean(_ key: String) -> Bool { read(key) }
  package func string(_ key: String) -> String { read(key) }
  package func integers(_ key: String) -> [Int] { read(key) }
  package func strings(_ key: String) -> [String] { read(key) }
  package func numbers(_ key: String) -> [Double] { read(key) }

  /// The elements of any list.
  package func list(_ key: String) -> [ConfigValue] { read(key) }

  /// One of an enum's raw values, which its parameter declares.
  package func choice<Case: RawRepresentable>(_ key: String) -> Case
  where Case.RawValue == String {
    guard let choice = Case(rawValue: string(key)) else {
      fatalError("\(section).\(key) is \(value(key)), which is no \(Case.self)")
    }
    return choice
  }

  /// The members of any object, by name.
  package func object(_ key: String) -> [String: ConfigValue] { read(key) }

  /// The elements of a list of records.
  package func records<Record: Decodable>(_ key: String) -> [Record] { read(key) }

  /// The whole numbers of a record, by name.
  package func integerRecord(_ key: String) -> [String: Int] { read(key) }

  // nil where the value is `null`.
  package func optionalNumber(_ key: String) -> Double? { isNull(key) ? nil : number(key) }
  package func optionalInteger(_ key: String) -> Int? { isNull(key) ? nil : integer(key) }
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

  private func read<Value: Decodable>(_ key: String) -> Value {
    do throws(ConfigMismatch) {
      return try value(key).decoded(name: key)
    } catch {
      fatalError("\(section): \(error.problem), but holds \(value(key))")
    }
  }

  private func value(_ key: String) -> ConfigValue {
    guard let value = values[key] else {
      fatalError("\(section).\(key) is read but not declared")
    }
    return value
  }
}
