// SPDX-License-Identifier: MIT
import ParameterSchema

/// Finds among many variants those that agree with one in some values.
///
/// A value that one of the two does not use (nil) cannot part them.
struct PartnerIndex {
  /// Variants that use the same of the values.
  private struct Group {
    let used: [Bool]
    var members: [(variant: Int, values: [ConfigValue?])] = []
    /// By the values that both sides use, for each way in which the other side uses them.
    var tables: [[Bool]: [[ConfigValue?]: [Int]]] = [:]
  }

  private var groups: [Group] = []

  /// - Parameter variants: each with its values, as many for all.
  init(_ variants: [(Int, [ConfigValue?])]) {
    var places: [[Bool]: Int] = [:]
    for (variant, values) in variants {
      let used = values.map { $0 != nil }
      let place = places[used] ?? groups.count
      if place == groups.count {
        places[used] = place
        groups.append(Group(used: used))
      }
      groups[place].members.append((variant, values))
    }
  }

  /// The variants that agree with these values, in order.
  mutating func partners(of values: [ConfigValue?]) -> [Int] {
    let asked = values.map { $0 != nil }
    var found: [Int] = []
    for place in groups.indices {
      let shared = zip(groups[place].used, asked).map { $0 && $1 }
      func part(_ values: [ConfigValue?]) -> [ConfigValue?] {
        zip(values, shared).map { $1 ? $0 : nil }
      }
      if groups[place].tables[shared] == nil {
        groups[place].tables[shared] = Dictionary(
          grouping: groups[place].members, by: { part($0.values) }
        ).mapValues { $0.map(\.variant) }
      }
      found += groups[place].tables[shared]?[part(values)] ?? []
    }
    return found.sorted()
  }
}
