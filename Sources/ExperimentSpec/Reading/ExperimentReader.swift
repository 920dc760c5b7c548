// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// Reads the parts of an experiment file, and collects what is wrong with them.
struct ExperimentReader {
  static let topLevelKeys = [
    "$schema", "extends", "name", "title", "author", "tags", "description", "question", "base",
    "sweep", "seeds", "rootSeed", "score", "search", "hypotheses", "notes", "cluster",
  ]
  /// After so many errors the others are only counted.
  static let findingLimit = 10_000
  /// Whole numbers up to here are exact in a double.
  static let largestInteger = 1 << 53 - 1

  let source: SourceText
  let index: CatalogueIndex
  /// Of the file, without folder and `.json`.
  let baseName: String
  var findings: [Finding] = []
  /// Errors beyond the limit.
  var unshown = 0

  /// Reads the whole file; where `isWhole` is false, parts may be missing without being missed.
  ///
  /// - Parameter start: what the file starts from: each of its keys replaces what is there, and each
  ///   key within `base`.
  mutating func read(
    _ root: PositionedValue, isWhole: Bool, over start: ExperimentDraft
  ) -> ExperimentDraft {
    var draft = start
    if !isWhole, root.members == nil { return draft }
    guard let members = object(root, path: "the file") else { return draft }
    for member in members {
      switch member.key {
      case "$schema": _ = text(member)
      case "extends": readExtends(member)
      case "name": readName(member)
      case "title": draft.title = text(member)
      case "author": draft.about.author = text(member) ?? ""
      case "tags": draft.about.tags = readTags(member)
      case "description": draft.about.description = text(member) ?? ""
      case "question": draft.question = text(member) ?? ""
      case "notes": draft.notes = text(member) ?? ""
      case "base":
        let earlier = draft.base
        draft.base = []
        readBase(member, into: &draft)
        let own = Set(draft.base.map(\.path))
        draft.base = earlier.filter { !own.contains($0.path) } + draft.base
      case "sweep": draft.sweep = readSweep(member.value, path: "sweep")
      case "seeds":
        draft.seeds = readSeeds(member.value) ?? draft.seeds
        draft.seedsPlace = place(member.value)
      case "rootSeed": draft.rootSeed = integer(member, in: 0...Self.largestInteger) ?? 0
      case "score": draft.score = readScore(member) ?? draft.score
      case "search": draft.search = readSearch(member)
      case "cluster": draft.cluster = readCluster(member)
      case "hypotheses":
        draft.hypotheses = readHypotheses(member.value)
        draft.seedsPlace = draft.seedsPlace ?? place(member.keyRange)
      default: reportUnknownTopLevelKey(member)
      }
    }
    return draft
  }

  private mutating func reportUnknownTopLevelKey(_ member: PositionedValue.Member) {
    let key = member.key
    let home =
      index.slot("\(key)") != nil || index.catalogue.section(named: key) != nil
      ? ["base"] : index.sections(withKey: key).map { "base.\($0)" }
    reportUnknownKey(member, path: key, allowed: Self.topLevelKeys, homes: home)
  }

  // MARK: What all parts use

  /// The place of a value.
  func place(_ value: PositionedValue) -> Place { Place(source: source, range: value.range) }

  /// The place of some bytes of the source.
  func place(_ range: Range<Int>) -> Place { Place(source: source, range: range) }

  /// Adds a finding; a place of nil means the whole source.
  mutating func report(
    _ code: String, _ place: Place?, severity: Severity = .error, path: String = "",
    problem: String? = nil, found: String? = nil, allowed: String? = nil, nearest: String? = nil,
    help: String? = nil, notes: [String] = []
  ) {
    guard findings.count < Self.findingLimit else {
      unshown += 1
      let last = findings.count - 1
      if unshown > 1 { findings[last].notes.removeLast() }
      findings[last].notes.append("\(Numbers.whole(unshown)) more are not shown")
      return
    }
    findings.append(
      Finding(
        severity, code: code, at: place, in: source, path: path, problem: problem, found: found,
        allowed: allowed, nearest: nearest, help: help, notes: notes))
  }

