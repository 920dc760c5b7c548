// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Foundation
import Testing

@testable import RunStore
@testable import Runner

@Suite struct LinesTests {
  private func events() throws -> [BatchEvent] {
    let batch = try FakeRun.batch(seeds: 3)
    let status = TrialStatus(
      state: .finished, episodes: 2_000, targetEpisodes: 2_000, decisions: 99, smoothedMean: -3.25,
      evaluated: 20, process: .current, startedAt: "", updatedAt: "")
    var outcome = BatchOutcome()
    (outcome.total, outcome.finished, outcome.stopped) = (3, 1, 2)
    (outcome.firstSignal, outcome.wallSeconds) = (2, 44.5)
    return [
      .began(batch, workers: 2),
      .held(job: 2, pid: 77),
      .started(job: 0, pid: 10),
      .progressed(job: 0, status, rate: .nan),
      .ended(job: 0, .init(result: .finished, status: status, seconds: 41)),
      .ended(job: 1, .init(result: .failed(reason: "NaN\u{1B}[2J"), status: nil, seconds: 2)),
      .ended(job: 2, .init(result: .again(reason: "signal 9"), status: nil, seconds: 2)),
      .stopping(running: 1, "asked 1 trial to stop"),
      .killing(running: 1),
      .done(outcome),
    ]
  }

  private func lines(_ level: PlainLines.Level) throws -> [String] {
    let log = TextLog()
    var plain = PlainLines(level: level) { log.add($0) }
    for event in try events() { plain.receive(event, at: 0) }
    return log.lines
  }

  @Test("Without a terminal each change is a line")
  func plain() throws {
    let log = try FakeRun.batch(seeds: 3).jobs[1].folder.logPath
    #expect(
      try lines(.all) == [
        "fake: 3 trials · 3 to run, 2 at a time",
        "trial 3 (discount off · normalize episode, seed 2) is being trained by process 77; "
          + "waiting for it",
        "started   trial 1: discount off · normalize episode, seed 0",
        "finished  trial 1: discount off · normalize episode, seed 0: "
          + "smoothed mean −3.3  2,000 episodes  41 s",
        "failed    trial 2: discount off · normalize episode, seed 1: NaN\\u{1b}[2J\n"
          + "          log: \(log)",
        "crashed   trial 3: discount off · normalize episode, seed 2: starts again: signal 9",
        "asked 1 trial to stop",
        "ending 1 trial at once",
      ])
  }

  @Test("Quiet tells only of problems")
  func quiet() throws {
    let lines = try lines(.problems)
    #expect(lines.count == 5)
    #expect(!lines.contains { $0.hasPrefix("finished") || $0.hasPrefix("started") })
  }

  @Test("Programs are told by one JSON object a line")
  func json() throws {
    let log = TextLog()
    var lines = EventLines(
      put: { log.add($0) }, clock: { 1_795_502_340 })
    for event in try events() { lines.receive(event, at: 0) }
    #expect(log.lines.allSatisfy { $0.hasSuffix("}\n") })
    #expect(log.lines.count == 10)
    #expect(
      log.lines[4]
        == #"{"decisions":99,"episodes":2000,"evaluated":20,"event":"finished","#
        + #""label":"discount off · normalize episode","number":1,"run":"fake","#
        + #""seconds":41,"seed":0,"smoothedMean":-3.25,"targetEpisodes":2000,"#
        + #""time":"2026-11-24T06:39:00Z","trial":"\#(FakeRun.plan(seeds: 1).trials[0].id)"}"#
        + "\n")
    #expect(
      log.lines[9]
        == #"{"complete":0,"event":"done","exitStatus":5,"failed":0,"finished":1,"left":0,"#
        + #""run":"fake","seconds":44.5,"stopped":2,"time":"2026-11-24T06:39:00Z","total":3}"#
        + "\n")
  }

  @Test("Progress is told to programs at most once a second")
  func jsonRate() throws {
    let log = TextLog()
    var lines = EventLines(
      put: { log.add($0) }, clock: { 0 })
    lines.receive(.began(try FakeRun.batch(seeds: 1), workers: 1), at: 0)
    for step in 0..<50 {
      let status = TrialStatus(
        state: .running, episodes: step, targetEpisodes: 0, decisions: 0, smoothedMean: nil,
        evaluated: 0, process: .current, startedAt: "", updatedAt: "")
      lines.receive(.progressed(job: 0, status, rate: nil), at: Double(step) * 0.1)
    }
    #expect(log.lines.count == 1 + 5)
  }

  @Test("The terminal decides who shows a batch")
  func display() {
    func kinds(
      terminal: Bool = true, term: String? = "xterm", quiet: Bool = false, progress: Bool = true,
      json: Bool = false
    ) -> [String] {
      batchObservers(
        isQuiet: quiet, showsProgress: progress, isJSON: json,
        environment: term.map { ["TERM": $0] } ?? [:], isTerminal: terminal
      ).map { "\(type(of: $0))" }
    }
    #expect(kinds() == ["LiveTable"])
    #expect(kinds(terminal: false) == ["PlainLines"])
    #expect(kinds(term: "dumb") == ["PlainLines"])
    #expect(kinds(term: nil) == ["PlainLines"])
    #expect(kinds(progress: false) == ["PlainLines"])
    #expect(kinds(quiet: true, json: true) == ["PlainLines", "EventLines"])
  }

  @Test("Colour follows the option, then NO_COLOR, then the terminal")
  func color() {
    func uses(_ color: ColorChoice, _ environment: [String: String], terminal: Bool) -> Bool {
      TerminalStyle(color, environment: environment, isTerminal: terminal).usesColor
    }
    #expect(uses(.auto, [:], terminal: true))
    #expect(!uses(.auto, [:], terminal: false))
    #expect(!uses(.auto, ["NO_COLOR": "1"], terminal: true))
    #expect(uses(.auto, ["NO_COLOR": ""], terminal: true))
    #expect(uses(.always, ["NO_COLOR": "1"], terminal: false))
    #expect(!uses(.never, [:], terminal: true))
    func unicode(_ environment: [String: String]) -> Bool {
      TerminalStyle(.auto, environment: environment, isTerminal: true).usesUnicode
    }
    #expect(unicode(["LANG": "de_DE.UTF-8"]))
    #expect(!unicode(["LC_ALL": "C", "LANG": "de_DE.UTF-8"]))
  }
}

/// Lines that an observer put.
final class TextLog: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: [String] = []

  func add(_ line: String) { lock.withLock { stored.append(line) } }
  var lines: [String] { lock.withLock { stored } }
}
