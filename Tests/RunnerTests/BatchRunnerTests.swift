// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import Runner
import Testing

@testable import RunStore

@Suite(.timeLimit(.minutes(10))) struct BatchRunnerTests {
  @Test("Trials that end well are finished; their files tell how far they are, not what they print")
  func success() async throws {
    let run = try FakeRun(
      seeds: 5,
      script: """
        echo garbage; printf '\\377\\n'
        echo '{"episodes":1999}'
        status running 40
        while [ ! -e "$HERE/go" ]; do sleep 0.05; done
        status finished 2000
        """)
    let log = Log()
    let outcome = try await run.run(
      .init(jobs: 5),
      observer: Recorder(log) { _ in
        if log.progressed.count == 5 { try? run.write("", to: "go") }
      })
    #expect(outcome.finished == 5)
    #expect(outcome.exitStatus == 0)
    #expect(!outcome.isResumable)
    #expect(try run.states() == Array(repeating: .finished, count: 5))
    #expect(log.progressed.map(\.episodes) == [40, 40, 40, 40, 40])

    let again = try await run.run(program: "/nowhere/rallybook")
    #expect(again.total == 5)
    #expect(again.alreadyComplete == 5)
    #expect(again.exitStatus == 0)
  }

  @Test("A finished trial whose records cannot be read is not counted as done, nor trained again")
  func damagedRecords() async throws {
    let run = try FakeRun(seeds: 2, script: "status finished 2000")
    #expect(try await run.run().finished == 2)
    let folder = run.folder.trial(run.plan.trials[1].id)
    let records = try Disk.read(folder.episodesPath)
    try AtomicFile.write(Array(records.prefix(500)) + Array("x,y\n".utf8), to: folder.episodesPath)
    let again = try await run.run(program: "/nowhere/rallybook")
    #expect(again.total == 2 && again.alreadyComplete == 1 && again.unusable == 1)
    #expect(again.exitStatus == 1 && !again.isResumable)
    #expect(again.failures.isEmpty)
  }

  @Test("A trial is given its own part of the plan, and threads where cores are left")
  func ownPlan() async throws {
    let run = try FakeRun(
      seeds: 3,
      script: """
        read -r bytes
        head -c "$bytes" > "$HERE/plan-$SEED.json"
        echo "$*" > "$HERE/words-$SEED"
        status finished 2000
        """)
    #expect(try await run.run(.init(jobs: 1), cores: 4).finished == 3)
    for trial in run.plan.trials {
      let plan = try RunFolder.readPlan(at: "\(run.path)/plan-\(trial.seed).json")
      #expect(plan.trials.map(\.id) == [trial.id] && plan.seeds == [trial.seed])
      #expect(plan.configuration(of: plan.trials[0]) == run.plan.configuration(of: trial))
      let words = String(decoding: try Disk.read("\(run.path)/words-\(trial.seed)"), as: UTF8.self)
      let threads = ["", " --threads 2", " --threads 4"][trial.seed]
      #expect(words == "trial \(run.folder.path) \(trial.id) --watch-stdin --plan -\(threads)\n")
    }
  }

  @Test("A trial that fails says why, the others go on, and only asking retries it")
  func failure() async throws {
    let run = try FakeRun(
      seeds: 3,
      script: """
        if [ $SEED = 1 ] && [ ! -e "$HERE/mended" ]; then status failed 7 'NaN'; exit 1; fi
        status finished 2000
        """)
    let outcome = try await run.run()
    #expect(outcome.finished == 2)
    #expect(outcome.failures.map(\.reason) == ["NaN"])
    #expect(outcome.failures.map(\.trial.seed) == [1])
    #expect(outcome.exitStatus == 1)

    let second = try await run.run()
    #expect(second.failedEarlier == 1)
    #expect(second.exitStatus == 1)

    try run.write("", to: "mended")
    let third = try await run.run(retriesFailed: true)
    #expect(third.finished == 1)
    #expect(third.alreadyComplete == 2)
    #expect(third.exitStatus == 0)
  }

  @Test("A crash is told with its signal and its last words, and is tried again when asked for")
  func crash() async throws {
    let run = try FakeRun(
      seeds: 1,
      script: """
        [ -e "$HERE/mended" ] && { status finished 2000; exit 0; }
        status running 40
        echo 'Fatal error: Index out of range' >&2
        kill -SEGV $$
        """)
    let outcome = try await run.run()
    #expect(
      outcome.failures.map(\.reason) == [
        "its process was ended by signal 11 (segmentation fault); last line on stderr: "
          + "Fatal error: Index out of range"
      ])
    #expect(try run.states() == [.failed])
    try run.write("", to: "mended")
    #expect(try await run.run().failedEarlier == 1)
    #expect(try await run.run(retriesFailed: true).finished == 1)
  }

  @Test("A crash is tried again within the allowed attempts")
  func attempts() async throws {
    let run = try FakeRun(
      seeds: 1,
      script: """
        echo x >> "$DIR/attempts"
        [ $(wc -l < "$DIR/attempts") = 3 ] || kill -KILL $$
        status finished 2000
        """)
    let outcome = try await run.run(.init(jobs: 1, attempts: 3))
    #expect(outcome.finished == 1)
    #expect(outcome.failures.isEmpty)
  }

  /// Waits for SIGTERM, and for the end of its stdin, without sleeping.
  static let waiting = """
    trap 'status stopped 40; exit 5' TERM
    status running 20
    while read line; do :; done
    status stopped 30
    exit 5
    """

  @Test("The first signal makes trials checkpoint and leaves the rest for the next run")
  func stop() async throws {
    let run = try FakeRun(seeds: 4, script: Self.waiting)
    let (signals, sender) = AsyncStream.makeStream(of: Int32.self)
    let log = Log()
    let outcome = try await run.run(
      signals: signals,
      observer: Recorder(log) { event in
        if case .progressed(job: 1, _, _) = event { sender.yield(SIGINT) }
      })
    #expect(outcome.stopped == 2)
    #expect(outcome.left == 2)
    #expect(outcome.exitStatus == 5)
    #expect(outcome.isResumable)
    #expect(try run.states() == [.stopped, .stopped, .interrupted, .interrupted])
  }

  @Test(
    "The second signal kills", arguments: [(2, 130), (15, 143), (1, 143)] as [(Int32, Int32)])
  func secondSignal(second: Int32, status: Int32) async throws {
    let run = try FakeRun(
      seeds: 1,
      script: """
        trap '' TERM
        status running 20
        while read line; do :; done
        """)
    let (signals, sender) = AsyncStream.makeStream(of: Int32.self)
    let outcome = try await run.run(
      signals: signals,
      observer: Recorder(Log()) { event in
        if case .progressed = event { sender.yield(SIGTERM) }
        if case .stopping = event { sender.yield(second) }
      })
    #expect(outcome.stopped == 1)
    #expect(outcome.exitStatus == status)
  }

  @Test("A trial that does not stop in its time is killed and counts as stopped")
  func grace() async throws {
    let run = try FakeRun(
      seeds: 1,
      script: """
        trap '' TERM
        status running 20
        while read line; do :; done
        """)
    let (signals, sender) = AsyncStream.makeStream(of: Int32.self)
    let outcome = try await run.run(
      graceSeconds: 0.05, signals: signals,
      observer: Recorder(Log()) { event in
        if case .progressed = event { sender.yield(SIGTERM) }
      })
    #expect(outcome.exitStatus == 5)
  }

  @Test("With on-error stop a failure stops the others, and the status is that of the failure")
  func onErrorStop() async throws {
    let run = try FakeRun(
      seeds: 3,
      script: """
        if [ $SEED = 0 ]; then
          read line < "$HERE/go"
          status failed 1 NaN
          exit 1
        fi
        trap 'status stopped 40; exit 5' TERM
        echo ready > "$HERE/go"
        while read line; do :; done
        """)
    #expect(mkfifo("\(run.path)/go", 0o600) == 0)
    let outcome = try await run.run(.init(jobs: 2, onError: .stop))
    #expect(outcome.failures.count == 1)
    #expect(outcome.stopped == 1)
    #expect(outcome.left == 1)
    #expect(outcome.exitStatus == 1)
  }

  @Test("The limit leaves the others, and that is no error")
  func limit() async throws {
    let run = try FakeRun(seeds: 3, script: "status finished 2000")
    let outcome = try await run.run(.init(jobs: 2, limit: 1))
    #expect(outcome.finished == 1)
    #expect(outcome.left == 2)
    #expect(outcome.exitStatus == 0)
  }

  @Test("A program that is not there is told once")
  func noProgram() async throws {
    let run = try FakeRun(seeds: 50, script: "")
    let outcome = try await run.run(.init(jobs: 1), program: "/nowhere/rallybook")
    #expect(outcome.failures.count == 1)
    #expect(outcome.left == 49)
    #expect(outcome.failures[0].reason.hasPrefix("/nowhere/rallybook could not be started: "))
    #expect(outcome.exitStatus == 1)
  }

  @Test("A trial that another process trains is waited for")
  func held() async throws {
    let run = try FakeRun(seeds: 1, script: "status finished 2000")
    let other = Process()
    let input = Pipe()
    other.executableURL = URL(fileURLWithPath: "/bin/cat")
    other.standardInput = input
    try other.run()
    let identity = try #require(ProcessIdentity.of(pid: other.processIdentifier))
    try run.folder.trial(run.plan.trials[0].id).writeStatus(
      TrialStatus(
        state: .running, episodes: 5, targetEpisodes: 2_000, decisions: 1, smoothedMean: nil,
        evaluated: 0, process: identity, startedAt: "", updatedAt: ""))
    let log = Log()
    let outcome = try await run.run(
      observer: Recorder(log) { event in
        guard case .held(_, let pid) = event else { return }
        #expect(pid == identity.pid)
        try? input.fileHandleForWriting.close()
      })
    #expect(outcome.finished == 1)
    #expect(log.events.contains { if case .held = $0 { true } else { false } })
  }

  @Test("A folder whose configuration does not fit its name refuses the run before any start")
  func refusal() async throws {
    let run = try FakeRun(seeds: 2, script: "status finished 2000")
    let folder = run.folder.trial(run.plan.trials[1].id)
    try AtomicFile.write(Array("{}".utf8), to: folder.configPath)
    let refusal = await #expect(throws: RunRefusal.self) { try await run.run() }
    #expect(refusal?.exitStatus == 4)
    #expect(refusal?.errors.map(\.code) == [.identityMismatch])
    #expect(try run.states() == [.interrupted, .damaged])
  }

  @Test("Trials have process groups of their own, and no file of ours")
  func surroundings() async throws {
    let run = try FakeRun(
      seeds: 1,
      script: """
        set -- $(cat /proc/$$/stat)
        [ "$5" = "$$" ] || exit 70
        ls -l /proc/$$/fd > "$HERE/files"
        status finished 2000
        """)
    let lock = try FolderLock(run.folder)
    let outcome = try await run.run()
    withExtendedLifetime(lock) {}
    #expect(outcome.failures.map(\.reason) == [])
    #expect(outcome.finished == 1)
    // Its own script, two pipes, and nothing that would keep our lock or another's pipe open.
    let files = String(decoding: try Disk.read("\(run.path)/files"), as: UTF8.self)
      .split(separator: "\n").filter { $0.contains(" -> ") }
    #expect(files.filter { $0.contains("pipe:") }.count == 2, "\(files)")
    let others = files.filter { file in
      !["pipe:", ".sh", "/files", "/dev/null"].contains { file.contains($0) }
    }
    #expect(others == [])
  }
}
