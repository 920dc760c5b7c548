// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// Real signals at random moments; afterwards every byte is what it would have been.
@Suite("Killed at any moment", .serialized)
struct KillTests {
  static let rounds =
    ProcessInfo.processInfo.environment["RALLYBOOK_LONG"] == nil
    ? Array(1...4) : Array(1...100)

  /// Who is killed, in turn.
  private enum Victim: CaseIterable { case runner, trial, both, power }

  /// The same experiment without any harm: its records, its report, and how long it took.
  private static let whole = Result {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 240, seeds: 1)
    let start = ContinuousClock.now
    let run = try program.run("run", "experiments/small.json", "--no-report")
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard run.status == 0 else { throw Failure(text: run.error) }
    return (try program.records("small"), try report(program), seconds)
  }

  private struct Failure: Error { var text: String }

  @Test("SIGKILL of the runner, of a trial, of both, and a power cut", arguments: rounds)
  func killed(round: Int) throws {
    let (records, report, seconds) = try Self.whole.get()
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 240, seeds: 1)
    var torture = Torture(seed: UInt64(round))
    let all = Victim.allCases
    let victims = all.indices.map { all[($0 + round) % all.count] }
    var told = ""
    for victim in victims {
      let child = try program.start(["run", "experiments/small.json", "--no-report"])
      let moment = torture.draw(0..<Int(1_100_000 * seconds))
      usleep(UInt32(moment))
      told += "\(victim) after \(moment / 1_000) ms; "
      let trials = Torture.trials(of: program, "small")
      switch victim {
      case .runner:
        kill(child.pid, SIGKILL)
      case .trial:
        if let trial = trials.first { kill(trial, SIGKILL) }
        // The runner tries it again by itself.
        let run = child.wait()
        #expect(run.status == 0, "\(told)\(run.error)")
        continue
      case .both, .power:
        kill(child.pid, SIGKILL)
        for trial in trials { kill(trial, SIGKILL) }
      }
      _ = child.wait()
      if victim == .power {
        // One that was just starting had not yet written its number.
        wait(for: program)
        try torture.losePower(program, "small")
      }
    }
    let last = try program.run("run", "experiments/small.json", "--no-report")
    #expect(last.status == 0, "round \(round): \(told)\(last.error)")
    let found = try program.records("small")
    #expect(Set(found.keys) == Set(records.keys), "round \(round): \(told)")
    for (file, bytes) in records where found[file] != bytes {
      Issue.record("round \(round): \(told)\(file) differs")
    }
    #expect(try Self.report(program) == report, "round \(round): \(told)the report differs")
  }

  /// Waits until no process works in the program's folder.
  private func wait(for program: Program) {
    for _ in 0..<2_000 {
      let isBusy = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [])
        .contains { name in
          guard Int(name) != nil,
            let folder = try? FileManager.default.destinationOfSymbolicLink(
              atPath: "/proc/\(name)/cwd")
          else { return false }
          return folder == program.folder.path
        }
      if !isBusy { return }
      usleep(5_000)
    }
  }

  /// Every file of the report without times, by its path.
  private static func report(_ program: Program) throws -> [String: Data] {
    let render = try program.run("report", "small", "--no-timing")
    guard render.status == 0 else { throw Failure(text: render.error) }
    let folder = program.folder.appendingPathComponent("reports/small")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    var files: [String: Data] = [:]
    for name in names ?? [] {
      files[name] = try? Data(contentsOf: folder.appendingPathComponent(name))
    }
    return files
  }

  @Test(
    "SIGKILL of self-play against a pool, and of a training on two threads",
    arguments: [
      (
        #""environment":{"id":"pong-two-player","opponent":"even","poolEvery":2,"poolSize":3},"#
          + #""algorithm":{"episodesPerUpdate":2}"#, 40, "1"
      ), (#""environment":{"id":"pong"}"#, 120, "2"),
    ])
  func killedOpponents(settings: String, episodes: Int, threads: String) throws {
    let program = try Program()
    defer { program.remove() }
    // A checkpoint stands anywhere between two changes of the pool.
    try program.write(
      "small",
      """
      { "base": { "policy": { "hidden": [8] }, \(settings),
                  "training": { "episodes": \(episodes), "checkpointEvery": 7 },
                  "evaluation": { "episodes": 1 } }, "seeds": 1 }
      """)
    let words = [
      "run", "experiments/small.json", "--no-report", "--jobs", "1", "--threads", threads,
    ]
    let start = ContinuousClock.now
    let unbroken = try program.start(words + ["--runs", "whole"]).wait()
    #expect(unbroken.status == 0, "\(unbroken.error)")
    let microseconds = Int(1e6 * ((ContinuousClock.now - start) / .seconds(1)))
    var torture = Torture(seed: UInt64(episodes))
    for _ in 0..<3 {
      let child = try program.start(words)
      usleep(UInt32(torture.draw(0..<microseconds)))
      let trials = Torture.trials(of: program, "small")
      for process in [child.pid] + trials { kill(process, SIGKILL) }
      _ = child.wait()
    }
    let last = try program.start(words).wait()
    #expect(last.status == 0, "\(last.error)")
    #expect(try program.records("small") == program.records("small", runs: "whole"))
  }

  @Test("A disk that is really full fails the trial with its reason; with room again it goes on")
  func fullDisk() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 30, seeds: 1)
    try program.run("run", "experiments/small.json", "--runs", "whole", "--no-report")
    // A file system of its own, filled up to 1 MB while the trials run.
    let script = """
      mkdir -p runs && mount -t tmpfs -o size=60m tmpfs runs || exit 77
      mkdir -p runs/small && head -c 58000000 /dev/zero > runs/small/ballast
      "$0" run experiments/small.json --no-report; echo "status $?" >&2
      mount -o remount,size=200m runs
      head -c 1000 runs/small/trials/*/status.json > after.txt
      "$0" run experiments/small.json --retry failed --no-report; echo "status $?" >&2
      cp -r runs kept
      """
    let run = try program.start([], wrapper: ["unshare", "-rm", "sh", "-c", script]).wait()
    // Not everybody may make name spaces; another test limits the size of files instead.
    if run.status == 77 || run.error.contains("unshare") { return }
    let statuses = run.error.split(separator: "\n").filter { $0.hasPrefix("status ") }
    #expect(statuses.count == 2, "\(run.error)")
    #expect(["status 1", "status 4"].contains(statuses.first), "\(run.error)")
    #expect(statuses.last == "status 0", "\(run.error)")
    #expect(
      run.error.contains("No space left") || run.error.contains("disk is full")
        || run.error.contains("not-enough-space"), "\(run.error)")
    #expect(try program.records("small", runs: "kept") == program.records("small", runs: "whole"))
  }

  @Test("A folder that cannot be written is named, and nothing is started")
  func unwritable() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", seeds: 1)
    // These refuse the superuser too.
    for place in ["/proc/nothing", "/sys/kernel/nothing"] {
      let run = try program.run("run", "experiments/small.json", "--runs", place)
      #expect(run.status == 1, "\(run.error)")
      #expect(run.error.contains("error[unwritable]: \(place)"), "\(run.error)")
    }
    // A file where the trials' folder belongs.
    try FileManager.default.createDirectory(
      at: program.folder.appendingPathComponent("runs/small"), withIntermediateDirectories: true)
    try Data().write(to: program.folder.appendingPathComponent("runs/small/trials"))
    let run = try program.run("run", "experiments/small.json")
    #expect(run.status == 1 && run.error.contains("runs/small/trials"), "\(run.error)")
  }

  @Test("A clock that went back or forward by years changes no decision and no number")
  func clock() throws {
    let (records, _, _) = try Self.whole.get()
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 240, seeds: 1)
    let child = try program.start(["run", "experiments/small.json", "--no-report"])
    usleep(UInt32(400_000 * (try Self.whole.get().2)))
    kill(child.pid, SIGINT)
    _ = child.wait()
    for folder in try program.trialFolders("small") {
      for name in ["status.json", "provenance.json"] {
        let file = folder.appendingPathComponent(name)
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
        try text.replacing("\"20", with: "\"29").write(to: file, atomically: true, encoding: .utf8)
      }
    }
    let run = try program.run("run", "experiments/small.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    #expect(try program.records("small") == records)
  }
}
