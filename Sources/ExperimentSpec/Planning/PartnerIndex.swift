// SPDX-License-Identifier: MIT
import ParameterSchema

/// Finds among many variants those that agree with one in some values.
///
/// A value that one of the two does not use (nil) cannot part them.
struct PartnerIndex {
  /// Variants that use all the values.
  private var exact: [[ConfigValue?]: [Int]] = [:]
  /// Variants that do not use some of them.
  private var partial: [(variant: Int, values: [ConfigValue?])] = []
  private let all: [(variant: Int, values: [ConfigValue?])]

  /// - Parameter variants: each with its values, as many for all.
  init(_ variants: [(Int, [ConfigValue?])]) {
    all = variants.map { (variant: $0.0, values: $0.1) }
    for (variant, values) in variants {
      if values.contains(nil) {
        partial.append((variant, values))
      } else {
        exact[values, default: []].append(variant)
      }
    }
  }

  /// The variants that agree with these values, in order.
  func partners(of values: [ConfigValue?]) -> [Int] {
    if values.contains(nil) {
      return all.filter { Self.agree($0.values, values) }.map(\.variant)
    }
    let loose = partial.filter { Self.agree($0.values, values) }.map(\.variant)
    return ((exact[values] ?? []) + loose).sorted()
  }

  private static func agree(_ a: [ConfigValue?], _ b: [ConfigValue?]) -> Bool {
    zip(a, b).allSatisfy { x, y in x == nil || y == nil || x == y }
  }
}
