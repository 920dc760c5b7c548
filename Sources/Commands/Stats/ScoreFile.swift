// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Statistics

/// Scores of anyone's experiment: columns `variant,seed,task,score`, in any order; without `task`
/// all rows are of one task.
struct ScoreFile {
  /// One variant's scores.
  struct Variant {
    let name: String
    /// By task in the file's order, then by row; NaN where a run failed or has no row.
    var scores: [[Double]]
    /// The seeds beside `scores`.
    var seeds: [[String]]

    var matrix: ScoreMatrix { ScoreMatrix(tasks: scores) }
  }

  /// What is wrong, with its place; line 0 for the file as a whole, column 0 for the line.
  struct Problem: Equatable {
    let line: Int
    var column = 0
    let sentence: String
  }

  private(set) var tasks: [String] = []
  private(set) var variants: [Variant] = []
  private(set) var problems: [Problem] = []
  /// Columns that are not read.
  private(set) var unused: [String] = []
  /// What was taken otherwise than it stands there, a sentence each.
  private(set) var notes: [String] = []

  private static let known = ["variant", "seed", "task", "score"]

  init(_ bytes: [UInt8]) {
    problems = Self.encodingProblems(bytes)
    if problems.isEmpty { read(CSVRows(String(decoding: bytes, as: UTF8.self))) }
  }

  private mutating func add(_ line: Int, _ sentence: String) {
    problems.append(Problem(line: line, sentence: sentence))
  }

  private mutating func read(_ csv: CSVRows) {
    if let line = csv.openQuote {
      return add(line, "a quotation mark that is never closed")
    }
    if let line = csv.textBehindQuote {
      return add(
        line,
        "text behind a closing quotation mark; allowed: a comma, or two quotation marks for one "
          + "within the field")
    }
    let filled = csv.rows.filter { $0.fields.contains { !$0.trimmed.isEmpty } }
    let empty = csv.rows.filter { !$0.fields.contains { !$0.trimmed.isEmpty } }
    if let first = empty.first {
      notes.append(
        empty.count == 1
          ? "line \(first.line) has only empty fields and is skipped"
          : "\(empty.count) rows with only empty fields are skipped, the first in line \(first.line)"
      )
    }
    guard let header = filled.first else {
      return add(0, "an empty file; expected variant,seed,task,score")
    }
    let names = header.fields.map(\.trimmed)
    if let sentence = Self.foreignSeparator(names, rows: filled.dropFirst()) {
      return add(header.line, sentence)
    }
    let places = Self.known.map { names.firstIndex(of: $0) }
    unused = names.filter { !Self.known.contains($0) }
    for (name, place) in zip(Self.known, places) {
      if place == nil && name != "task" {
        let near = NearestMatch.find(name, in: unused).map { "; is \"\($0)\" it?" } ?? ""
        add(
          header.line, "no column \"\(name)\"; found \(names.joined(separator: ","))\(near)")
      } else if names.count(where: { $0 == name }) > 1 {
        add(header.line, "the column \"\(name)\" appears twice")
      }
    }
    guard problems.isEmpty, let variant = places[0], let seed = places[1], let score = places[3]
    else { return }
    var reader = ScoreRows(columns: names, variant: variant, seed: seed, task: places[2], score)
    for row in filled.dropFirst() { reader.read(row) }
    problems += reader.problems
    notes += reader.notes
    arrange(reader.scores)
    if variants.isEmpty && problems.isEmpty { add(0, "no row below the header") }
  }

  private mutating func arrange(_ found: [ScoreRows.Score]) {
    var taskPlaces: [String: Int] = [:]
    for row in found where taskPlaces[row.task] == nil {
      taskPlaces[row.task] = tasks.count
      tasks.append(row.task)
    }
    let none = tasks.map { _ in [] as [String] }
    var places: [String: Int] = [:]
    for row in found {
      guard let task = taskPlaces[row.task] else { continue }
      let place = places[row.variant] ?? variants.count
      if place == variants.count {
        places[row.variant] = place
        variants.append(Variant(name: row.variant, scores: none.map { _ in [] }, seeds: none))
      }
      variants[place].scores[task].append(row.score)
      variants[place].seeds[task].append(row.seed)
    }
    let absent = tasks.indices.flatMap { addAbsentRows(of: $0) }
    notes += absent.prefix(8)
    if absent.count > 8 {
      notes.append("and \(absent.count - 8) more variants and tasks without some rows")
    }
  }

