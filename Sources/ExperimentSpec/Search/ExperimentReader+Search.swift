// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// The `search` block before the whole is known.
struct SearchDraft: Sendable {
  var settings: SearchSettings
  /// What `reference` sets; nil without one.
  var reference: [Assignment]?
  /// Of the whole block, and of each key's value.
  var place: Place
  var places: [String: Place]

  /// The place to point at for what a key says.
  func place(of key: String) -> Place { places[key] ?? place }
}

extension ExperimentReader {
  /// The `search` block, defaults filled in; nil when something in it was reported.
  mutating func readSearch(_ member: PositionedValue.Member) -> SearchDraft? {
    guard let members = object(member.value, path: "search") else { return nil }
    let before = findings.count
    guard let kindMember = members.first(where: { $0.key == "kind" }) else {
      report(
        "missing-key", place(member.value), path: "search.kind", problem: "it is missing",
        allowed: list(SearchSettings.Kind.allCases.map { "\"\($0.rawValue)\"" }))
      return nil
    }
    guard let kind: SearchSettings.Kind = choice(kindMember, in: "search.") else { return nil }
    let keys = SearchSettings.keys(of: kind)
    var values: [String: ConfigValue] = [:]
    var reference: [Assignment]?
    for member in members where member.key != "kind" {
      if member.key == "reference" {
        reference = readAssignments(member.value, path: "search.reference")
      } else if let key = keys.first(where: { $0.name == member.key }) {
        values[key.name] = checkedValue(
          member.value, [("", key.parameter)], path: "search.\(key.name)")
      } else {
        reportUnknownSearchKey(member, kind)
      }
    }
    if kind == .halving, !members.contains(where: { $0.key == "rungs" }) {
      report(
        "missing-key", place(member.value), path: "search.rungs", problem: "it is missing",
        help: "say at which lengths the best are chosen, such as \"rungs\": [500, 1500]")
    }
    let places = Dictionary(
      members.map { ($0.key, place($0.value)) }, uniquingKeysWith: { first, _ in first })
    let draft = SearchDraft(
      settings: SearchSettings(
        method: method(kind, values, keys), confirm: whole("confirm", values, keys),
        reference: reference.map {
          Dictionary($0.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        }),
      reference: reference, place: place(member.keyRange), places: places)
    if case .halving(let rungs, _) = draft.settings.method, findings.count == before,
      zip(rungs, rungs.dropFirst()).contains(where: { $0 >= $1 })
    {
      report(
        "out-of-range", draft.place(of: "rungs"), path: "search.rungs",
        problem: "the lengths do not rise")
    }
    return findings.count == before ? draft : nil
  }

  private mutating func reportUnknownSearchKey(
    _ member: PositionedValue.Member, _ kind: SearchSettings.Kind
  ) {
    let path = "search.\(member.key)"
    let allowed = ["kind", "reference"] + SearchSettings.keys(of: kind).map(\.name)
    if let other = SearchSettings.keys.first(where: { $0.name == member.key }) {
      let owners = other.kinds.map { "\"\($0.rawValue)\"" }
      report(
        "unknown-key", place(member.keyRange), path: path, found: "\"\(member.key)\"",
        help: "only \(list(owners)) has it; this search is \"\(kind.rawValue)\"")
    } else {
      reportUnknownKey(member, path: path, allowed: allowed)
    }
  }

  private func method(
    _ kind: SearchSettings.Kind, _ values: [String: ConfigValue], _ keys: [SearchSettings.Key]
  ) -> SearchSettings.Method {
    func real(_ name: String) -> Double {
      let normal = keys.first { $0.name == name }?.parameter.defaultValue
      if case .number(let number)? = values[name] ?? normal { return number }
      return 0
    }
    switch kind {
    case .halving:
      var rungs: [Int] = []
      if case .array(let elements)? = values["rungs"] {
        rungs = elements.compactMap {
          if case .number(let number) = $0 { Int(exactly: number) } else { nil }
        }
      }
      return .halving(rungs: rungs, eta: whole("eta", values, keys))
    case .tpe:
      return .tpe(
        startup: whole("startup", values, keys), perRound: whole("perRound", values, keys),
        gamma: real("gamma"))
    case .racing:
      return .racing(perRound: whole("perRound", values, keys), alpha: real("alpha"))
    }
  }

  private func whole(
    _ name: String, _ values: [String: ConfigValue], _ keys: [SearchSettings.Key]
  ) -> Int {
    let normal = keys.first { $0.name == name }?.parameter.defaultValue
    guard case .number(let number)? = values[name] ?? normal else { return 0 }
    return Int(exactly: number) ?? 0
  }
}
