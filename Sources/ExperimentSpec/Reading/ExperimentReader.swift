// SPDX-License-Identifier: MIT
import Diagnostics
import Digest
import ParameterSchema

/// Reads the parts of an experiment file, and collects what is wrong with them.
struct ExperimentReader {
  /// After so many errors the others are only counted.
  static let findingLimit = 10_000

  let source: SourceText
  let index: CatalogueIndex
  /// Of the file, without folder and `.json`.
  let baseName: String
  private(set) var findings: [Finding] = []
  /// Errors beyond the limit.
  private var unshown = 0
  /// Keys of described objects as they were written, by path.
  var written: [String: PositionedValue.Member] = [:]
  /// Values by path that a described object has, by where they stand.
  var assignments: [String: [Assignment]] = [:]

  init(source: SourceText, index: CatalogueIndex, baseName: String = "") {
    (self.source, self.index, self.baseName) = (source, index, baseName)
  }

  /// Reads the whole file.
  ///
  /// - Parameter start: what the file starts from: each of its keys replaces what is there, and each
  ///   key within `base`.
  mutating func read(_ root: PositionedValue, over start: ExperimentDraft) -> ExperimentDraft {
    var draft = start
    for member in object(root, path: "the file") ?? [] {
      guard let parameter = FileKeys.all.first(where: { $0.name == member.key }) else {
        reportUnknownTopLevelKey(member)
        continue
      }
      written[member.key] = member
      switch member.key {
      case "base": readBase(member, into: &draft)
      case "sweep": draft.sweep = readSweep(member.value, path: "sweep")
      default: draft.values[member.key] = read(member.value, parameter, path: member.key)
      }
      if member.key == "name", case .string(let name)? = draft.values["name"], name != baseName {
        report(
          "bad-name", place(member.value), path: "name", found: "the string \"\(name)\"",
          allowed: "\"\(baseName)\", as the file is called", help: "leave it out or rename the file"
        )
      }
    }
    draft.reference = assignments["search.reference"] ?? draft.reference
    draft.written.merge(
      written.mapValues { .init(key: place($0.keyRange), value: place($0.value)) },
      uniquingKeysWith: { $1 })
    return draft
  }

  private mutating func reportUnknownTopLevelKey(_ member: PositionedValue.Member) {
    let key = member.key
    let home =
      index.slot("\(key)") != nil || index.catalogue.section(named: key) != nil
      ? ["base"] : index.sections(withKey: key).map { "base.\($0)" }
    reportUnknownKey(member, path: key, allowed: FileKeys.all.map(\.name), homes: home)
  }

  // MARK: What all parts use

  /// The place of a value.
  func place(_ value: PositionedValue) -> Place { Place(source: source, range: value.range) }

  /// The place of some bytes of the source.
  func place(_ range: Range<Int>) -> Place { Place(source: source, range: range) }

  /// Whether what would be reported is only counted.
  var isFull: Bool { findings.count >= Self.findingLimit }

  /// Adds a finding; a place of nil means the whole source.
  mutating func report(
    _ code: String, _ place: Place?, severity: Severity = .error, path: String = "",
    problem: String? = nil, found: String? = nil, allowed: String? = nil, nearest: String? = nil,
    help: String? = nil, notes: [String] = []
  ) {
    report(
      Finding(
        severity, code: code, at: place, in: source, path: path, problem: problem, found: found,
        allowed: allowed, nearest: nearest, help: help, notes: notes))
  }

  mutating func report(_ finding: Finding) {
    guard isFull else { return findings.append(finding) }
    unshown += 1
    let last = findings.count - 1
    if unshown > 1 { findings[last].notes.removeLast() }
    findings[last].notes.append("\(Numbers.whole(unshown)) more are not shown")
  }

  /// What a peer's key is called here, else the nearest key of the same object, else the place that
  /// has this key, else all that may stand.
  mutating func reportUnknownKey(
    _ member: PositionedValue.Member, path: String, allowed: [String], homes: [String] = []
  ) {
    guard !isFull else { return report("unknown-key", nil) }
    var help = homes.isEmpty ? PeerNames.help(member.key) : nil
    let nearest = help == nil ? NearestMatch.find(member.key, in: allowed) : nil
    if nearest == nil, !homes.isEmpty { help = "\"\(member.key)\" belongs to \(list(homes))" }
    let all = nearest == nil && help == nil ? list(allowed.map { "\"\($0)\"" }) : nil
    report(
      "unknown-key", place(member.keyRange), path: path, found: "\"\(member.key)\"", allowed: all,
      nearest: nearest, help: help)
  }

