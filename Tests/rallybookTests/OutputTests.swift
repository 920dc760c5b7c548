// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("What is printed arrives, and moves no cursor", .serialized)
struct OutputTests {
  /// Runs the program with its standard output led elsewhere by a shell.
  private func shell(_ program: Program, _ words: String) throws -> Program.Result {
    try program.start(
      [], executable: nil,
      wrapper: ["/bin/bash", "-c", "P='\(Program.executable.path)'; \(words)"]
    ).wait()
  }

  @Test(
    "Output into a full device is an error of the table",
    arguments: [
      "list", "list small", "list --json", "plan experiments/small.json",
      "check experiments/small.json", "schema", "schema --markdown", "query 'seed = 0'",
      "status", "status --json", "export small", "stats scores.csv", "stats scores.csv --json",
      "report small", "compare small small", "completion bash", "man", "--help", "--version",
      "help run",
      "init new", "doctor",
    ])
  func fullDevice(words: String) throws {
    let program = try Program()
    defer { program.remove() }
    try small(program)
    let result = try shell(program, "\"$P\" \(words) > /dev/full")
    #expect(result.status == 1, "\(result.error)")
    #expect(
      result.error.hasSuffix(
        "error[output]: standard output was not written to its end: No space left on device\n"),
      "\(result.error)")
  }

  @Test("So is a pipe that nobody reads, and a stream that is closed")
  func closedPipe() throws {
    let program = try Program()
    defer { program.remove() }
    try small(program)
    let pipe = try shell(program, "(sleep 0.3; \"$P\" schema; echo $? > status) | head -c 1")
    #expect(try program.lines("status") == ["1"])
    #expect(pipe.error.contains("Broken pipe"))
    let closed = try shell(program, "\"$P\" list >&-")
    #expect(closed.status == 1 && closed.error.contains("error[output]"))
    let fine = try shell(program, "\"$P\" list > /dev/null")
    #expect(fine.status == 0, "\(fine.error)")
  }

  @Test("A run whose events nobody reads any more trains on and leaves its report")
  func events() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    let result = try shell(
      program, "(\"$P\" run experiments/small.json --json; echo $? > status) | head -1")
    #expect(try program.lines("status") == ["1"])
    #expect(result.output.contains("\"event\":\"began\""))
    #expect(result.error.contains("error[output]"))
    #expect(
      FileManager.default.fileExists(
        atPath: program.folder.appendingPathComponent("reports/small/index.html").path))
    let plan = try program.run("plan", "experiments/small.json")
    #expect(plan.output.contains("trials: 2 of 2 done\n"))
  }

  @Test("Titles and labels are shown escaped, each on its line")
  func hostile() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "esc",
      #"""
      { "title": "\u001b[2J\u001b]0;x\u0007", "author": "a\u009b1mb", "tags": ["t\u202e"],
        "base": { "environment": { "id": "cartpole" }, "policy": { "kind": "linear" },
                  "training": { "episodes": 5 }, "evaluation": { "episodes": 1 } },
        "sweep": { "cases": [
          { "label": "\u001b[31mRED\u001b[2J\n\rX\u009b2J", "set": { "optimizer.learningRate": 0.1 } },
          { "label": "b\u202e\u2028", "set": { "optimizer.learningRate": 0.2 } } ] } }
      """#)
    for words in [
      ["plan", "experiments/esc.json"], ["run", "experiments/esc.json", "--no-progress"],
      ["list"], ["list", "esc"], ["list", "esc", "--json"], ["query", "seed = 0"],
      ["status", "esc"], ["query", "label contains \"RED\"", "--json"],
      ["watch", "esc", "--no-progress"],
      ["run", "experiments/esc.json", "--set", "training.episodes=6", "--json", "--no-report"],
    ] {
      let result = try program.start(words).wait()
      #expect(result.status == 0, "\(words): \(result.error)")
      let shown = result.output + result.error
      let unsafe = shown.unicodeScalars.filter {
        $0 != "\n"
          && ($0.properties.generalCategory == .control || $0.value == 0x202E || $0.value == 0x2028)
      }
      #expect(unsafe.isEmpty, "\(words): \(shown)")
    }
    let run = try program.run("run", "experiments/esc.json", "--fresh", "--no-progress")
    let lines = run.error.split(separator: "\n").filter { $0.contains("RED") }
    #expect(lines.allSatisfy { $0.contains(#"RED\u{1b}[2J\u{a}\u{d}X\u{9b}2J"#) }, "\(run.error)")
    let first = try #require(
      try program.run("list", "esc", "--json").output.split(separator: "\n").first)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
    #expect(object["author"] as? String == "a\u{9B}1mb")
  }

  @Test(
    "At 80 columns different variants look different", arguments: ["list long", "query 'seed = 0'"])
  func narrow(words: String) throws {
    let program = try Program()
    defer { program.remove() }
    let same = String(repeating: "says everything about the variant ", count: 5)
    let cases = (1...3).map {
      "{ \"label\": \"a \(same)\($0)\(same)\", \"set\": { \"optimizer.learningRate\": 0.\($0) } }"
    }
    try program.write(
      "long",
      """
      { "base": { "environment": { "id": "cartpole" }, "policy": { "kind": "linear" },
                  "training": { "episodes": 5 }, "evaluation": { "episodes": 1 } },
        "sweep": { "cases": [\(cases.joined(separator: ","))] } }
      """)
    try program.run("run", "experiments/long.json", "--no-report")
    // A terminal of 80 columns, by util-linux.
    let result = try shell(
      program, "script -qec \"stty cols 80 rows 24; '$P' \(words)\" /dev/null")
    let rows = result.output.split(whereSeparator: \.isNewline).filter { $0.contains("finished") }
    #expect(rows.count == 3, "\(result.output)")
    let labels = rows.map { row in
      row.split(separator: " ").dropFirst(2).joined(separator: " ").prefix(40)
    }
    #expect(Set(labels).count == 3, "\(result.output)")
    #expect(labels.allSatisfy { $0.contains("…") }, "\(result.output)")
  }

  /// A run with a report, and scores of another program.
  private func small(_ program: Program) throws {
    try program.write(
      "small",
      """
      { "base": { "environment": { "id": "cartpole" }, "policy": { "kind": "linear" },
                  "training": { "episodes": 5 }, "evaluation": { "episodes": 1 } } }
      """)
    try "variant,seed,score\na,0,1\na,1,2\nb,0,3\nb,1,4\n".write(
      to: program.folder.appendingPathComponent("scores.csv"), atomically: true, encoding: .utf8)
    try program.run("run", "experiments/small.json", "--no-report")
  }
}
