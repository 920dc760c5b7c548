// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import TestSupport
import Testing

@testable import Imports

@Suite("CSV files with named columns") struct TableFileTests {
  private func curve(_ text: String, _ columns: String? = nil) throws -> TrialCurve {
    let columns = try columns.map { try CurveColumns($0) } ?? CurveColumns()
    let file = try SourceFile(path: "a.csv", contents: Array(text.utf8), columns)
    return try TrialCurve(
      [file], columns: columns, unit: StepUnit(.decisions, frameSkip: 1), name: "a, seed 0")
  }

  @Test("Columns are taken by their names, or as they are named")
  func columns() throws {
    let plain = try curve("step,return,length\n10,1.5,10\n30,-inf,20\n")
    #expect(plain.episodes.map(\.decisions) == [10, 30])
    #expect(plain.episodes.map(\.return) == [1.5, -.infinity])
    #expect(plain.episodes.map(\.length) == [10, 20] && plain.timing.isEmpty)
    let quoted = try curve(
      "\u{FEFF}\"a \"\"b\"\"\",t\r\n2,100\r\n3,2e2\r\n", "step=t,return=a \"b\"")
    #expect(quoted.episodes.map(\.decisions) == [100, 200])
  }

  @Test("Means are told from episodes by the word that names them")
  func means() throws {
    let text = "t,score,when\n100,2,0.5\n200,3,1.5\n200,4,1.75\n"
    let means = try curve(text, "step=t,mean=score,seconds=when")
    #expect(means.isMeans && means.episodes.map(\.return) == [2, 4])
    #expect(means.timing.map(\.wallSeconds) == [0.5, 1.75])
    #expect(means.remarks == ["a, seed 0, score: of 1 point with an equal step the last counts"])
    let episodes = try curve(text, "step=t,return=score,seconds=when")
    #expect(!episodes.isMeans && episodes.episodes.map(\.return) == [2, 3, 4])
  }

