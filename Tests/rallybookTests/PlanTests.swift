// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("plan, and what a changed file reuses", .serialized)
struct PlanTests {
  @Test("plan tells what is done, the disk and the time, and starts nothing")
  func tells() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 2)
    let before = try program.run("plan", "experiments/small.json")
    #expect(before.status == 0, "\(before.error)")
    #expect(
      before.output.contains("2 discounts = 2 variants × 2 seeds = 4 trials\n"), "\(before.output)")
    #expect(before.output.contains("  0 of 2 done  discount off\n"), "\(before.output)")
    #expect(before.output.contains("\ntrials: 0 of 4 done\n"))
    #expect(before.output.contains("\ndisk: at most "))
    #expect(before.output.contains("\ntime: unknown until a first trial has run; --measure"))
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/runs"))

    try program.run("run", "experiments/small.json", "--seeds", "1", "--no-report")
    let half = try program.run("plan", "experiments/small.json", "--jobs", "2")
    #expect(half.output.contains("\ntrials: 2 of 4 done\n"), "\(half.output)")
    #expect(
      half.output.contains(" s on 2 cores, estimated from 2 earlier trials\n"), "\(half.output)")
    let extended = try program.run(
      "plan", "experiments/small.json", "--extend", "training.episodes=50")
    #expect(extended.output.contains("2 of 4 trials continue finished ones\n"))
    #expect(extended.output.contains(", estimated from 2 earlier trials\n"), "\(extended.output)")

    // Another experiment with the same game and network knows the time from this one.
    try program.writeSmall("other", episodes: 40, seeds: 1)
    let other = try program.run("plan", "experiments/other.json")
    #expect(other.output.contains(", estimated from 2 earlier trials\n"), "\(other.output)")

    try program.run("run", "experiments/small.json", "--no-report")
    let after = try program.run("plan", "experiments/small.json")
    #expect(after.output.contains("\ntrials: 4 of 4 done\n"))
    #expect(after.output.hasSuffix("\ntime: nothing is left to do\n"), "\(after.output)")
  }

  @Test("plan --measure trains each kind of trial for two seconds and keeps nothing")
  func measures() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "kinds",
      """
      { "base": { "policy": { "hidden": [8] }, "training": { "episodes": 50 } },
        "sweep": { "concat": [
          { "grid": { "optimizer.learningRate": [0.001, 0.01] } },
          { "cases": [ { "label": "random", "set": { "algorithm.kind": "random" } } ] } ] },
        "score": { "goal": "maximize" } }
      """)
    let result = try program.run("plan", "experiments/kinds.json", "--measure")
    #expect(result.status == 0, "\(result.error)")
    #expect(
      result.error == "measuring 1 of 2: learningRate 0.001\nmeasuring 2 of 2: random\n")
    #expect(
      result.output.contains("estimated from two seconds of each kind of trial"), "\(result.output)"
    )
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/runs"))
  }

  @Test("Editing the file while it runs changes nothing that runs")
  func editing() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 60, seeds: 2)
    let child = try program.start(["run", "experiments/small.json", "--jobs", "1", "--no-report"])
    let plan = program.folder.appendingPathComponent("runs/small/plan.json").path
    var waits = 0
    while !FileManager.default.fileExists(atPath: plan) && waits < 4000 {
      usleep(2000)
      waits += 1
    }
    try program.write("small", "{ \"this is\": [no JSON")
    let result = child.wait()
    #expect(result.status == 0, "\(result.error)")
    try program.writeSmall("small", episodes: 60, seeds: 2)
    try program.run("run", "experiments/small.json", "--no-report", "--runs", "whole")
    #expect(try program.records("small") == program.records("small", runs: "whole"))
    let again = try program.run("run", "experiments/small.json", "--no-report")
    #expect(again.error.contains("nothing to run"), "\(again.error)")
  }

  @Test("Adding points and renaming cases reuses what is there")
  func morePoints() throws {
    let program = try Program()
    defer { program.remove() }
    func write(_ sweep: String) throws {
      try program.write(
        "small",
        """
        { "base": { "policy": { "hidden": [8] }, "training": { "episodes": 10 },
                    "evaluation": { "episodes": 1 } },
          "sweep": \(sweep), "score": { "goal": "maximize" } }
        """)
    }
    let options = ["run", "experiments/small.json", "--no-report"]
    try write(#"{ "grid": { "returns.discount": [null, 0.9] } }"#)
    #expect(try program.start(options).wait().status == 0)
    let before = try program.records("small")
    try write(
      #"""
      { "concat": [
        { "cases": [ { "label": "off", "set": { "returns.discount": null } } ] },
        { "random": { "trials": 2, "set": {
            "optimizer.learningRate": { "min": 1e-4, "max": 1e-2, "scale": "log" } } } },
        { "zip": { "returns.discount": [0.9, 0.8], "policy.hidden": [[8], [8]] } } ] }
      """#)
    let plan = try program.run("plan", "experiments/small.json")
    #expect(
      plan.output.contains("1 case + 2 draws + 2 pairs = 5 variants × 1 seed = 5 trials"),
      "\(plan.output)\(plan.error)")
    #expect(plan.output.contains("\ntrials: 2 of 5 done\n"), "\(plan.output)")
    let more = try program.start(options).wait()
    #expect(more.status == 0, "\(more.error)")
    let after = try program.records("small")
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(try program.trialFolders("small").count == 5)
  }
}
