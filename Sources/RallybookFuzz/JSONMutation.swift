// SPDX-License-Identifier: MIT

import ParameterSchema

/// Changes in any JSON value.
enum JSONMutation {
  static let numbers: [ConfigValue] = [
    0, 1, 2, -1, 0.5, 1e-300, 1e300, -1e300, 9_007_199_254_740_993, 1_000_000_000_000_000_000, 3,
  ]
  static let texts: [ConfigValue] = [
    "", "a", "\u{1B}[2J", "line\nfeed", "🏓 Pong", "العربية", "中文", "../../x", "nan", "a.b", "\"",
    "\u{0}",
  ]

  /// Changes one value somewhere below.
  static func mutate(_ value: inout ConfigValue, _ draws: inout Draws) {
    switch value {
    case .object(var members) where !members.isEmpty && !draws.happens(1, in: 12):
      guard let key = draws.one(of: members.keys.sorted()), var member = members[key] else {
        return
      }
      if draws.happens(1, in: 12) {
        members[key] = nil
      } else {
        mutate(&member, &draws)
        members[key] = member
      }
      value = .object(members)
    case .array(var elements) where !elements.isEmpty && !draws.happens(1, in: 12):
      let place = draws.index(elements.count)
      switch draws.index(12) {
      case 0: elements.remove(at: place)
      case 1: elements.append(elements[place])
      default: mutate(&elements[place], &draws)
      }
      value = .array(elements)
    case .number(let number) where draws.happens(1, in: 2):
      value = .number(number * Double(draws.whole(-2...3)) + Double(draws.whole(-1...1)))
    default:
      value = scalar(&draws)
    }
  }

  static func scalar(_ draws: inout Draws) -> ConfigValue {
    switch draws.index(8) {
    case 0: .null
    case 1: .bool(draws.happens(1, in: 2))
    case 2: .array([])
    case 3: .object([:])
    case 4, 5: draws.one(of: texts) ?? .null
    default: draws.one(of: numbers) ?? .null
    }
  }
}

/// Changes in lines of fields.
enum TextMutation {
  static func fields(_ input: [UInt8], _ draws: inout Draws) -> [UInt8] {
    var lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map {
        $0.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Array.init)
      }
    let place = draws.index(lines.count)
    let values = ["", "0", "-1", "1e300", "-1e300", "nan", "inf", "99999999999999999", "0.5", "x"]
    switch draws.index(8) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[place], at: place)
    default:
      let field = draws.index(lines[place].count)
      if !lines[place].isEmpty { lines[place][field] = Array((draws.one(of: values) ?? "").utf8) }
    }
    return Array(
      lines.map { Array($0.joined(separator: [UInt8(ascii: ",")])) }
        .joined(separator: [UInt8(ascii: "\n")]))
  }
}
