// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("Serve: what runs, as it goes on", .serialized)
struct LivePageTests {
  @Test("A run appears, its trials get on, each answer has what changed, and its end is shown")
  func run() throws {
    let program = try Program()
    defer { program.remove() }
    let served = try Served(program)
    defer { served.stop() }
    let nothing = try served.changes()
    #expect(nothing.shown.isEmpty && nothing.runs.isEmpty)
    try program.writeSmall("small", episodes: 300, seeds: 2)
    let child = try program.start(["run", "experiments/small.json", "--jobs", "1"])
    var all: [String: Served.Changes.Trial] = [:]
    var states: [String: Set<String>] = [:]
    var (at, sizes, lengths) = (nothing.at, Set<Int>(), Set<Int>())
    #expect(
      comesTrue(within: 300) {
        guard let told = try? served.changes(since: at) else { return false }
        at = told.at
        guard let run = told.run("small") else { return false }
        if run.isWhole { all = [:] } else { sizes.insert(run.trials.count) }
        for trial in run.trials {
          all[trial.id] = trial
          states[trial.id, default: []].insert(trial.state)
          lengths.insert(trial.curve.count)
        }
        return run.state == "Finished" && run.answer?.isEmpty == false
      })
    #expect(child.wait().status == 0)
    #expect(
      all.count == 4 && all.values.allSatisfy { $0.state == "finished" && $0.episodes == "300" })
    #expect(states.values.contains { $0.isSuperset(of: ["pending", "running", "finished"]) })
    // One trial at a time runs, so that an answer never has all of them again.
    #expect(sizes.allSatisfy { $0 < 4 } && !sizes.isEmpty, "\(sizes)")
    #expect(lengths.count > 2, "the curves grow: \(lengths)")
    let again = try served.changes()
    #expect(again.run("small")?.isWhole == true && again.run("small")?.trials.count == 4)
  }

  @Test("A hundred pages that ask at once cost as many readings as seconds pass")
  func hundred() throws {
    let program = try Program()
    defer { program.remove() }
    let served = try Served(program)
    defer { served.stop() }
    let begin = ContinuousClock.now
    let first = try served.changes().at
    var named: Set<String> = []
    for _ in 0..<300 { named.insert(try served.changes(since: first).at) }
    let seconds = Int((ContinuousClock.now - begin) / .seconds(1))
    #expect(named.count <= seconds + 2)
  }

  @Test("Looks and verdicts appear as they are decided")
  func looks() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "claim",
      """
      {
        "base": {
          "environment": { "id": "cartpole" }, "policy": { "hidden": [8] },
          "algorithm": { "kind": "reinforce", "episodesPerUpdate": 5 },
          "training": { "episodes": 200 }, "evaluation": { "episodes": 0 }
        },
        "sweep": { "grid": { "optimizer.learningRate": [0.00001, 0.03] } },
        "seeds": { "from": 8, "to": 12 }, "score": { "window": 50 },
        "hypotheses": [{ "claim": "0.03 learns", "better": { "optimizer.learningRate": 0.03 },
                         "than": { "optimizer.learningRate": 0.00001 } }]
      }
      """)
    let served = try Served(program)
    defer { served.stop() }
    let child = try program.start(["run", "experiments/claim.json", "--no-report"])
    var lines: [String] = []
    let isDecided = comesTrue(within: 300) {
      if let run = try? served.changes().run("claim") { lines = run.decisions }
      return lines.contains { $0.contains("supported: 0.03 learns") }
    }
    #expect(child.wait().status == 0 && isDecided, "\(lines)")
  }

  @Test(
    "In Chromium: curves and table move, a killed run is shown, and a lost server is found again")
  func browser() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 100_000, seeds: 2)
    var served = try Served(program)
    let browser = try Browser()
    defer { browser.stop() }
    try browser.open(served.address + "#run-small")
    #expect(
      comesTrue { (try? text(browser, "#connection").contains("Nothing is at work")) == true })
    let child = try program.start(["run", "experiments/small.json", "--jobs", "2", "--no-report"])
    #expect(comesTrue { (try? count(browser, "#run-small polyline")) ?? 0 >= 3 })
    #expect(try text(browser, "#run-small .state") == "Running")
    #expect(try count(browser, "#run-small tbody tr") == 4)
    let before = try text(browser, "#run-small tbody tr")
    #expect(comesTrue { (try? text(browser, "#run-small tbody tr")) ?? before != before })
    for (width, scheme) in [(390, "dark"), (390, "light"), (1440, "dark"), (1440, "light")] {
      try browser.emulate(width: width, scheme: scheme)
      let overflow = try browser.evaluate(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
      #expect(overflow as? Int == 0, "\(width) px: the page scrolls sideways")
    }
    let trials = Torture.trials(of: program, "small")
    kill(child.pid, SIGKILL)
    for trial in trials { kill(trial, SIGKILL) }
    _ = child.wait()
    #expect(comesTrue { (try? text(browser, "#run-small .state")) == "Interrupted" })
    #expect(
      try text(browser, "#run-small .status").contains("rallybook run experiments/small.json"))
    #expect(try text(browser, "#run-small tbody").contains("its process ended without a message"))
    // Nothing of the page's own fails; a server that is away is what the browser itself tells.
    #expect(try browser.consoleMessages().isEmpty)
    let port = served.port
    #expect(served.stop() == 0)
    #expect(
      comesTrue { (try? text(browser, "#connection").contains("connection is lost")) == true })
    #expect(try text(browser, "#run-small .state") == "Interrupted")
    served = try Served(program, port: port)
    defer { served.stop() }
    #expect(comesTrue { (try? text(browser, "#connection")) == "" })
    #expect(try count(browser, "#run-small tbody tr") == 4)
  }

  private func text(_ browser: Browser, _ selector: String) throws -> String {
    try browser.evaluate("return document.querySelector('\(selector)')?.textContent ?? ''")
      as? String
      ?? ""
  }

  private func count(_ browser: Browser, _ selector: String) throws -> Int {
    try browser.evaluate("return document.querySelectorAll('\(selector)').length") as? Int ?? 0
  }

  @Test("run --open starts a server beside the run and opens the run's page, or says its address")
  func open() throws {
    let program = try Program()
    defer { program.remove() }
    defer { for pid in servers(of: program) { kill(pid, SIGTERM) } }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    let opened = program.folder.appendingPathComponent("opened")
    let first = try program.start(
      ["run", "experiments/small.json", "--open"],
      wrapper: ["env", "BROWSER=\(try script(program, writing: opened).path)"]
    ).wait()
    #expect(first.status == 0)
    #expect(
      comesTrue { (try? String(contentsOf: opened, encoding: .utf8))?.hasSuffix("\n") == true },
      "\(first.error)")
    let address = try String(contentsOf: opened, encoding: .utf8)
    let parts = address.split(separator: "#").map(String.init)
    #expect(parts.last == "run-small\n" && first.error.contains("shown at \(parts[0])\n"))
    // It outlives the run, and shows how that ended.
    let port = parts[0].split(separator: ":").last.flatMap { UInt16($0.prefix(while: \.isNumber)) }
    let answer = try HTTPExchange.answer("/reports/small/", port: try #require(port))
    #expect(answer.status == 200)
    #expect(servers(of: program).count == 1)
    let second = try program.start(
      ["run", "experiments/small.json", "--open"],
      wrapper: ["env", "-u", "BROWSER", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY"]
    ).wait()
    #expect(
      second.status == 0 && second.error.contains("no browser was found here; open http://127"))
  }

  /// A browser that writes down what it is to open.
  private func script(_ program: Program, writing place: URL) throws -> URL {
    let file = program.folder.appendingPathComponent("browser.sh")
    try "#!/bin/sh\necho \"$1\" > '\(place.path)'\n".write(
      to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return file
  }

  /// Servers that run in the program's folder.
  private func servers(of program: Program) -> [pid_t] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { name in
      guard let pid = pid_t(name),
        let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd"),
        place == program.folder.resolvingSymlinksInPath().path,
        let words = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8),
        words.contains("serve")
      else { return nil }
      return pid
    }
  }
}
