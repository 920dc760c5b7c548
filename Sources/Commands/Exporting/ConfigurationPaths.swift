// SPDX-License-Identifier: MIT

import ParameterSchema

/// The paths of all values of some configurations, such as `returns.discount`: sections in the
/// catalogue's order, selectors first, then by name; what is no section, such as `seed`, by its name.
func configurationPaths(_ configurations: [ConfigValue]) -> [String] {
  var keys: [String: Set<String>] = [:]
  for case .object(let sections) in configurations {
    for (section, value) in sections {
      guard case .object(let members) = value else {
        keys[section] = [""]
        continue
      }
      keys[section, default: []].formUnion(members.keys)
    }
  }
  let known = Catalogue.standard.sections
  let names =
    known.map(\.name).filter { keys[$0] != nil }
    + keys.keys.filter { name in !known.contains { $0.name == name } }.sorted()
  return names.flatMap { name in
    let selector = known.first { $0.name == name }?.selector
    let all = (keys[name] ?? []).sorted { a, b in
      a == selector || b == selector ? a == selector && b != selector : a < b
    }
    return all.map { $0.isEmpty ? name : "\(name).\($0)" }
  }
}
