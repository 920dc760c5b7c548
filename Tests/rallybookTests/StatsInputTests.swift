// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// What `rallybook stats` makes of files as people have them: nothing is repaired, guessed or
/// dropped without a word.
@Suite struct StatsInputTests {
  private func stats(_ bytes: Data, _ arguments: [String] = []) throws -> Program.Result {
    let program = try Program()
    defer { program.remove() }
    try bytes.write(to: program.folder.appendingPathComponent("scores.csv"))
    return try program.start(["stats", "scores.csv"] + arguments).wait()
  }

  private func stats(_ csv: String, _ arguments: [String] = []) throws -> Program.Result {
    try stats(Data(csv.utf8), arguments)
  }

  private func numbers(_ csv: String, _ arguments: [String] = []) throws -> [String: Any] {
    let result = try stats(csv, arguments + ["--json"])
    #expect(result.status == 0, "\(result.error)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  private func pair(_ csv: String, _ arguments: [String] = []) throws -> [String: Any] {
    try #require((try numbers(csv, arguments)["pairs"] as? [[String: Any]])?.first)
  }

  private func file(_ rows: String...) -> String {
    "variant,seed,score\n" + rows.joined(separator: "\n") + "\n"
  }

  @Test("Bytes that are not UTF-8 are an error with line and column, and no numbers")
  func latin1() throws {
    var bytes = Data("variant,seed,score\nA,0,1\nfM-".utf8)
    bytes += [0xFC] + Data("r,0,1\nf".utf8) + [0xE4] + Data("r,1,2\n".utf8)
    let result = try stats(bytes)
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(
      result.error.hasPrefix("scores.csv:3:4: error: found byte 0xFC, which is not UTF-8"),
      "\(result.error)")
    #expect(result.error.contains("scores.csv:4:2: error: found byte 0xE4"))
    #expect(result.error.contains("iconv -f WINDOWS-1252 -t UTF-8"))
    let wide = try stats(
      Data([0xFF, 0xFE]) + Data("variant".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }))
    #expect(wide.status == 2 && wide.error.contains("UTF-16"))
  }

  @Test("Small numbers keep their digits")
  func small() throws {
    let text = try stats(file("A,0,1.2e-8", "A,1,3e-8", "A,2,2.2e-8")).output
    #expect(text.contains("2.133×10⁻⁸ [1.2×10⁻⁸, 3×10⁻⁸]"), "\(text)")
    #expect(!text.contains("0 [0, 0]"))
  }

  @Test("Rows of empty fields are passed over and said; a missing name is an error")
  func empty() throws {
    let result = try stats(file("A,0,1", "A,1,2", ",,", ",,,,", ""))
    #expect(result.status == 0)
    #expect(result.output.contains("note: 2 rows with only empty fields are skipped, the first"))
    #expect(
      try numbers(file("A,0,1", "A,1,2", ",,"))["variants"].map { ($0 as? [Any])?.count } == 1)
    let nameless = try stats(file("A,0,1", ",1,2", "A,,3"))
    #expect(nameless.status == 2)
    #expect(nameless.error.contains("scores.csv:3: error: variant: found nothing"))
    #expect(nameless.error.contains("scores.csv:4: error: seed: found nothing"))
  }

  @Test("An absent row counts like an empty score, and is said", arguments: [[], ["--paired"]])
  func absent(arguments: [String]) throws {
    let a = (0..<7).map { "A,\($0),\($0)" }
    let b = (0..<6).map { "B,\($0),\($0 + 2)" }
    let without = "variant,seed,score\n" + (a + b).joined(separator: "\n") + "\n"
    let with = without + "B,6,\n"
    let (one, other) = (try numbers(without, arguments), try numbers(with, arguments))
    for part in ["pairs", "variants"] {
      func text(_ found: [String: Any]) throws -> Data {
        try JSONSerialization.data(
          withJSONObject: try #require(found[part]), options: .sortedKeys)
      }
      #expect(try text(one) == text(other))
    }
    let text = try stats(without, arguments).output
    #expect(text.contains("B has no row for seed 6, which others have: counted as an empty score"))
    #expect(text.contains("6 of 7"))
    if arguments == ["--paired"] {
      let pair = try pair(without, arguments)
      #expect(pair["pairs"] as? Int == 6 && pair["plannedPairs"] as? Int == 7)
      #expect((pair["signFlip"] as? [String: Any])?["p"] as? Double == 0.03125)
    }
  }

  @Test("1 and 1.0 are one seed; so said, and a second row of it is an error")
  func seeds() throws {
    let csv = file("A,1,2", "A,2,3", "A,3,5", "B,1.0,4", "B,02,5", "B,3e0,7")
    let pair = try pair(csv, ["--paired"])
    #expect(pair["paired"] as? Bool == true && pair["pairs"] as? Int == 3)
    #expect(
      try stats(csv).output.contains("seed \"1.0\" in line 5 is taken for \"1\" in line 2"))
    let twice = try stats(file("A,1,2", "A,1.0,3"))
    #expect(twice.status == 2)
    #expect(
      twice.error.contains("scores.csv:3: error: the same variant, seed and task as in line 2"))
    // Names that are no numbers stay what they are.
    #expect(try numbers(file("A,a1,1", "A,a01,2", "A,1x,3"))["notes"] != nil)
  }

  @Test("Another program's equal seeds are no pairs, unless it is said that they are")
  func apart() throws {
    // Every seed of B is 1 better, while seeds differ by much more.
    let csv =
      "variant,seed,score\n"
      + (0..<4).map { "A,\($0),\($0 * 100)\nB,\($0),\($0 * 100 + 1)\n" }.joined()
    let apart = try pair(csv)
    let difference = try #require(apart["difference"] as? [String: Any])
    #expect(apart["paired"] as? Bool == false && apart["signFlip"] == nil)
    #expect(try #require(difference["lower"] as? Double) < -100)
    let paired = try #require(try pair(csv, ["--paired"])["difference"] as? [String: Any])
    #expect(paired["lower"] as? Double == 1 && paired["upper"] as? Double == 1)
    #expect(try stats(csv).output.contains("note: seeds are names here"))
  }

  @Test("A number is as programs write it: 0x10 is none, and a no-break space is no part of a name")
  func numbersAndNames() throws {
    #expect(
      try stats(file("A,0,0x10")).error.contains("scores.csv:2: error: score: found \"0x10\""))
    let rows = file("A\u{A0},0,1", "A,1,3", "A,0x2,5", "A,2,7")
    let variants = try #require(try numbers(rows)["variants"] as? [[String: Any]])
    #expect(variants.count == 1 && variants[0]["scores"] as? Int == 4)
  }

  @Test("Lines that end with a carriage return alone are named once, with what mends them")
  func carriageReturns() throws {
    let result = try stats(Data("variant,seed,score\rA,0,1\rA,1,2\r".utf8))
    #expect(result.status == 2)
    #expect(
      result.error
        == "scores.csv:1: error: its lines end with a carriage return alone; allowed: a line"
        + " feed; convert it with: tr '\\r' '\\n' < FILE > mended.csv\n", "\(result.error)")
  }

  @Test("A variant without a score in a task is told with the task's name")
  func taskWithoutScore() throws {
    let rows = ["A,0,x,1", "A,1,x,2", "A,0,y,1", "B,0,x,3", "B,1,x,4"]
    let result = try stats("variant,seed,task,score\n" + rows.joined(separator: "\n") + "\n")
    #expect(result.output.contains("note: B has no score in task y\n"), "\(result.output)")
    #expect(!result.output.contains("note: A has no score"))
  }

  @Test("Other separators and decimal commas are named with what mends them")
  func separators() throws {
    let semicolons = try stats("variant;seed;score\nA;0;1,5\nA;1;2,5\n")
    #expect(semicolons.status == 2)
    #expect(
      semicolons.error
        == "scores.csv:1: error: the columns are divided by \";\" and numbers have a decimal comma;"
        + " allowed: commas and a decimal point; convert it with: sed 's/,/./g; s/;/,/g' FILE >"
        + " mended.csv, where no name has a comma\n")
    let tabs = try stats("variant\tseed\tscore\nA\t0\t1.5\n")
    #expect(tabs.error.contains("divided by tabs; allowed: commas; convert it with: tr '\\t' ','"))
    let comma = try stats(file("A,0,1,5"))
    #expect(comma.error.contains("4 fields; the header has 3; a number with a decimal comma?"))
    #expect(try stats(file("A,0,\"1,5\"")).error.contains("write a decimal comma as a point"))
  }

  @Test("Numbers beyond 64 bits and text behind quotation marks are no scores and no names")
  func beyond() throws {
    for number in ["1e400", "-1e400", "1e-400"] {
      let result = try stats(file("A,0,\(number)"))
      #expect(result.status == 2 && result.error.contains("beyond what a number of 64 bits holds"))
    }
    #expect(try stats(file("A,0,0e5", "A,1,inf", "A,2,-0.0")).status == 0)
    #expect(
      try stats(file("\"A\"b,0,1")).error.contains("text behind a closing quotation mark"))
  }

  @Test("Scores of any size have numbers, and none is made up")
  func extremes() throws {
    let csv = file(
      "A,0,1.7e308", "A,1,1.5e308", "A,2,1.6e308", "B,0,-1.7e308", "B,1,-1.5e308", "B,2,-1.6e308",
      "C,0,1", "C,1,1", "C,2,1")
    let found = try numbers(csv, ["--range", "-1.7e308,1.7e308"])
    let variants = try #require(found["variants"] as? [[String: Any]])
    func mean(_ place: Int) -> Double? {
      (variants[place]["mean"] as? [String: Any])?["estimate"] as? Double
    }
    #expect(try abs(#require(mean(0)) - 0.970588) < 1e-6)
    #expect(try abs(#require(mean(1)) - 0.029412) < 1e-6)
    #expect(mean(2) == 0.5)
    let plain = try stats(csv)
    #expect(plain.status == 0 && plain.output.contains("1.6×10³⁰⁸ [1.5×10³⁰⁸, 1.7×10³⁰⁸]"))
  }
}