  /// Reports what says twice what it may say once.
  mutating func reportTwice(
    _ code: String, _ second: Place, first: Place, path: String, problem: String,
    help: String = "keep one of them"
  ) {
    let place = first.position
    report(
      code, second, path: path, problem: problem,
      help: "the first is at \(place.line):\(place.column); \(help)")
  }

  /// Reports a value of the wrong kind, unless it was reported as unreadable.
  mutating func reportKind(
    _ value: PositionedValue, path: String, allowed: String, help: String? = nil
  ) {
    if value.isUnreadable { return }
    report(
      "wrong-kind", place(value), path: path, found: foundSentence(value, in: source.bytes),
      allowed: allowed, help: help)
  }

  /// The members of an object; reports anything else.
  mutating func object(_ value: PositionedValue, path: String) -> [PositionedValue.Member]? {
    if let members = value.members { return members }
    reportKind(value, path: path, allowed: "an object { … }")
    return nil
  }

  /// The elements of a list; reports anything else.
  mutating func array(
    _ value: PositionedValue, path: String, allowed: String = "a list [ … ]", help: String? = nil
  ) -> [PositionedValue]? {
    if case .array(let elements) = value.content { return elements }
    reportKind(value, path: path, allowed: allowed, help: help)
    return nil
  }

  /// Bytes that a file named in an experiment may have.
  private static let fileLimit = 1 << 28

  /// A file's path and the SHA-256 of what it holds: that enters the identity of trials.
  private mutating func hashed(
    _ name: String, _ value: PositionedValue, path: String
  ) -> String? {
    let parts = name.split(separator: "@").map(String.init)
    let file = FileChain.path(parts[0], from: source.name)
    do throws(Finding) {
      let hash = SHA256.hex(try ExperimentFile.read(file, limit: Self.fileLimit).bytes)
      if parts.count == 1 || parts[1] == hash { return "\(file)@\(hash)" }
      report(
        "changed-file", place(value), path: path, problem: "\(file) has the SHA-256 \(hash)",
        help: "leave out \"@\" and what follows it to take the file as it is")
    } catch {
      report(
        error.code, place(value), path: path, problem: "\(file): \(error.problem ?? "")",
        help: "the path is seen from this file's folder")
    }
    return nil
  }

  /// The normalized value if it suits any of the choices; reports it by the first otherwise.
  ///
  /// - Parameter explains: whether a note says what the parameter is for.
  mutating func checkedValue(
    _ value: PositionedValue, _ choices: [(component: String, parameter: Parameter)], path: String,
    explains: Bool = true
  ) -> ConfigValue? {
    if value.isUnreadable { return nil }
    var firstError: ValueMismatch?
    for (_, parameter) in choices {
      do throws(ValueMismatch) {
        let found = try checked(value, parameter.kind)
        guard case .nullable(.hashedFile) = parameter.kind, case .string(let name) = found else {
          return found
        }
        return hashed(name, value, path: path).map { .string($0) }
      } catch {
        // A near name says more than none, and the shortest most.
        let near = firstError?.nearest?.count ?? Int.max
        if firstError == nil || error.nearest?.count ?? Int.max < near { firstError = error }
      }
    }
    guard let error = firstError, let parameter = choices.first?.parameter else { return nil }
    var sentences: [String] = []
    for sentence in choices.map(\.parameter.allowedSentence) where !sentences.contains(sentence) {
      sentences.append(sentence)
    }
    report(
      error.code, place(error.at), path: path + error.subpath,
      found: error.code == "unknown-key"
        ? "\"\(error.subpath.dropFirst())\"" : foundSentence(error.at, in: source.bytes),
      allowed: error.allowed ?? sentences.joined(separator: ", or "), nearest: error.nearest,
      help: error.help,
      notes: explains ? ["\(parameter.name): \(parameter.doc)"] : [])
    return nil
  }
}
