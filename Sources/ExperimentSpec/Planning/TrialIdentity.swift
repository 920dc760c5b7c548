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

  /// The same for all trials of variants that are the same: a digest, since a hundred thousand of the
  /// texts themselves would fill the memory.
  var digest: String { SHA256.hex(json(seed: "").utf8) }

  /// The canonical JSON and the id of the trial with this seed.
  func identity(seed: Int) -> (json: String, id: String) {
    let json = json(seed: String(seed))
    return (json, String(SHA256.hex(json.utf8).prefix(12)))
  }

  private func json(seed: String) -> String {
    let split = members.firstIndex { precedesInUTF16("seed", $0.key) } ?? members.count
    var text = "{"
    for (key, json) in members[..<split] { text += "\"\(key)\":\(json)," }
    text += "\"seed\":" + seed
    for (key, json) in members[split...] { text += ",\"\(key)\":\(json)" }
    return text + "}"
  }
}

extension Section {
  /// What of this section enters identity, as canonical JSON; nil where nothing does. A section
  /// added after release 1, all of it silent, leaves no trace.
  func identity(_ values: [String: ConfigValue]) -> String? {
    guard entersIdentity else { return nil }
    let entering = enteringIdentity(values)
    let isLater =
      entering.isEmpty
      && components.allSatisfy { component in
        component.parameters.contains { $0.silentValue != nil }
      }
    return isLater ? nil : canonicalJSON(.object(entering))
  }

  /// The values of this section that tell trials apart.
  func enteringIdentity(_ values: [String: ConfigValue]) -> [String: ConfigValue] {
    var entering = values
    for parameter in component(in: .object(values))?.parameters ?? [] {
      let isSilent = parameter.silentValue.map { $0 == values[parameter.name] } ?? false
      if !parameter.entersIdentity || isSilent { entering[parameter.name] = nil }
    }
    return entering
  }
}