  @Test("Steps that go back replace what stood behind them; cells and lines that are none are told")
  func faults() throws {
    let found = try curve("step,return\n10,1\n20,2\n30,3\n20,4\n40,x\n50\n60,nan\n70,7")
    #expect(found.episodes.map(\.decisions) == [10, 20, 60])
    #expect(found.episodes.prefix(2).map(\.return) == [1, 4])
    #expect(
      found.remarks == [
        "a.csv: 1 line that cannot be read is left out; line 7: 50",
        "a.csv: the last line has no line feed, so it may be half written; it is left out",
        "a, seed 0, return: 2 points of a training that went on from an earlier step are replaced by what came"
          + " after",
        "a.csv: 1 cell of return that is no number, left out; line 6: x",
      ])
  }

  @Test("A quotation mark that does not end with its field leaves its line out, and that is told")
  func openQuotes() throws {
    let found = try curve("step,return\n10,1\n20,\"2\n30,\"3\"4\n40,5\n")
    #expect(found.episodes.map(\.decisions) == [10, 40])
    #expect(
      found.remarks == ["a.csv: 2 lines that cannot be read are left out; line 3: 20,\"2"])
  }

  @Test("Where no point is left, what was left out is told with it")
  func nothingLeft() throws {
    let error = #expect(throws: ImportError.self) {
      try curve("step,return\n-10,1\n20.5,2\n")
    }
    #expect(
      error?.sentence
        == "a, seed 0: its files have no point of a curve\n"
        + "a.csv: 1 line that cannot be read is left out; line 3: 20.5,2\n"
        + "a, seed 0: 1 point left out, below step 0 or beyond 2⁵⁰")
  }

  @Test("Foreign separators, encodings and columns that stand twice are refused, as stats does")
  func foreign() throws {
    for (text, part) in [
      ("step;return\n1;0,5\n", "divided by \";\" and numbers have a decimal comma"),
      ("step\treturn\n1\t0.5\n", "divided by tabs; allowed: commas"),
      ("step return\n1 0.5\n", "divided by spaces; allowed: commas"),
      ("step,return\r1,0.5\r", "end with a carriage return alone"),
      ("step,return,return\n1,2,3\n", "the column \"return\" appears twice"),
      ("step,return\n1,2\u{0}\n", "line 2: found a byte of value 0"),
      ("", "an empty file"),
    ] {
      let found = sentence { try curve(text) }
      #expect(found?.contains(part) == true, "\(found ?? "no error")")
    }
    let latin = Array("step,r".utf8) + [0xFC] + Array("ckgabe\n1,2\n".utf8)
    #expect(
      sentence { try SourceFile(path: "a.csv", contents: latin) }?
        .contains("a.csv: line 1: found byte 0xFC, which is not UTF-8") == true)
  }

  @Test("A cell is a number as programs write it; what is none is told, also where nothing is left")
  func cells() throws {
    let found = try curve("step, return\n10, 1.5\n20,0x10\n30,1e400\n40,inf\n")
    #expect(found.episodes.map(\.return) == [1.5, .infinity])
    #expect(
      found.remarks == ["a.csv: 2 cells of return that are no number, left out; line 3: 0x10"])
    let none = sentence { try curve("step,return\n1,\"0,5\"\n2,\"0,7\"\n") }
    #expect(
      none?.hasSuffix("\na.csv: 2 cells of return that are no number, left out; line 2: 0,5")
        == true,
      "\(none ?? "no error")")
  }

  @Test("A date is no length of time, and a time that falls is none")
  func clocks() throws {
    let dated = try curve(
      "Wall time,Step,Value\n1790000000.5,100,1\n1790000003.0,200,2\n",
      "step=Step,seconds=Wall time,return=Value")
    #expect(dated.timing.map(\.wallSeconds) == [0, 2.5])
    #expect(
      dated.remarks == ["a.csv: Wall time counts from 1970; its first point is taken for 0"])
    let falling = try curve("step,return,seconds\n1,2,50\n2,2,40\n")
    #expect(falling.timing.isEmpty && falling.episodes.count == 2)
    #expect(
      falling.remarks == ["a, seed 0: the time falls from 50 s to 40 s, so none is imported"])
  }

  @Test("What is missing is told with what is there and what is nearest")
  func missing() {
    #expect(
      sentence { try curve("episode,reward\n1,2\n") }
        == "a.csv: no column counts steps: its columns are episode, reward; looked for:"
        + " time/total_timesteps, step, steps, global_step; say it with --columns step=NAME")
    #expect(
      sentence { try curve("step,reward\n1,2\n") }
        == "a, seed 0: no series is known to be a return among reward; say which with --columns"
        + " return=NAME, or mean=NAME for means of several episodes")
    #expect(
      sentence { try curve("step,reward\n1,2\n", "return=rewards") }
        == "a.csv: no series \"rewards\"; did you mean \"reward\"?; there are: reward")
    #expect(
      sentence { try CurveColumns("steps=a") }
        == "--columns: found \"steps=a\"; allowed: step, seconds, return, mean, length, each with ="
        + " and a name; did you mean \"step\"?")
    #expect(sentence { try CurveColumns("return=a,mean=b") }?.contains("not both") == true)
    #expect(sentence { try CurveColumns("return") } != nil)
    #expect(sentence { try curve("step,return\n") } != nil)
  }

  @Test("No bytes make a reader trap", arguments: 0..<8)
  func damaged(seed: Int) throws {
    let files = [
      "sb3/ppo/seed0/0.monitor.csv", "sb3/ppo/seed0/evaluations.npz", "sb3/ppo/seed0/progress.csv",
      "cleanrl/CartPole-v1__dqn__1__1796050000/events.out.tfevents.1796051940.host.1.0",
    ]
    var draws = SeededNumbers(seed: seed)
    for name in files {
      let whole = try bytes(name)
      for _ in 0..<60 {
        var file = Array(whole.prefix(draws.below(whole.count + 1)))
        for _ in 0..<draws.below(5) where !file.isEmpty {
          file[draws.below(file.count)] = UInt8(draws.below(256))
        }
        guard let source = try? SourceFile(path: name, contents: file) else { continue }
        _ = try? TrialCurve(
          [source], columns: .init(), unit: StepUnit(.frames, frameSkip: 4), name: "a")
      }
    }
  }
}
