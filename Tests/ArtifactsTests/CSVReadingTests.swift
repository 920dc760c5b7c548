// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import TestSupport
import Testing

@Suite("CSV files of every version are read by the names of their columns, and damage is said")
struct CSVReadingTests {
  static let updates = UpdateRecord.columns.joined(separator: ",")
  /// Fields of a row of updates behind its counters.
  static let empty = UpdateRecord.columns.count - 3

  static func read<Record: CSVRecord, Answer>(
    _ type: Record.Type, _ text: String, _ reading: (String) throws -> Answer
  ) throws -> Answer {
    let path = NSTemporaryDirectory() + "rallybook-csv-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return try reading(path)
  }

  static func rows<Record: CSVRecord>(_ type: Record.Type, _ text: String) throws -> [Record] {
    try read(type, text) { try readCSV(type, at: $0) }
  }

  static func detail<Record: CSVRecord>(_ type: Record.Type, _ text: String) -> String? {
    let error = #expect(throws: ArtifactError.self) { try rows(type, text) }
    return error?.detail
  }

  @Test("Columns that a file lacks are empty, and their order is the file's")
  func olderColumns() throws {
    let older =
      "update,episode,decisions,gradientNorm,meanKL,entropy,surrogateBefore,"
      + "surrogateAfter,stepFraction,backtracks,deadUnits,weightNorm\n"
    let row = try #require(try Self.rows(UpdateRecord.self, older + "1,2,30,0.5,,,,,,,,7\n").first)
    #expect(row.gradientNorm == 0.5 && row.weightNorm == 7 && row.residual == nil)
    let added = String(repeating: ",", count: UpdateRecord.columns.count - 12)
    #expect(row.line == "1,2,30,0.5,,,,,,,,7\(added)\n")
    let turned = "length,return,frames,decisions,episode\n5,-21,60,20,1\n"
    let episode = try #require(try Self.rows(EpisodeRecord.self, turned).first)
    #expect(episode.line == "1,20,60,-21,5\n")
  }

  @Test(
    "A header that no version wrote is damage, and the sentence says what is wrong with it",
    arguments: [
      ("episode,decisions,frames,return", "lacks the column length"),
      ("episode,decisions,frames,return,", "names a column \"\""),
      ("episode,decisions,frames,return,lengt", "names a column \"lengt\""),
      ("episode,decisions,frames,return,length,length", "names a column twice"),
      ("episode,decisions,frames,return,length,\u{1B}[2J", "names a column \"\\u{1b}[2J\""),
    ])
  func headers(header: String, says: String) {
    let found = Self.detail(EpisodeRecord.self, header + "\n1,20,60,-21,5\n")
    #expect(found?.hasPrefix("line 1 \(says)") == true, "\(found ?? "")")
  }

  @Test("The last column's name gone from a file that may lack it shows in the rows")
  func shortHeader() {
    let header = UpdateRecord.columns.dropLast().joined(separator: ",")
    let row = "1,2,30,0.5" + String(repeating: ",", count: UpdateRecord.columns.count - 4)
    let found = Self.detail(UpdateRecord.self, "\(header)\n\(row)\n")
    #expect(found == "line 2 cannot be read: \(row)")
  }

  @Test(
    "Rows that were lost or doubled show",
    arguments: ["1,10,30,1,10\n3,30,90,1,10\n", "1,10,30,1,10\n1,10,30,1,10\n", "2,20,60,1,10\n"])
  func lostRows(rows: String) {
    let found = Self.detail(EpisodeRecord.self, EpisodeRecord.headerLine + rows)
    #expect(found?.contains("rows were lost or doubled") == true, "\(found ?? "")")
    var updates = Self.updates + "\n"
    for (i, line) in rows.split(separator: "\n").enumerated() {
      updates += "\(line.prefix(1)),\(i + 1),20" + String(repeating: ",", count: Self.empty) + "\n"
    }
    #expect(Self.detail(UpdateRecord.self, updates)?.contains("lost or doubled") == true)
  }

  @Test("Games of a later checkpoint may follow, those of an earlier one may not")
  func evaluations() throws {
    let header = EvaluationRecord.headerLine
    #expect(
      try Self.rows(EvaluationRecord.self, header + "5,1,1,9\n5,2,1,9\n8,1,1,9\n").count == 3)
    for rows in ["5,1,1,9\n5,3,1,9\n", "5,1,1,9\n4,1,1,9\n", "5,2,1,9\n"] {
      #expect(
        Self.detail(EvaluationRecord.self, header + rows)?.contains("lost or doubled") == true)
    }
  }

  @Test("What stands behind the wanted rows is not looked at; those rows are")
  func beginning() throws {
    func beginning(_ rows: String, _ last: Int) throws -> [Int] {
      try Self.read(EpisodeRecord.self, EpisodeRecord.headerLine + rows) {
        try readCSV(EpisodeRecord.self, at: $0, through: last, by: \.episode).map(\.episode)
      }
    }
    let sound = "1,10,30,1,10\n2,20,60,1,10\n"
    #expect(try beginning(sound + "\0\0\0\n", 2) == [1, 2])
    #expect(try beginning("\0\0\0\n", 0) == [])
    #expect(try beginning(sound, 3) == [1, 2])
    #expect(throws: ArtifactError.self) { try beginning(sound + "\0\0\0\n", 3) }
    #expect(throws: ArtifactError.self) {
      try Self.read(EpisodeRecord.self, "episode\n") {
        try readCSV(EpisodeRecord.self, at: $0, through: 0, by: \.episode)
      }
    }
  }

  @Test(
    "A file read as it grows, cut off and grown again gives each row once and as the whole file does",
    arguments: 0..<20)
  func growing(seed: Int) throws {
    var random = SeededNumbers(seed: seed)
    let lines = (1...50).map { row in
      EpisodeRecord(episode: row, decisions: 9 * row, frames: 27 * row, return: -1, length: 9).line
    }
    let whole = Array((EpisodeRecord.headerLine + lines.joined()).utf8)
    try Self.read(EpisodeRecord.self, "") { path in
      var file = GrowingCSV<EpisodeRecord>(path)
      var rows: [EpisodeRecord] = []
      var length = 0
      while length < whole.count {
        length = min(whole.count, length + random.below(120))
        try Data(whole[..<length]).write(to: URL(fileURLWithPath: path))
        rows += try file.newRows()
        // Now and then a killed trial comes back and cuts its file.
        if random.below(5) == 0 {
          try Data(whole[..<random.below(length + 1)]).write(to: URL(fileURLWithPath: path))
          rows += try file.newRows()
        }
      }
      try Data(whole).write(to: URL(fileURLWithPath: path))
      rows += try file.newRows()
      #expect(rows == (try readCSV(EpisodeRecord.self, at: path)), "seed \(seed)")
    }
  }

  @Test("A damaged row of a growing file is said once it is whole")
  func damagedGrowing() throws {
    try Self.read(EpisodeRecord.self, EpisodeRecord.headerLine + "1,9,27,-1,9\n3,9") { path in
      var file = GrowingCSV<EpisodeRecord>(path)
      #expect(try file.newRows().count == 1)
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(",27,-1,9\n".utf8))
      #expect(throws: ArtifactError.self) { try file.newRows() }
    }
  }
}