  /// The nearest key of the same object, else the place that has this key, else all that may stand.
  mutating func reportUnknownKey(
    _ member: PositionedValue.Member, path: String, allowed: [String], homes: [String] = []
  ) {
    guard findings.count < Self.findingLimit else { return report("unknown-key", nil) }
    let nearest = NearestMatch.find(member.key, in: allowed)
    var help: String?
    if nearest == nil, !homes.isEmpty {
      help = "\"\(member.key)\" belongs to \(list(homes))"
    }
    let all = nearest == nil && help == nil ? list(allowed.map { "\"\($0)\"" }) : nil
    report(
      "unknown-key", place(member.keyRange), path: path, found: "\"\(member.key)\"", allowed: all,
      nearest: nearest, help: help)
  }

  /// Reports a value of the wrong kind, unless it was reported as unreadable.
  mutating func reportKind(_ value: PositionedValue, path: String, allowed: String) {
    if case .unreadable = value.content { return }
    report(
      "wrong-kind", place(value), path: path, found: foundSentence(value, in: source.bytes),
      allowed: allowed)
  }

  /// The members of an object; reports anything else.
  mutating func object(_ value: PositionedValue, path: String) -> [PositionedValue.Member]? {
    if let members = value.members { return members }
    reportKind(value, path: path, allowed: "an object { … }")
    return nil
  }

  /// The elements of a list; reports anything else.
  mutating func array(_ value: PositionedValue, path: String) -> [PositionedValue]? {
    if case .array(let elements) = value.content { return elements }
    reportKind(value, path: path, allowed: "a list [ … ]")
    return nil
  }

  /// A string; reports anything else.
  mutating func text(_ member: PositionedValue.Member, in path: String = "") -> String? {
    if case .string(let text) = member.value.content { return text }
    reportKind(member.value, path: path + member.key, allowed: "a string")
    return nil
  }

  /// A whole number within a range; reports anything else.
  mutating func integer(
    _ member: PositionedValue.Member, in range: ClosedRange<Int>, path: String = ""
  ) -> Int? {
    let parameter = Parameter(member.key, .integer(range), default: 0, doc: "")
    guard
      case .number(let number)? = checkedValue(
        member.value, [("", parameter)], path: path + member.key)
    else { return nil }
    return Int(exactly: number)
  }

  /// One of the words of an enumeration; reports anything else.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ member: PositionedValue.Member, in path: String
  ) -> Choice? {
    let parameter = Parameter(
      member.key, .choice(Choice.allCases.map(\.rawValue)), default: nil, doc: "")
    guard
      case .string(let word)? = checkedValue(
        member.value, [("", parameter)], path: path + member.key)
    else { return nil }
    return Choice(rawValue: word)
  }

  /// The normalized value if it suits any of the choices; reports it by the first otherwise.
  mutating func checkedValue(
    _ value: PositionedValue, _ choices: [(component: String, parameter: Parameter)], path: String
  ) -> ConfigValue? {
    if case .unreadable = value.content { return nil }
    var firstError: ValueMismatch?
    for (_, parameter) in choices {
      switch checked(value, parameter.kind) {
      case .success(let value): return value
      case .failure(let error): firstError = firstError ?? error.mismatch
      }
    }
    guard let error = firstError, let parameter = choices.first?.parameter else { return nil }
    var sentences: [String] = []
    for (_, parameter) in choices {
      let sentence = allowedSentence(parameter.kind, name: parameter.name, unit: parameter.unit)
      if !sentences.contains(sentence) { sentences.append(sentence) }
    }
    let isKey = error.code == "unknown-key"
    report(
      error.code, place(error.at), path: path + error.subpath,
      found: isKey
        ? "\"\(error.subpath.dropFirst())\"" : foundSentence(error.at, in: source.bytes),
      allowed: error.allowed ?? sentences.joined(separator: ", or "), nearest: error.nearest,
      help: error.help,
      notes: parameter.doc.isEmpty ? [] : ["\(parameter.name): \(parameter.doc)"])
    return nil
  }
}
