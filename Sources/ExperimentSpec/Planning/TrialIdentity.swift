// SPDX-License-Identifier: MIT
import Digest
package import ParameterSchema

/// What a trial is, as canonical JSON, and its name: the first 12 hexadecimal digits of the
/// SHA-256 of these bytes.
///
/// It has the sections and parameters that enter identity (a parameter at its `silentValue` does
/// not), `seed`, and `rootSeed` where it is not 0.
package func trialIdentity(
  configuration: ConfigValue, seed: Int, rootSeed: Int, catalogue: Catalogue
) -> (json: String, id: String) {
  let sections = catalogue.sections.map { section -> (name: String, json: String?) in
    guard case .object(let values)? = configuration[path: section.name] else {
      return (section.name, nil)
    }
    return (section.name, section.identity(values))
  }
  return IdentityTemplate(sections: sections, rootSeed: rootSeed).identity(seed: seed)
}

/// The identity of all trials of a variant, but for the seed.
struct IdentityTemplate {
  /// In order of their keys, without `seed`. Variants share the texts of sections that are the same.
  private let members: [(key: String, json: String)]

  /// - Parameter sections: canonical JSON of what enters; nil where nothing does.
  init(sections: [(name: String, json: String?)], rootSeed: Int) {
    var members = sections.compactMap { name, json in json.map { (key: name, json: $0) } }
    if rootSeed != 0 { members.append(("rootSeed", String(rootSeed))) }
    members.sort { precedesInUTF16($0.key, $1.key) }
    self.members = members
  }

  /// The canonical JSON and the id of the trial with this seed.
  func identity(seed: Int) -> (json: String, id: String) {
    let (head, tail) = ends
    return (head + String(seed) + tail, ids(seeds: [seed])[0])
  }

  /// The ids of the trials with these seeds; what stands before the seed is digested once.
  func ids(seeds: [Int]) -> [String] {
    let (head, tail) = ends
    var begun = SHA256()
    begun.update(head.utf8)
    return seeds.map { seed in
      var digest = begun
      digest.update((String(seed) + tail).utf8)
      return String(digest.hexDigest.prefix(12))
    }
  }

  /// The canonical JSON before the seed and behind it.
  private var ends: (head: String, tail: String) {
    let split = members.firstIndex { precedesInUTF16("seed", $0.key) } ?? members.count
    var (head, tail) = ("{", "")
    for (key, json) in members[..<split] { head += "\"\(key)\":\(json)," }
    for (key, json) in members[split...] { tail += ",\"\(key)\":\(json)" }
    return (head + "\"seed\":", tail + "}")
  }
}

extension Section {
  /// What of this section enters identity, as canonical JSON; nil where nothing does.
  func identity(_ values: [String: ConfigValue]) -> String? {
    text(of: SectionIdentity(values, component(in: .object(values))))
  }

  /// The same. A section added after release 1, all of it silent, leaves no trace.
  func text(of identity: SectionIdentity) -> String? {
    guard entersIdentity else { return nil }
    let isLater =
      identity.isEmpty
      && components.allSatisfy { component in
        component.parameters.contains { $0.silentValue != nil }
      }
    return isLater ? nil : identity.json
  }
}

/// The members of a section that tell trials apart: each parameter that enters identity and is not at
/// its silent value.
struct SectionIdentity {
  /// In the order of canonical JSON, each with its key; nil for one that is left out.
  private var members: [(key: String, json: String?)] = []

  init() {}

  init(_ values: [String: ConfigValue], _ component: Component?) {
    members = values.keys.sorted(by: precedesInUTF16).map { key in
      let parameter = component?.parameters.first { $0.name == key }
      return (key, Self.json(key, values[key] ?? .null, parameter))
    }
  }

  /// Puts another value of a parameter in the place of the one that is there.
  mutating func set(_ parameter: Parameter, to value: ConfigValue) {
    guard let place = members.firstIndex(where: { $0.key == parameter.name }) else { return }
    members[place].json = Self.json(parameter.name, value, parameter)
  }

  private static func json(
    _ key: String, _ value: ConfigValue, _ parameter: Parameter?
  ) -> String? {
    guard parameter?.entersIdentity ?? true, parameter?.silentValue != value else { return nil }
    var text = ""
    appendQuoted(key, to: &text)
    return text + ":" + canonicalJSON(value)
  }

  var isEmpty: Bool { members.allSatisfy { $0.json == nil } }

  var json: String { "{" + members.compactMap(\.json).joined(separator: ",") + "}" }
}
