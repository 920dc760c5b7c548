// SPDX-License-Identifier: MIT
import ParameterSchema

/// Sets of values by path, to be looked up instead of tried one by one: the conditions that a point
/// meets, the variants that agree with another.
final class ConditionTable {
  /// Sets that have values at the same paths.
  private final class Group {
    let paths: [String]
    var members: [(number: Int, values: [ConfigValue])] = []
    /// By the values at some of the paths, for each choice of paths that was asked for.
    private var tables: [[Bool]: [[ConfigValue]: [Int]]] = [:]

    init(_ paths: [String]) { self.paths = paths }

    func numbers(_ values: [ConfigValue], at asked: [Bool]) -> [Int] {
      let table =
        tables[asked]
        ?? Dictionary(
          grouping: members, by: { zip($0.values, asked).filter(\.1).map(\.0) }
        ).mapValues { $0.map(\.number) }
      tables[asked] = table
      return table[values] ?? []
    }
  }

  private var groups: [Group] = []

  var isEmpty: Bool { groups.isEmpty }

  /// - Parameter first: the number of the first set.
  init(_ sets: [[(path: String, value: ConfigValue)]], first: Int = 0) {
    var known: [[String]: Group] = [:]
    for (offset, settings) in sets.enumerated() {
      let settings = settings.sorted { $0.path < $1.path }
      let group = known[settings.map(\.path)] ?? Group(settings.map(\.path))
      if known.updateValue(group, forKey: group.paths) == nil { groups.append(group) }
      group.members.append((first + offset, settings.map(\.value)))
    }
  }

  /// The numbers of the sets that hold, in order.
  ///
  /// - Parameters:
  ///   - ignoresMissing: whether a set may hold that has a value where there is none.
  ///   - value: at a path; asked at most once for each group.
  func numbers(ignoresMissing: Bool = false, _ value: (String) -> ConfigValue?) -> [Int] {
    groups.flatMap { group -> [Int] in
      let found = group.paths.map(value)
      let values = found.compactMap(\.self)
      guard ignoresMissing || values.count == found.count else { return [] }
      return group.numbers(values, at: found.map { $0 != nil })
    }.sorted()
  }
}
