// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("Bad input starts nothing and says why")
struct BadInputTests {
  static let bad: [(name: String, text: String, says: String)] = [
    ("empty", "", "error["),
    ("cut", #"{ "title": "x", "base": { "#, "error["),
    (
      "misspelt", #"{"title":"x","base":{"optimiser":{}},"score":{"goal":"maximize"}}"#,
      #"did you mean "optimizer"?"#
    ),
    (
      "wrong-type",
      #"{"title":"x","base":{"returns":{"discount":"0.99"}},"score":{"goal":"maximize"}}"#,
      "returns.discount"
    ),
    (
      "out-of-range",
      #"{"title":"x","base":{"returns":{"discount":1.5}},"score":{"goal":"maximize"}}"#,
      "returns.discount"
    ),
    ("twice", #"{"title":"x","title":"y","score":{"goal":"maximize"}}"#, "duplicate"),
    ("deep", String(repeating: "[", count: 100_000), "error["),
    (
      "no-points",
      #"{"title":"x","sweep":{"grid":{"returns.discount":[]}},"score":{"goal":"maximize"}}"#,
      "error["
    ),
  ]

  @Test("Each gives status 2, a place, and no run", arguments: bad.indices)
  func refused(index: Int) throws {
    let (name, text, says) = Self.bad[index]
    let program = try Program()
    defer { program.remove() }
    try program.write(name, text)
    for verb in ["check", "plan", "run"] {
      let result = try program.run(verb, "experiments/\(name).json")
      #expect(result.status == 2, "\(verb): \(result.error)")
      #expect(result.error.contains(says), "\(verb): \(result.error)")
      #expect(result.error.contains("experiments/\(name).json"), "\(result.error)")
    }
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/runs"))
  }

  @Test("A file that is not UTF-8, a folder and a missing file")
  func unreadable() throws {
    let program = try Program()
    defer { program.remove() }
    try Data([0x7B, 0xFF, 0xFE, 0x7D]).write(
      to: program.folder.appendingPathComponent("experiments/bytes.json"))
    for file in ["experiments/bytes.json", "experiments", "experiments/none.json"] {
      let result = try program.run("run", file)
      #expect(result.status == 2, "\(file)")
      #expect(result.error.contains("error["), "\(result.error)")
    }
  }

  @Test("Usage errors give status 2")
  func usage() throws {
    let program = try Program()
    defer { program.remove() }
    for arguments in [["fly"], ["run"], ["run", "a.json", "--jobs", "0"], ["init", "Bad Name"]] {
      #expect(try program.start(arguments).wait().status == 2, "\(arguments)")
    }
    #expect(try program.run("--help").status == 0)
    #expect(try program.run("report", "nothing").status == 2)
  }

  @Test("init writes an experiment that check accepts, and never over another")
  func initialize() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run("init", "mine").status == 0)
    #expect(try program.run("check", "experiments/mine.json").status == 0)
    #expect(try program.run("init", "mine").status == 4)
  }

  @Test("Recorded games agree; a changed one is found with both states and status 3")
  func traces() throws {
    let program = try Program()
    defer { program.remove() }
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../EnvironmentsTests/Fixtures/traces/game01-random6.pongtrace")
    var bytes = try Data(contentsOf: source)
    let copy = program.folder.appendingPathComponent("game.pongtrace")
    try bytes.write(to: copy)
    let good = try program.run("trace", "check", "game.pongtrace")
    #expect(good.status == 0)
    #expect(good.output.contains("frames, 0 differences"))
    bytes[64 + 12 * 500 + 4] ^= 1
    try bytes.write(to: copy)
    let bad = try program.run("trace", "check", "game.pongtrace")
    #expect(bad.status == 3)
    #expect(bad.output.contains("act 501") && bad.output.contains("recorded"))
  }
}
