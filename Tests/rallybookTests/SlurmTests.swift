// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// The cluster back end against a real Slurm; each test says what became of the tasks.
@Suite(
  "On a cluster", .serialized, .timeLimit(.minutes(15)),
  SlurmServer())
struct SlurmTests {
  private static let isLong = ProcessInfo.processInfo.environment["RALLYBOOK_LONG"] != nil

  /// `run` on the cluster, looked at often, without a report.
  private func submit(_ program: Program, _ more: String...) throws -> Program.Child {
    try program.start(
      ["run", "experiments/small.json", "--backend", "slurm", "--poll", "0.2", "--no-report"]
        + more, wrapper: SlurmServer.wrapper)
  }

  /// The same experiment on this machine, as it should come out.
  private func expectWhole(_ program: Program, _ comment: Comment) throws {
    let whole = try program.run("run", "experiments/small.json", "--runs", "whole", "--no-report")
    #expect(whole.status == 0, "\(whole.error)")
    #expect(try program.records("small") == program.records("small", runs: "whole"), comment)
    #expect(try SlurmServer.slurm("squeue", "-h").output == "", "something is left in the queue")
  }

  /// Waits until something is so; nothing here takes a minute.
  private func wait(for claim: String, _ isSo: () throws -> Bool) throws {
    for _ in 0..<6_000 {
      if try isSo() { return }
      usleep(10_000)
    }
    Issue.record("waited for: \(claim)")
  }

  private func text(_ program: Program, _ path: String) -> String {
    (try? String(contentsOf: program.folder.appendingPathComponent(path), encoding: .utf8)) ?? ""
  }

  /// Lines of `episodes.csv` over all trials.
  private func rows(_ program: Program) -> Int {
    ((try? program.trialFolders("small")) ?? []).reduce(0) { sum, folder in
      let file = folder.appendingPathComponent("episodes.csv")
      return sum
        + ((try? String(contentsOf: file, encoding: .utf8)) ?? "").filter { $0 == "\n" }.count
    }
  }

  /// How often sessions of trials were begun, by what their logs say.
  private func sessions(_ program: Program) throws -> Int {
    try program.trialFolders("small").reduce(0) { sum, folder in
      let log = try String(contentsOf: folder.appendingPathComponent("log.txt"), encoding: .utf8)
      return sum
        + log.split(separator: "\n").filter {
          $0.contains(" starts: ") || $0.contains(" resumes at")
        }
        .count
    }
  }

