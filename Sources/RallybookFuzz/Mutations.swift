// SPDX-License-Identifier: MIT

import Artifacts
import Digest
import ExperimentSpec
import ParameterSchema
import Randomness

/// The choices of one mutation.
typealias Draws = Xoshiro256

extension Draws {
  mutating func happens(_ share: Int, in whole: Int) -> Bool { index(whole) < share }

  /// 0 ..< count.
  mutating func index(_ count: Int) -> Int { Int.random(in: 0..<max(1, count), using: &self) }

  mutating func whole(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func number(_ range: ClosedRange<Int>) -> ConfigValue { .number(Double(whole(range))) }

  mutating func number(in range: ClosedRange<Double>) -> ConfigValue {
    .number(Double.random(in: range, using: &self))
  }

  /// One of elements that are there.
  mutating func one<Element>(of elements: [Element]) -> Element { elements[index(elements.count)] }
}

/// Changes in files that mostly leave them what they are.
enum Mutation {
  static let numbers: [ConfigValue] = [
    0, 1, 2, -1, 0.5, 1e-300, 1e300, -1e300, 9_007_199_254_740_993, 1_000_000_000_000_000_000, 3,
  ]
  static let texts: [ConfigValue] = [
    "", "a", "\u{1B}[2J", "line\nfeed", "🏓 Pong", "العربية", "中文", "../../x", "nan", "a.b", "\"",
    "\u{0}",
  ]

  /// Changes one value somewhere below.
  static func change(_ value: inout ConfigValue, _ draws: inout Draws) {
    switch value {
    case .object(var members) where !members.isEmpty && !draws.happens(1, in: 12):
      let key = draws.one(of: members.keys.sorted())
      if draws.happens(1, in: 12) {
        members[key] = nil
      } else {
        change(&members[key, default: .null], &draws)
      }
      value = .object(members)
    case .array(var elements) where !elements.isEmpty && !draws.happens(1, in: 12):
      let place = draws.index(elements.count)
      switch draws.index(12) {
      case 0: elements.remove(at: place)
      case 1: elements.append(elements[place])
      default: change(&elements[place], &draws)
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
    case 2: []
    case 3: [:]
    case 4, 5: draws.one(of: texts)
    default: draws.one(of: numbers)
    }
  }

  /// Changes a field of a CSV file, or a line.
  static func fields(_ input: [UInt8], _ draws: inout Draws) -> [UInt8]? {
    guard draws.happens(2, in: 3) else { return nil }
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
      if !lines[place].isEmpty { lines[place][field] = Array(draws.one(of: values).utf8) }
    }
    return Array(
      lines.map { Array($0.joined(separator: [UInt8(ascii: ",")])) }
        .joined(separator: [UInt8(ascii: "\n")]))
  }

  /// Changes texts, shapes and values of a file of tensors.
  static func tensors(_ input: [UInt8], _ draws: inout Draws) -> [UInt8]? {
    guard let read = try? Safetensors.decoded(input, path: "memory"), draws.happens(4, in: 5) else {
      return nil
    }
    var (metadata, tensors) = read
    for _ in 0...draws.index(2) {
      let kind = draws.index(4)
      if kind < 2, !metadata.isEmpty {
        let key = draws.one(of: metadata.keys.sorted())
        metadata[key] = text(metadata[key] ?? "", &draws)
      } else if kind >= 2, !tensors.isEmpty {
        let place = draws.index(tensors.count)
        let changed = kind == 2 ? [tensor(tensors[place], &draws)] : []
        tensors.replaceSubrange(place...place, with: changed)
      }
    }
    return Safetensors.encoded(metadata: metadata, tensors: tensors).bytes
  }

  private static func text(_ text: String, _ draws: inout Draws) -> String {
    if var value = ConfigValue(json: text) {
      change(&value, &draws)
      return canonicalJSON(value)
    }
    return draws.one(of: ["", "0", "-1", "9223372036854775807", "nan", "RIGHT", text + ",X"])
  }

  private static func tensor(_ tensor: Tensor, _ draws: inout Draws) -> Tensor {
    var values = tensor.values
    if !values.isEmpty, draws.happens(2, in: 3) {
      let extremes: [Float] = [.nan, .infinity, -.infinity, 0, -1e38, 3e38, 1e-38, 0.5]
      values[draws.index(values.count)] = draws.one(of: extremes)
      return Tensor(name: tensor.name, shape: tensor.shape, values: values)
    }
    let shape = draws.one(of: [[values.count], [1, values.count], [values.count, 1], [0]])
    return Tensor(name: tensor.name, shape: shape, values: shape == [0] ? [] : values)
  }
}

extension Mutation {
  /// Changes bytes of a TensorBoard file and mends the checksums, so that what lies behind them is
  /// reached.
  static func events(_ input: [UInt8], _ draws: inout Draws) -> [UInt8]? {
    var file = input
    guard !file.isEmpty else { return nil }
    for _ in 0...draws.index(3) { file[draws.index(file.count)] = UInt8(draws.index(256)) }
    var place = 0
    while place + 12 <= file.count {
      let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(file[place + $1]) << UInt64(8 * $1) }
      guard length <= UInt64(max(0, file.count - place - 16)) else { break }
      let end = place + 12 + Int(length)
      set(&file, CRC32.masked(Array(file[place..<place + 8])), at: place + 8)
      set(&file, CRC32.masked(Array(file[place + 12..<end])), at: end)
      place = end + 4
    }
    return file
  }

  private static func set(_ file: inout [UInt8], _ sum: UInt32, at place: Int) {
    for byte in 0..<4 { file[place + byte] = UInt8(truncatingIfNeeded: sum >> (8 * byte)) }
  }
}
