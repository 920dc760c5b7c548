// SPDX-License-Identifier: MIT

import Diagnostics
import Statistics

/// Scores of anyone's experiment: columns `variant,seed,task,score`, in any order; without `task`
/// all rows are of one task.
struct ScoreFile {
  /// One variant's scores.
  struct Variant {
    let name: String
    /// By task in the file's order, then by row; NaN where a run failed.
    var scores: [[Double]]
    /// The seeds beside `scores`.
    var seeds: [[String]]

    var matrix: ScoreMatrix { ScoreMatrix(tasks: scores) }
  }

  /// What is wrong, with its line; 0 for the file as a whole.
  struct Problem: Equatable {
    let line: Int
    let sentence: String
  }

  private(set) var tasks: [String] = []
  private(set) var variants: [Variant] = []
  private(set) var problems: [Problem] = []
  /// Columns that are not read.
  private(set) var unused: [String] = []

  private static let known = ["variant", "seed", "task", "score"]

  init(_ text: String) {
    let csv = CSVRows(text)
    if let line = csv.openQuote {
      problems.append(Problem(line: line, sentence: "a quotation mark that is never closed"))
      return
    }
    guard let header = csv.rows.first else {
      problems.append(
        Problem(line: 0, sentence: "an empty file; expected variant,seed,task,score"))
      return
    }
    let names = header.fields.map { $0.trimmed }
    let places = Self.known.map { names.firstIndex(of: $0) }
    unused = names.filter { !Self.known.contains($0) }
    for (name, place) in zip(Self.known, places) {
      if place == nil && name != "task" {
        let near = NearestMatch.find(name, in: unused).map { "; is \"\($0)\" it?" } ?? ""
        problems.append(
          Problem(
            line: header.line,
            sentence: "no column \"\(name)\"; found \(names.joined(separator: ","))\(near)"))
      } else if names.count(where: { $0 == name }) > 1 {
        problems.append(
          Problem(line: header.line, sentence: "the column \"\(name)\" is there twice"))
      }
    }
    guard problems.isEmpty, let variant = places[0], let seed = places[1], let score = places[3]
    else { return }
    read(
      csv.rows.dropFirst(), columns: names.count,
      place: (variant: variant, seed: seed, task: places[2], score: score))
    if variants.isEmpty && problems.isEmpty {
      problems.append(Problem(line: 0, sentence: "no row below the header"))
    }
  }

  private mutating func read(
    _ rows: ArraySlice<CSVRows.Row>, columns: Int,
    place: (variant: Int, seed: Int, task: Int?, score: Int)
  ) {
    var lines: [[String]: Int] = [:]
    var found: [(variant: String, seed: String, task: String, score: Double)] = []
    for row in rows {
      guard row.fields.count == columns else {
        problems.append(
          Problem(
            line: row.line,
            sentence: "\(row.fields.count) fields; the header has \(columns)"))
        continue
      }
      let fields = row.fields.map(\.trimmed)
      let key = [fields[place.variant], fields[place.seed], place.task.map { fields[$0] } ?? ""]
      if let first = lines[key] {
        problems.append(
          Problem(
            line: row.line,
            sentence: "the same variant, seed and task as in line \(first)"))
      }
      lines[key] = lines[key] ?? row.line
      guard let score = Self.number(fields[place.score]) else {
        problems.append(
          Problem(
            line: row.line,
            sentence: "score: found \"\(fields[place.score])\"; allowed: a number, inf, or nothing"
              + " for a run that failed"))
        continue
      }
      found.append((key[0], key[1], key[2], score))
    }
    for row in found where !tasks.contains(row.task) { tasks.append(row.task) }
    var places: [String: Int] = [:]
    for row in found {
      let place = places[row.variant] ?? variants.count
      if place == variants.count {
        places[row.variant] = place
        variants.append(
          Variant(
            name: row.variant, scores: tasks.map { _ in [] }, seeds: tasks.map { _ in [] }))
      }
      guard let task = tasks.firstIndex(of: row.task) else { continue }
      variants[place].scores[task].append(row.score)
      variants[place].seeds[task].append(row.seed)
    }
  }

  /// NaN for an empty field and for `nan`, which stand for runs that failed.
  private static func number(_ text: String) -> Double? {
    text.isEmpty || text == "NA" ? .nan : Double(text)
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
