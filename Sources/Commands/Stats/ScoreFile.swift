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

  typealias Problem = ForeignTable.Fault

  private(set) var tasks: [String] = []
  private(set) var variants: [Variant] = []
  private(set) var problems: [Problem] = []
  /// Columns that are not read.
  private(set) var unused: [String] = []
  /// What was taken otherwise than it stands there, a sentence each.
  private(set) var notes: [String] = []

  private static let known = ["variant", "seed", "task", "score"]

  init(_ bytes: [UInt8]) {
    problems = ForeignTable.encodingFaults(in: bytes)
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
    let foreign = ForeignTable.foreignSeparator(names, rows: filled.dropFirst().lazy.map(\.fields))
    {
      Set(["variant", "seed", "score"]).isSubset(of: $0)
    }
    if let sentence = foreign {
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
}
