// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension ExperimentReader {
  /// Reads `--set path=value` options, a line of the pseudo-file `--set` each.
  ///
  /// The reader's source is that pseudo-file: the options joined by line breaks.
  mutating func readOverrides(_ options: [String]) -> [Assignment] {
    var assignments: [Assignment] = []
    var start = 0
    for option in options {
      let end = start + option.utf8.count
      if let assignment = readOverride(option, start..<end) {
        if let first = assignments.first(where: { $0.path == assignment.path }) {
          report(
            "duplicate-key", place(start..<start + assignment.path.utf8.count),
            path: assignment.path, problem: "it is set twice",
            help: "the first is --set number \(first.place.position.line); keep one of them")
        }
        assignments.append(assignment)
      }
      start = end + 1
    }
    return assignments
  }

  private mutating func readOverride(_ option: String, _ range: Range<Int>) -> Assignment? {
    guard let equals = option.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      report(
        "bad-option", place(range), found: "\"\(option)\"", allowed: "path=value",
        help: "such as \(source.name) training.episodes=1000")
      return nil
    }
    let path = String(option[..<equals])
    let keyEnd = range.lowerBound + path.utf8.count
    let member = PositionedValue.Member(
      key: path, keyRange: range.lowerBound..<keyEnd,
      value: PositionedValue(content: .null, range: keyEnd + 1..<range.upperBound))
    guard let slot = overrideSlot(member) else { return nil }

    let document = JSONReader.read(source, range: keyEnd + 1..<range.upperBound)
    let text = String(option[option.utf8.index(after: equals)...])
    if let finding = document.findings.first {
      let isWord = !text.isEmpty && document.value?.isUnreadable ?? false
      if finding.code == "empty-file" || isWord {
        reportBareWord(text, slot, place(keyEnd + 1..<range.upperBound))
      } else {
        for finding in document.findings {
          var named = finding
          named.path = path
          report(named)
        }
      }
      return nil
    }
    guard let parsed = document.value,
      let value = checkedValue(parsed, slot.choices, path: path)
    else { return nil }
    return Assignment(slot: slot, value: value, place: place(parsed.range), origin: .override)
  }

  /// Reads `--extend training.episodes=N`, or decisions. The reader's source is what was given.
  mutating func readExtension(_ option: String, sweep: SweepNode?) -> Assignment? {
    guard let assignment = readOverrides([option]).first else { return nil }
    let key = place(0..<assignment.path.utf8.count)
    let allowed = Self.lengths.filter { index.slot($0) != nil }
    guard allowed.contains(assignment.path) else {
      report(
        "not-extendable", key, path: assignment.path,
        problem: "it is not how long a trial trains",
        allowed: list(allowed.map { "\($0)=N" }),
        help: "--set changes other values, and makes other trials")
      return nil
    }
    if let swept = sweep?.paths.first(where: { $0.path == assignment.path }) {
      let position = swept.place.position
      report(
        "not-extendable", key, path: assignment.path,
        problem: "the sweep varies it (\(position.line):\(position.column))",
        help: "edit the sweep instead")
      return nil
    }
    return assignment
  }

  /// Paths that say how long a trial trains; decisions, where they are not null, go first.
  static let lengths = ["training.decisions", "training.episodes"]

  private mutating func overrideSlot(_ member: PositionedValue.Member) -> CatalogueIndex.Slot? {
    if index.slot(member.key) == nil, member.key == "seeds" {
      report(
        "unknown-key", place(member.keyRange), path: "seeds", found: "\"seeds\"",
        help: "write --seeds 5, --seeds 0,1,2 or --seeds 0..4")
      return nil
    }
    return slot(member, path: "")
  }

  private mutating func reportBareWord(
    _ text: String, _ slot: CatalogueIndex.Slot, _ place: Place
  ) {
    let allowed = slot.choices[0].parameter.allowedSentence
    if text.isEmpty {
      report(
        "missing-value", place, path: slot.path, problem: "no value follows \"=\"", allowed: allowed
      )
      return
    }
    let quoted = PositionedValue(content: .string(text), range: place.range)
    let suits = slot.choices.contains { (try? checked(quoted, $0.parameter.kind)) != nil }
    let nearest = slot.choices.compactMap { choice -> String? in
      guard case .choice(let words) = choice.parameter.kind else { return nil }
      return NearestMatch.find(text, in: words)
    }.first
    let word = suits ? text : nearest
    report(
      "bare-word", place, path: slot.path, found: text, allowed: allowed,
      help: word.map { "a string needs its quotes: \(source.name) '\(slot.path)=\"\($0)\"'" }
        ?? "a value is a JSON literal, such as 0.99, null, true or \"text\"")
  }

  /// Reads `--seeds`: `5`, `0,1,2` or `0..4`. The reader's source is what was given.
  mutating func readSeedsOption(_ option: String) -> [Int]? {
    let whole = place(0..<source.bytes.count)
    let rule = "a number of seeds such as 5, a list such as 0,1,2, or a range such as 0..4"
    let ends = option.split(separator: "..", omittingEmptySubsequences: false).map(seed)
    let parts = option.split(separator: ",", omittingEmptySubsequences: false).map(seed)
    var seeds: [Int] = []
    if ends.count == 2, let low = ends[0], let high = ends[1], low <= high,
      high - low < FileKeys.seedLimit
    {
      seeds = Array(low...high)
    } else if parts.count == 1, let count = parts[0], count <= FileKeys.seedLimit {
      seeds = Array(0..<count)
    } else if parts.count > 1, !parts.contains(nil), parts.count <= FileKeys.seedLimit {
      seeds = parts.compactMap { $0 }
    }
    if let twice = seeds.first(where: { seed in seeds.count { $0 == seed } > 1 }) {
      report("duplicate-value", whole, problem: "seed \(twice) appears twice")
      return nil
    }
    if !seeds.isEmpty { return seeds }
    report(
      "bad-option", whole, found: "\"\(option)\"", allowed: rule,
      help: "at most \(Numbers.whole(FileKeys.seedLimit)) seeds")
    return nil
  }

  private func seed(_ text: Substring) -> Int? {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let seed = Int(text), seed <= FileKeys.largestInteger
    else { return nil }
    return seed
  }
}
