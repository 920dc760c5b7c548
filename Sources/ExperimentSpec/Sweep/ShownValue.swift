// SPDX-License-Identifier: MIT
package import ParameterSchema

/// A value as people read it in a label: `off`, `on`, `0.99`, `episode`, `2–4`, `[200, 100]`.
package func shownValue(_ value: ConfigValue) -> String {
  switch value {
  case .null, .bool(false): return "off"
  case .bool(true): return "on"
  case .number(let number): return canonicalNumber(number)
  case .string(let text): return text
  case .array(let elements): return "[" + elements.map(shownValue).joined(separator: ", ") + "]"
  case .object(let members):
    if let low = members["min"], let high = members["max"], members.count == 2 {
      return "\(shownValue(low))–\(shownValue(high))"
    }
    return canonicalJSON(value)
  }
}
