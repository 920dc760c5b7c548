// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// `rallybook stats` on the scores of docs/explain/statistics.md, through the program.
@Suite struct StatsTests {
  private struct Answer {
    let json: [String: Any]

    init(_ text: String) throws {
      json = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    func variant(_ name: String) throws -> [String: Any] {
      let all = try #require(json["variants"] as? [[String: Any]])
      return try #require(all.first { $0["variant"] as? String == name })
    }

    func pair(_ first: String, _ second: String) throws -> [String: Any] {
      let all = try #require(json["pairs"] as? [[String: Any]])
      return try #require(
        all.first { $0["variant"] as? String == first && $0["over"] as? String == second })
    }
  }

  private func stats(_ csv: String, _ arguments: [String]) throws -> Program.Result {
    let program = try Program()
    defer { program.remove() }
    try csv.write(
      to: program.folder.appendingPathComponent("scores.csv"), atomically: true, encoding: .utf8)
    return try program.start(["stats", "scores.csv"] + arguments).wait()
  }

  private func rows(_ name: String, _ runs: [[Double]]) -> String {
    runs.enumerated().flatMap { seed, row in
      row.enumerated().map { task, score in "\(name),\(seed),t\(task),\(score)\n" }
    }.joined()
  }

  private func field(_ object: [String: Any], _ path: String...) throws -> Double {
    var found: Any = object
    for key in path { found = try #require((found as? [String: Any])?[key]) }
    return try #require((found as? NSNumber)?.doubleValue)
  }

  /// As the page prints it, to six places.
  private func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

  @Test("Pong's finals: mean, IQM, gap, profile and all 3,125 resamples")
  func pong() throws {
    let csv =
      "variant,seed,task,score\n" + rows("A", [[-21], [-18.5], [-12], [3], [14]])
      + rows("B", [[-20], [-19], [-21], [-15], [-21]])
    let result = try stats(
      csv, ["--json", "--range", "-21,21", "--at", "0,0.1,0.25,0.5,0.75,1"])
    #expect(result.status == 0, "\(result.error)")
    let answer = try Answer(result.output)
    let a = try answer.variant("A")
    let b = try answer.variant("B")
    #expect(try rounded(field(a, "mean", "estimate")) == 0.335714)
    #expect(try rounded(field(a, "iqm", "estimate")) == 0.281746)
    #expect(try rounded(field(a, "iqm", "bootstrapMean")) == 0.308385)
    #expect(try rounded(field(a, "iqm", "bootstrapDeviation")) == 0.188285)
    #expect(try rounded(field(a, "iqm", "lower")) == 0.019841)
    #expect(try rounded(field(a, "iqm", "upper")) == 0.746032)
    #expect(try field(a, "iqm", "resamples") == 3_125)
    #expect(try rounded(field(a, "optimalityGap", "estimate")) == 0.664286)
    #expect(try rounded(field(b, "iqm", "estimate")) == 0.02381)
    #expect(try rounded(field(b, "optimalityGap", "estimate")) == 0.957143)
    let profile = try #require(a["profile"] as? [[String: Any]])
    #expect(try profile.map { try rounded(field($0, "share")) } == [0.8, 0.6, 0.4, 0.4, 0.2, 0])
    let pair = try answer.pair("A", "B")
    #expect(try rounded(field(pair, "probabilityOfImprovement", "estimate")) == 0.8)
    #expect(pair["paired"] as? Bool == false && pair["signFlip"] == nil)
    let paired = try Answer(
      try stats(csv, ["--json", "--range", "-21,21", "--paired"]).output
    ).pair("A", "B")
    #expect(paired["paired"] as? Bool == true)
    #expect(try rounded(field(paired, "probabilityOfImprovement", "estimate")) == 0.8)
    #expect(try field(paired, "pairs") == 5)
    // A beats B in seeds 1 to 4.
    #expect(try field(paired, "seedsWon", "won") == 4)
    #expect(try rounded(field(paired, "seedsWon", "lower")) == 0.283582)
    #expect(try rounded(field(paired, "seedsWon", "upper")) == 0.994949)
    #expect(try field(paired, "signFlip", "count") == 5)
  }

  @Test("Tasks, unequal seeds and gaps as the page has them")
  func tasks() throws {
    let xy =
      "variant,seed,task,score\n" + rows("X", [[1, 2], [2, 2], [1, 1], [2, 1]])
      + rows("Y", [[1, 1], [2, 2], [3, 3]])
    let answer = try Answer(try stats(xy, ["--json", "--gamma", "2.5"]).output)
    for name in ["mean", "median", "iqm"] {
      #expect(try field(answer.variant("X"), name, "estimate") == 1.5)
      #expect(try field(answer.variant("Y"), name, "estimate") == 2)
    }
    #expect(try field(answer.variant("X"), "optimalityGap", "estimate") == 1)
    #expect(try rounded(field(answer.variant("Y"), "optimalityGap", "estimate")) == 0.666667)
    let pair = try answer.pair("Y", "X")
    #expect(try rounded(field(pair, "probabilityOfImprovement", "estimate")) == 0.666667)
    #expect(pair["paired"] as? Bool == false)

    let s = rows("S", [[0, 0.5, 0.9], [0.1, 0.4, 1.2], [0.3, 0.6, 0.8], [0.2, 0.7, 1.1]])
    let z = rows("Z", [[0, 0.4], [0.2, 0.6], [1, 0.5]])
    for (name, text, values) in [
      ("S", s, [0.566667, 0.55, 0.55, 0.458333]), ("Z", z, [0.45, 0.45, 0.425, 0.55]),
    ] {
      let found = try Answer(
        try stats("variant,seed,task,score\n" + text, ["--json", "--range", "0,1"]).output)
      let statistics = ["mean", "median", "iqm", "optimalityGap"]
      for (statistic, value) in zip(statistics, values) {
        #expect(try rounded(field(found.variant(name), statistic, "estimate")) == value)
      }
    }
    let all = try Answer(
      try stats("variant,seed,task,score\n" + z, ["--json", "--range", "0,1"]).output)
    #expect(try rounded(field(all.variant("Z"), "iqm", "bootstrapMean")) == 0.440123)
    #expect(try rounded(field(all.variant("Z"), "iqm", "lower")) == 0.25)
    #expect(try rounded(field(all.variant("Z"), "iqm", "upper")) == 0.75)
  }

  @Test("Without a range the normalized statistics are left out, and it says so")
  func noRange() throws {
    let csv =
      "\u{FEFF}score,variant,seed\r\n0,\"a, the first\",0\r\n1,\"a, the first\",1\r\n4,\"a, the first\",2\r\n"
    let result = try stats(csv, [])
    #expect(result.status == 0)
    #expect(result.output.contains("a, the first"))
    #expect(result.output.contains("1.667 [0, 4]"))
    #expect(result.output.contains("note: without --range"))
    #expect(!result.output.contains("optimalityGap"))
    // Of one task a median over tasks is the mean.
    #expect(!result.output.contains("median"))
  }

  @Test("A failed run is left out and counted; a run that never got there ranks last")
  func failed() throws {
    let csv = "variant,seed,score\na,0,1\na,1,\na,2,nan\na,3,2\nb,0,inf\nb,1,0\nb,2,1\nb,3,1\n"
    let result = try stats(csv, ["--json"])
    #expect(result.status == 0, "\(result.error)")
    let answer = try Answer(result.output)
    #expect(try field(answer.variant("a"), "scores") == 2)
    #expect(try field(answer.variant("a"), "planned") == 4)
    #expect(try field(answer.variant("a"), "mean", "estimate") == 1.5)
    #expect(try answer.variant("b")["mean"] == nil)
    #expect(try stats(csv, []).output.contains("2 of 4"))
  }

  @Test("Every mistake of the file is named with its line, and nothing is computed")
  func mistakes() throws {
    let result = try stats(
      "variant,seed,task,score\na,0,t,1\na,0,t,2\na,1,t,fast\na,2,t\n", ["--json"])
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(
      result.error
        == """
        scores.csv:3: error: the same variant, seed and task as in line 2
        scores.csv:4: error: score: found "fast"; allowed: a number, inf, or nothing for a run \
        that failed
        scores.csv:5: error: 3 fields; the header has 4

        """)
    #expect(
      try stats("variant,sed,score\n", []).error.contains(
        "scores.csv:1: error: no column \"seed\"; found variant,sed,score; is \"sed\" it?"))
    #expect(try stats("", []).status == 2)
    #expect(try stats("variant,seed,score\n", []).error.contains("no row below the header"))
    #expect(try stats("variant,seed,score\n\"a,0,1\n", []).error.contains("never closed"))
    let range = try stats("variant,seed,score\na,0,1\n", ["--range", "21,-21"])
    #expect(range.status == 2)
    #expect(range.error.contains("allowed: two numbers, the lesser first"))
  }
}
