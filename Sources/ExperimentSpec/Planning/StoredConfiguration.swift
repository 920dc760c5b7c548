// SPDX-License-Identifier: MIT
package import ParameterSchema

/// The full configuration of a stored trial, made from its identity alone.
///
/// - Parameter identity: the value of the trial's `config.json`.
package func storedConfiguration(
  _ identity: ConfigValue, catalogue: Catalogue
) -> (configuration: ConfigValue, seed: Int, rootSeed: Int)? {
  func whole(_ key: String) -> Int? {
    guard case .number(let number)? = identity[path: key] else { return nil }
    return Int(exactly: number)
  }
  guard let seed = whole("seed") else { return nil }
  return (catalogue.completing(identity), seed, whole("rootSeed") ?? 0)
}

extension Catalogue {
  /// What of a completed configuration no experiment could say, as a file by another hand may hold
  /// it; nil where there is nothing.
  package func misfit(_ configuration: ConfigValue) -> String? {
    for section in sections {
      let values = configuration[path: section.name]
      if let selector = section.selector,
        values?[path: selector].flatMap({ section.index(chosenBy: $0) }) == nil
      {
        return "\(section.name).\(selector) is not known to this program"
      }
      for parameter in section.component(in: values)?.parameters ?? [] {
        let path = "\(section.name).\(parameter.name)"
        guard let stored = configuration[path: path] else { return "\(path) is missing" }
        if parameter.mismatch(stored) != nil {
          return "\(path) is \(canonicalJSON(stored).prefix(80)); allowed: "
            + parameter.allowedSentence
        }
      }
    }
    return nil
  }

  /// A stored configuration with all that this program reads: an earlier program knew fewer
  /// parameters, and an identity leaves out what is silent.
  ///
  /// What is missing takes the value that it had when it was left out: its silent value, or for
  /// what never enters the identity, its default. What is not of a section is left out.
  package func completing(_ stored: ConfigValue) -> ConfigValue {
    var all: [String: ConfigValue] = [:]
    for section in sections {
      var members: [String: ConfigValue] = [:]
      if case .object(let known)? = stored[path: section.name] { members = known }
      let component = section.component(in: .object(members))
      if let selector = section.selector, members[selector] == nil, let component {
        members[selector] = .string(component.id)
      }
      for parameter in component?.parameters ?? [] where members[parameter.name] == nil {
        let enters = section.entersIdentity && parameter.entersIdentity
        members[parameter.name] =
          (enters ? parameter.silentValue : nil) ?? parameter.defaultValue
      }
      all[section.name] = .object(members)
    }
    return .object(all)
  }
}

extension Parameter {
  /// What keeps a value from being one of this parameter's.
  func mismatch(_ value: ConfigValue) -> ValueMismatch? {
    do throws(ValueMismatch) {
      _ = try checked(PositionedValue(value), kind)
      return nil
    } catch {
      return error
    }
  }
}