  /// Variants that have a seed in common number their seeds alike: a row that one of them has and
  /// another has not counts as an empty score.
  ///
  /// - Returns: a sentence for each variant.
  private mutating func addAbsentRows(of task: Int) -> [String] {
    var sentences: [String] = []
    var groups: [(seeds: [String], known: Set<String>, members: [Int])] = []
    for (place, variant) in variants.enumerated() where !variant.seeds[task].isEmpty {
      var group = (seeds: variant.seeds[task], known: Set(variant.seeds[task]), members: [place])
      for other in groups where !other.known.isDisjoint(with: group.known) {
        group.seeds = other.seeds + group.seeds.filter { !other.known.contains($0) }
        group.known.formUnion(other.known)
        group.members = other.members + group.members
      }
      groups.removeAll { !$0.known.isDisjoint(with: group.known) }
      groups.append(group)
    }
    for group in groups {
      for place in group.members.sorted() {
        let own = Set(variants[place].seeds[task])
        let absent = group.seeds.filter { !own.contains($0) }
        guard !absent.isEmpty else { continue }
        variants[place].seeds[task] += absent
        variants[place].scores[task] += absent.map { _ in .nan }
        let shown = absent.prefix(5).joined(separator: ", ") + (absent.count > 5 ? ", …" : "")
        let name = tasks[task].isEmpty ? "" : " of task \(tasks[task])"
        let seeds = absent.count == 1 ? "seed \(shown)" : "\(absent.count) seeds (\(shown))"
        sentences.append(
          "\(variants[place].name) has no row\(name) for \(seeds), which others have: counted as an "
            + "empty score")
      }
    }
    return sentences
  }

  // MARK: What is no such file

  /// The first place of each line that is no text. Bytes that are not UTF-8 are never repaired: what
  /// a repair makes of two names may be one.
  private static func encodingProblems(_ bytes: [UInt8]) -> [Problem] {
    func mend(_ encoding: String) -> String {
      "convert it with: iconv -f \(encoding) -t UTF-8 FILE > mended.csv"
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return [
        Problem(line: 1, sentence: "found UTF-16; allowed: UTF-8; \(mend("UTF-16"))")
      ]
    }
    if String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0) { return [] }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      guard let found = firstFault(in: line) else { return nil }
      return Problem(
        line: index + 1, column: found.column,
        sentence: found.byte == 0
          ? "found a byte of value 0; allowed: text in UTF-8; if it is UTF-16: \(mend("UTF-16"))"
          : "found byte 0x\(String(found.byte, radix: 16, uppercase: true)), which is not UTF-8;"
            + " allowed: UTF-8; if it is Latin-1: \(mend("WINDOWS-1252"))")
    }
  }

  /// Columns count characters as an editor would, from 1.
  private static func firstFault(in line: ArraySlice<UInt8>) -> (column: Int, byte: UInt8)? {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = line.makeIterator()
    var (column, place) = (1, line.startIndex)
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar):
        guard line[place] != 0 else { return (column, 0) }
        column += 1
        place += scalar.count
      case .error: return (column, line[place])
      case .emptyInput: return nil
      }
    }
  }

  /// What to do with columns that are divided by something else than commas, as spreadsheets write
  /// where the comma is a decimal sign. They are not read: 1,234 may be a thousand or a little more
  /// than one.
  private static func foreignSeparator(
    _ header: [String], rows: ArraySlice<CSVRows.Row>
  ) -> String? {
    func parts(_ fields: [String], _ separator: String) -> [String] {
      fields.joined(separator: ",").split(separator: separator, omittingEmptySubsequences: false)
        .map { String($0).trimmed.replacing("\"", with: "") }
    }
    let known = [(";", "\";\"", ";"), ("\t", "tabs", "\\t"), ("|", "\"|\"", "|")]
    let found = known.first { separator, _, _ in
      Set(["variant", "seed", "score"]).isSubset(of: parts(header, separator))
    }
    guard let (separator, name, escaped) = found,
      let place = parts(header, separator).firstIndex(of: "score")
    else { return nil }
    let hasCommas = rows.contains { row in
      let fields = parts(row.fields, separator)
      return place < fields.count && fields[place].contains(",")
    }
    let (more, point, mend) =
      hasCommas
      ? (
        " and scores have a decimal comma", " and a decimal point",
        "sed 's/,/./g; s/\(escaped)/,/g' FILE > mended.csv"
      ) : ("", "", "tr '\(escaped)' ',' < FILE > mended.csv")
    return
      "the columns are divided by \(name)\(more); allowed: commas\(point); mended by: \(mend), "
      + "where no name has a comma"
  }
}

extension String {
  /// Without spaces and tabs at the ends.
  var trimmed: String {
    var text = Substring(self)
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
