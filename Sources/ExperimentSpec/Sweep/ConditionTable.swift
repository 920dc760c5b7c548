// SPDX-License-Identifier: MIT
import ParameterSchema

/// Conditions by what they ask for: which of them a point meets is looked up, not tried one by one.
struct ConditionTable {
  /// Conditions that ask for the same paths.
  private struct Group {
    let paths: [String]
    var numbers: [[ConfigValue]: [Int]]
  }

  private var groups: [Group] = []

  var isEmpty: Bool { groups.isEmpty }

  /// - Parameter first: the number of the first condition.
  init(_ conditions: [SweepNode.Condition], first: Int) {
    var places: [[String]: Int] = [:]
    for (offset, condition) in conditions.enumerated() {
      let settings = condition.settings.sorted { $0.path < $1.path }
      let paths = settings.map(\.path)
      let place = places[paths] ?? groups.count
      if place == groups.count {
        places[paths] = place
        groups.append(Group(paths: paths, numbers: [:]))
      }
      groups[place].numbers[settings.map(\.value), default: []].append(first + offset)
    }
  }

  /// The numbers of the conditions that hold, in order.
  ///
  /// - Parameter value: at a path; asked at most once for each group.
  func numbers(_ value: (String) -> ConfigValue?) -> [Int] {
    var met: [Int] = []
    for group in groups {
      var values: [ConfigValue] = []
      for path in group.paths {
        guard let found = value(path) else { break }
        values.append(found)
      }
      if values.count == group.paths.count { met += group.numbers[values] ?? [] }
    }
    return met.sorted()
  }
}
