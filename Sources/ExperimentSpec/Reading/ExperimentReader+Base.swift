// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension ExperimentReader {
  /// Reads `base` into assignments: each of its keys replaces what the draft has there.
  mutating func readBase(_ member: PositionedValue.Member, into draft: inout ExperimentDraft) {
    let earlier = draft.base
    draft.base = []
    defer {
      let own = Set(draft.base.map(\.path))
      draft.base = earlier.filter { !own.contains($0.path) } + draft.base
    }
    guard let sections = object(member.value, path: "base") else { return }
    let preset = index.slot(CatalogueIndex.presetPath).map { [$0.path] } ?? []
    let allowed = preset + index.catalogue.sections.map(\.name)
    for section in sections {
      let path = "base.\(section.key)"
      if section.key == CatalogueIndex.presetPath, let slot = index.slot(section.key) {
        appendAssignment(section, slot, path: path, to: &draft.base)
      } else if isSection(section.key) {
        written[path] = section
        readSection(section, path: path, into: &draft)
      } else {
        reportUnknownBaseKey(section, path: path, allowed: allowed)
      }
    }
  }

  private func isSection(_ key: String) -> Bool {
    key.utf8.allSatisfy { $0 < 0x80 } && index.catalogue.section(named: key) != nil
  }

  private mutating func readSection(
    _ section: PositionedValue.Member, path: String, into draft: inout ExperimentDraft
  ) {
    guard let members = object(section.value, path: path) else { return }
    for member in members {
      let inner = "\(path).\(member.key)"
      if let slot = index.slot("\(section.key).\(member.key)"), !member.key.contains(".") {
        appendAssignment(member, slot, path: inner, to: &draft.base)
      } else {
        reportUnknownKey(
          member, path: inner, allowed: index.keys(ofSection: section.key),
          homes: index.sections(withKey: member.key).map { "base.\($0)" }.filter { $0 != path })
      }
    }
  }

  private mutating func appendAssignment(
    _ member: PositionedValue.Member, _ slot: CatalogueIndex.Slot, path: String,
    to base: inout [Assignment]
  ) {
    guard let value = checkedValue(member.value, slot.choices, path: path) else { return }
    base.append(Assignment(slot: slot, value: value, place: place(member.value), origin: .base))
  }

  private mutating func reportUnknownBaseKey(
    _ member: PositionedValue.Member, path: String, allowed: [String]
  ) {
    let parts = member.key.split(separator: ".", maxSplits: 1)
    if parts.count == 2, index.slot(member.key) != nil {
      report(
        "unknown-key", place(member.keyRange), path: path, found: "\"\(member.key)\"",
        help: "under base, sections are objects: \"\(parts[0])\": { \"\(parts[1])\": … }")
      return
    }
    var homes = index.sections(withKey: member.key).map { "base.\($0)" }
    if FileKeys.all.contains(where: { $0.name == member.key }) { homes = ["the top of the file"] }
    reportUnknownKey(member, path: path, allowed: allowed, homes: homes)
  }

  /// The slot of a dotted path in `sweep`, `hypotheses` and the like; reports one that has none.
  mutating func slot(_ member: PositionedValue.Member, path: String) -> CatalogueIndex.Slot? {
    if let slot = index.slot(member.key) { return slot }
    if isFull {
      report("unknown-key", nil)
      return nil
    }
    let shown = path.isEmpty ? member.key : "\(path)[\"\(member.key)\"]"
    var help: String?
    if member.key.hasPrefix("base."), index.slot(String(member.key.dropFirst(5))) != nil {
      help = "paths here go without \"base.\": \"\(member.key.dropFirst(5))\""
    } else if isSection(member.key) {
      let keys = index.keys(ofSection: member.key).map { "\"\(member.key).\($0)\"" }
      help = "write one of its keys: \(list(keys))"
    } else if ["seeds", "rootSeed"].contains(member.key) {
      help = "\"\(member.key)\" belongs at the top of the file and is never swept"
    }
    let homes = index.sections(withKey: member.key).map { "\"\($0).\(member.key)\"" }
    if help == nil, !homes.isEmpty { help = "write the whole path: \(list(homes))" }
    help = help ?? PeerNames.help(member.key)
    let nearest = help == nil ? nearestPath(member.key) : nil
    report(
      "unknown-key", place(member.keyRange), path: shown, found: "\"\(member.key)\"",
      nearest: nearest,
      help: help ?? (nearest == nil ? "paths look like \"returns.discount\"" : nil))
    return nil
  }

  /// The nearest key within the named section first, then the same key in another section, then
  /// the nearest of all paths.
  private func nearestPath(_ path: String) -> String? {
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      let sections = index.catalogue.sections.map(\.name)
      let section = isSection(parts[0]) ? parts[0] : NearestMatch.find(parts[0], in: sections)
      if let section {
        let keys = index.keys(ofSection: section)
        let key = keys.contains(parts[1]) ? parts[1] : NearestMatch.find(parts[1], in: keys)
        if let key { return "\(section).\(key)" }
      }
      if let home = index.sections(withKey: parts[1]).first { return "\(home).\(parts[1])" }
    }
    return NearestMatch.find(path, in: index.paths)
  }

  /// An object of values by dotted path, such as `set`.
  mutating func readAssignments(
    _ value: PositionedValue, path: String, origin: Assignment.Origin = .sweep
  ) -> [Assignment] {
    guard let members = object(value, path: path) else { return [] }
    return members.compactMap { member in
      guard let slot = slot(member, path: path),
        let value = checkedValue(member.value, slot.choices, path: "\(path)[\"\(member.key)\"]")
      else { return nil }
      return Assignment(slot: slot, value: value, place: place(member.value), origin: origin)
    }
  }
}
