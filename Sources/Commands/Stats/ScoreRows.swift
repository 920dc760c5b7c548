// SPDX-License-Identifier: MIT

import Artifacts

/// Reads the rows below the header, and says what is wrong with them.
struct ScoreRows {
  typealias Score = (variant: String, seed: String, task: String, score: Double)

  private(set) var scores: [Score] = []
  private(set) var problems: [ScoreFile.Problem] = []
  /// What names were taken for the same although they are written in two ways.
  var notes: [String] {
    guard let first = respelled.first else { return [] }
    return respelled.count <= 3
      ? respelled : [first, "\(respelled.count - 1) more names or seeds are written in two ways"]
  }

  private let columns: [String]
  private let place: (variant: Int, seed: Int, task: Int?, score: Int)
  private var lines: [[String]: Int] = [:]
  private var spellings: [[String]: (text: String, line: Int)] = [:]
  private var others: Set<[UInt8]> = []
  private var respelled: [String] = []

  /// - Parameter columns: the header's names; the others are places among them.
  init(columns: [String], variant: Int, seed: Int, task: Int?, _ score: Int) {
    self.columns = columns
    place = (variant, seed, task, score)
  }

  mutating func read(_ row: CSVRows.Row) {
    guard row.fields.count == columns.count else {
      let comma =
        row.fields.count == columns.count + 1
        ? "; a number with a decimal comma? write it with a point" : ""
      return add(row, "\(row.fields.count) fields; the header has \(columns.count)\(comma)")
    }
    guard let variant = name("variant", row, place.variant),
      let seed = name("seed", row, place.seed),
      let task = place.task.map({ name("task", row, $0) }) ?? "",
      let score = score(row)
    else { return }
    let first = lines[[variant, seed, task], default: row.line]
    if first != row.line { add(row, "the same variant, seed and task as in line \(first)") }
    lines[[variant, seed, task]] = first
    scores.append((variant, seed, task, score))
  }

  private mutating func add(_ row: CSVRows.Row, _ sentence: String) {
    problems.append(ScoreFile.Problem(line: row.line, sentence: sentence))
  }

  /// A name as it is compared: without spaces at its ends, a seed that is a number as that number.
  private mutating func name(_ column: String, _ row: CSVRows.Row, _ place: Int) -> String? {
    let text = row.fields[place]
    let name = column == "seed" ? Self.canonical(text.trimmed) : text.trimmed
    guard !name.isEmpty else {
      add(row, "\(column): found nothing; allowed: a name\(column == "seed" ? " or number" : "")")
      return nil
    }
    if let first = spellings[[column, name]] {
      // Swift takes letters with composed and decomposed accents for equal; bytes tell.
      if !first.text.utf8.elementsEqual(text.utf8),
        others.insert(Array("\(column) \(text)".utf8)).inserted
      {
        respelled.append(
          "\(column) \"\(text)\" in line \(row.line) is taken for \"\(first.text)\" in line"
            + " \(first.line)")
      }
    } else {
      spellings[[column, name]] = (text, row.line)
    }
    return name
  }

  /// 1, 01 and 1.0 are one seed.
  private static func canonical(_ seed: String) -> String {
    if let whole = Int(seed) { return "\(whole)" }
    guard let number = ForeignTable.number(seed), abs(number) < 9e15 else { return seed }
    return number == number.rounded() ? "\(Int(number))" : "\(number)"
  }

  /// NaN for an empty field and for `nan`, which stand for runs that failed.
  private mutating func score(_ row: CSVRows.Row) -> Double? {
    let text = row.fields[place.score].trimmed
    if text.isEmpty || text == "NA" { return .nan }
    guard let number = ForeignTable.number(text) else {
      let comma =
        text.count { $0 == "," } == 1 && ForeignTable.number(text.replacing(",", with: ".")) != nil
        ? "; write a decimal comma as a point" : ""
      add(
        row,
        "score: found \"\(text)\"; allowed: a number, inf, or nothing for a run that failed\(comma)"
      )
      return nil
    }
    guard ForeignTable.isBeyond(text, number) else { return number }
    add(
      row,
      "score: found \(text), which is beyond what a number of 64 bits holds; allowed: 0, or a size "
        + "from 1e-307 to 1.7e308")
    return nil
  }
}
