// SPDX-License-Identifier: MIT
import ParameterSchema

/// A seeded source of values and mutations (SplitMix64).
struct TestRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func value(depth: Int) -> ConfigValue {
    switch below(depth > 0 ? 7 : 5) {
    case 0: return .null
    case 1: return .bool(below(2) == 0)
    case 2: return .number(Double(below(2000) - 1000))
    case 3:
      let number = Double(bitPattern: next())
      return .number(number.isFinite ? number : 0.1)
    case 4: return .string(string())
    case 5: return .array((0..<below(4)).map { _ in value(depth: depth - 1) })
    default:
      let members = (0..<below(4)).map { _ in (string(), value(depth: depth - 1)) }
      return .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
    }
  }

  private mutating func string() -> String {
    let alphabet: [Character] = ["a", "\"", "\\", "\n", "\u{1}", "é", "😀", "/", "\u{7f}", " ", "中"]
    return String((0..<below(8)).map { _ in alphabet[below(alphabet.count)] })
  }
}