  private func submissions(_ program: Program) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(
      atPath: program.folder.appendingPathComponent("runs/small/cluster").path)) ?? [])
      .filter { Int($0) != nil }.sorted()
  }

  private func job(_ program: Program, _ submission: String = "001") -> String {
    String(text(program, "runs/small/cluster/\(submission)/jobid").prefix { $0 != "\n" })
  }

  @Test("The same bits as here, two trials in a task, and nothing is submitted again")
  func finished() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall(
      "small",
      cluster: #"{ "concurrency": 1, "cpusPerTask": 2, "memory": "200M", "setup": ["date"] }"#)
    let run = try submit(program).wait()
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("submitted 4 trials in 2 tasks as Slurm job"))
    #expect(try sessions(program) == 4)
    #expect(submissions(program) == ["001"])
    let again = try submit(program).wait()
    #expect(again.status == 0 && again.error.contains("nothing to run"), "\(again.error)")
    #expect(submissions(program) == ["001"])
    try expectWhole(program, "cluster and local differ")
    // One more seed: only what is missing is submitted.
    let more = try submit(program, "--seeds", "3").wait()
    #expect(
      more.status == 0 && more.error.contains("submitted 2 trials in 1 task "), "\(more.error)")
  }

  @Test("A search submits a job array for each round, and decides what it decides here")
  func search() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 60, seeds: 1)
    let file = program.folder.appendingPathComponent("experiments/small.json")
    try String(contentsOf: file, encoding: .utf8).replacing(
      "\"score\"",
      with: #""search": { "kind": "halving", "rungs": [20], "eta": 2, "confirm": 1 }, "score""#
    ).write(to: file, atomically: true, encoding: .utf8)
    let run = try submit(program).wait()
    #expect(run.status == 0, "\(run.error)")
    #expect(submissions(program) == ["001", "002", "003"], "\(run.error)")
    try expectWhole(program, "bits differ in a search")
    let decided = text(program, "runs/small/search.json")
    #expect(!decided.isEmpty && decided == text(program, "whole/small/search.json"))
  }

  @Test("Each look at a claim submits what it lacks, and decides what it decides here")
  func looks() throws {
    let program = try Program()
    defer { program.remove() }
    let claims = ["0.03", "0.00002"].map {
      #"{ "claim": "\#($0)", "better": { "optimizer.learningRate": \#($0) }, "#
        + #""than": { "optimizer.learningRate": 0.00001 } }"#
    }
    try program.write(
      "small",
      """
      {
        "base": {
          "environment": { "id": "cartpole" }, "policy": { "hidden": [8] },
          "algorithm": { "kind": "reinforce", "episodesPerUpdate": 5 },
          "training": { "episodes": 100 }, "evaluation": { "episodes": 0 }
        },
        "sweep": { "grid": { "optimizer.learningRate": [0.00001, 0.00002, 0.03] } },
        "seeds": { "from": 8, "to": 12 }, "score": { "window": 50 },
        "hypotheses": [\(claims.joined(separator: ", "))]
      }
      """)
    let run = try submit(program).wait()
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("undecided: 0.00002"), "\(run.error)")
    #expect(submissions(program) == ["001", "002", "003"], "\(run.error)")
    try expectWhole(program, "bits differ between looks")
    let decided = text(program, "runs/small/looks.json")
    #expect(!decided.isEmpty && decided == text(program, "whole/small/looks.json"))
  }

  @Test("The coordinator is killed at any moment; the next follows what runs, nothing runs twice")
  func coordinatorKilled() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 400)
    let moments = Self.isLong ? (0..<12).map { 20 + 110 * $0 } : [60, 400, 1_500]
    for moment in moments {
      let child = try submit(program)
      usleep(UInt32(moment) * 1_000)
      kill(child.pid, SIGKILL)
      _ = child.wait()
    }
    let last = try submit(program).wait()
    #expect(last.status == 0, "\(last.error)")
    #expect(try sessions(program) == 4, "a trial was begun twice")
    try expectWhole(program, "bits differ after the coordinator was killed")
  }

  @Test(
    "The controller is killed and started again: the run waits it out, nothing runs twice",
    .enabled(if: isLong))
  func controllerKilled() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 3_000, seeds: 1)
    let child = try submit(program)
    try wait(for: "rows") { rows(program) > 100 }
    // Slurm saves every few seconds which jobs run, and itself loses those since.
    let started = Date()
    try wait(for: "a saved state") { SlurmServer.lastSaved > started }
    try SlurmServer.killController()
    // The trials run on while nobody can be asked about them.
    let reached = rows(program)
    try wait(for: "more rows") { rows(program) > min(reached + 500, 6_001) }
    try SlurmServer.startController()
    let run = child.wait()
    #expect(run.status == 0, "\(run.error)")
    try wait(for: "an empty queue") { try SlurmServer.slurm("squeue", "-h").output == "" }
    #expect(submissions(program) == ["001"])
    #expect(try sessions(program) == 2)
    try expectWhole(program, "bits differ after the controller was killed")
  }

  @Test("A trial's process is killed: its task failed, and it alone is submitted again")
  func trialKilled() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 1_000, seeds: 1)
    let child = try submit(program)
    try wait(for: "rows") { rows(program) > 100 }
    let status = try program.trialFolders("small")[0].appendingPathComponent("status.json")
    let record = try JSONSerialization.jsonObject(with: Data(contentsOf: status)) as? [String: Any]
    let process = record?["process"] as? [String: Any]
    kill(try #require(process?["pid"] as? pid_t), SIGKILL)
    let run = child.wait()
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("its task failed: FAILED"), "\(run.error)")
    #expect(submissions(program) == ["001", "002"])
    #expect(try sessions(program) == 3)
    try expectWhole(program, "bits differ after a trial was killed")
  }

  @Test("A task that is asked to end, as before a time limit, checkpoints and is gone on with")
  func asked() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 1_000, seeds: 1)
    let child = try submit(program)
    try wait(for: "rows") { rows(program) > 100 }
    // What `#SBATCH --signal=B:TERM@60` sends.
    try SlurmServer.slurm("scancel", "--batch", "--signal=TERM", job(program))
    let run = child.wait()
    #expect(run.status == 0, "\(run.error)")
    // Both tasks end, each when it has checkpointed; seen in one look or in two, each trial is
    // submitted once more, and no trial a third time.
    let submitted = run.error.split(separator: "\n").compactMap { line -> Int? in
      let words = line.split(separator: " ")
      return words.first == "submitted" ? Int(words[1]) : nil
    }
    #expect(submitted.first == 2 && submitted.reduce(0, +) == 4, "\(run.error)")
    // It is told as what it is, not as the failure that Slurm takes it for.
    #expect(run.error.contains("put off   trial"), "\(run.error)")
    #expect(run.error.contains("its task was asked to end, and it checkpointed"), "\(run.error)")
    #expect(!run.error.contains("crashed"), "\(run.error)")
    #expect(submissions(program).count == submitted.count)
    let logs = try program.trialFolders("small").map {
      try String(contentsOf: $0.appendingPathComponent("log.txt"), encoding: .utf8)
    }
    #expect(
      logs.contains { $0.contains("stopped on request") && $0.contains("resumes at episode") })
    try expectWhole(program, "bits differ after a task was asked to end")
  }

  @Test("A requeued task runs again by itself")
  func requeued() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 1_000, seeds: 1, cluster: #"{ "concurrency": 1 }"#)
    let child = try submit(program)
    try wait(for: "rows") { rows(program) > 100 }
    let task = "\(job(program))_0"
    try SlurmServer.slurm("scontrol", "requeue", task)
    try wait(for: "the coordinator to see it") {
      child.errorSoFar.contains("Slurm put its task back into the queue")
    }
    // Else Slurm waits two minutes.
    try SlurmServer.slurm("scontrol", "update", "jobid=\(task)", "StartTime=now")
    let run = child.wait()
    #expect(run.status == 0, "\(run.error)")
    #expect(submissions(program) == ["001"])
    #expect(try sessions(program) == 3)
    try expectWhole(program, "bits differ after a requeue")
  }

  @Test("A task that vanished is submitted again, and it alone")
  func vanished() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", seeds: 1)
    let node = try SlurmServer.slurm("sinfo", "-h", "-o", "%N").output.filter { !$0.isNewline }
    let resume = { try SlurmServer.slurm("scontrol", "update", "nodename=\(node)", "state=resume") }
    try SlurmServer.slurm("scontrol", "update", "nodename=\(node)", "state=drain", "reason=test")
    defer { _ = try? resume() }
    let child = try submit(program)
    try wait(for: "a number") { !job(program).isEmpty }
    // Of a task that is cancelled before its array was ever looked at, Slurm keeps no record.
    try SlurmServer.slurm("scancel", "\(job(program))_1")
    #expect(
      try SlurmServer.slurm("squeue", "-h", "-r", "-t", "all", "-j", job(program), "-o", "%K")
        .output == "0\n")
    #expect(try resume().status == 0)
    let run = child.wait()
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("its task vanished"), "\(run.error)")
    #expect(submissions(program) == ["001", "002"])
    #expect(try sessions(program) == 2)
    try expectWhole(program, "bits differ after a task vanished")
  }

  @Test("Ctrl-C has everything checkpointed and out of the queue; run again goes on")
  func interrupted() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 1_000, seeds: 1)
    let child = try submit(program)
    try wait(for: "rows") { rows(program) > 100 }
    kill(child.pid, SIGINT)
    let stopped = child.wait()
    #expect(stopped.status == 5, "\(stopped.error)")
    #expect(stopped.error.contains("resume with: "))
    #expect(try SlurmServer.slurm("squeue", "-h").output == "")
    let run = try submit(program).wait()
    #expect(run.status == 0, "\(run.error)")
    try expectWhole(program, "bits differ after Ctrl-C")
  }

  @Test("A closed terminal leaves the tasks alone; the next run follows them")
  func hungUp() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 400, seeds: 1)
    let child = try submit(program)
    try wait(for: "rows") { rows(program) > 50 }
    kill(child.pid, SIGHUP)
    let left = child.wait()
    #expect(left.status == 5 && left.error.contains("left 2 trials with Slurm"), "\(left.error)")
    let run = try submit(program).wait()
    #expect(run.status == 0 && run.error.contains("follows Slurm job"), "\(run.error)")
    #expect(submissions(program) == ["001"])
    #expect(try sessions(program) == 2)
    try expectWhole(program, "bits differ after a hang-up")
  }

  @Test("What Slurm refuses or can never run is said in its words, and nothing is left behind")
  func refused() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", seeds: 1, cluster: #"{ "partition": "nowhere" }"#)
    let refused = try submit(program).wait()
    #expect(
      refused.status == 2 && refused.error.contains("error[slurm-refused]"), "\(refused.error)")
    #expect(refused.error.contains("partition"), "\(refused.error)")
    try program.writeSmall("small", seeds: 1, cluster: #"{ "cpusPerTask": 999 }"#)
    let hopeless = try submit(program).wait()
    #expect(hopeless.status == 1 || hopeless.status == 2, "\(hopeless.error)")
    #expect(
      hopeless.error.contains("PartitionConfig") || hopeless.error.contains("slurm-refused"),
      "\(hopeless.error)")
    #expect(try SlurmServer.slurm("squeue", "-h").output == "")
  }

  @Test(
    "A real time limit: the trials checkpoint before it and the next task goes on",
    .enabled(if: isLong, "takes minutes; `make test-long` runs it"))
  func timeLimit() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall(
      "small", episodes: 30_000, seeds: 1, cluster: #"{ "timeLimit": "00:02:00" }"#)
    let run = try submit(program).wait()
    #expect(run.status == 0, "\(run.error)")
    #expect(submissions(program).count > 1, "\(run.error)")
    try expectWhole(program, "bits differ after a time limit")
  }
}
