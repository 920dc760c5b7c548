// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import GymnasiumBridge
import Kernels
import RunIndex
import RunStore
import Trials

/// `rallybook doctor`
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show this program, this machine, what is missing, and the state of the stored runs.")

  @OptionGroup var store: StoreOptions
  @Flag(help: "Rebuild index.sqlite of every run from its trials.") var rebuild = false

  func run() throws {
    let machine = MachineFacts.current
    let binary = BinaryIdentity.current.map { ", binary \($0)" } ?? ""
    say("rallybook \(Version.text), Swift \(Version.swift)\(binary)")
    say("CPU       \(machine.cpu), \(machine.cores) cores")
    say("kernels   \(LaneKernels().width.rawValue)")
    say("system    \(machine.os), \(machine.kernel)")
    if let free = try? DiskSpace.free(at: Disk.isPresent(store.runs) ? store.runs : ".") {
      say("disk      \(Numbers.bytes(free)) free")
    }
    try checkRuns()
    say(lines: "python    \(PythonSetup.examination().sentence)")
  }

  private func checkRuns() throws {
    var runs: [IndexedRun] = []
    for name in try store.names([]) {
      do throws(RunStoreError) {
        let run = try IndexedRun(RunFolder(runs: store.runs, name: name), rebuilds: rebuild)
        runs.append(run)
        if rebuild { say("index     \(name): \(Self.sentence(run))") }
      } catch {
        printError(error.description)
      }
    }
    let trials = runs.reduce(0) { $0 + $1.trials.count { $0.status != nil } }
    say("runs      \(runs.count) in \(store.runs), \(Wording.count(trials, "stored trial"))")
    let bags = (try? Trash(runs: store.runs).bags()) ?? []
    if !bags.isEmpty {
      let bytes = bags.reduce(0) { $0 + DiskSpace.taken(by: $1.path) }
      say("trash     \(Numbers.bytes(bytes)); rallybook gc --empty deletes it")
    }
    for run in runs {
      if let problem = run.planProblem { say(lines: problem.description) }
      for line in problemLines(run.trials) { say(line) }
    }
    let twice = StoredTwice.all(in: runs)
    let shared = twice.count { !$0.isCopy && $0.standing == .same }
    if shared > 0 {
      say("shared    \(Wording.count(shared, "trial")) in several runs, with the same numbers")
    }
    for trial in twice where trial.isCopy || trial.standing != .same {
      say(lines: Wording.standing(trial))
    }
  }

  private static func sentence(_ run: IndexedRun) -> String {
    switch run.source {
    case .index(let read): "rebuilt from \(Wording.count(read, "stored trial"))"
    case .folders: "\(run.folder.indexPath) cannot be kept; the trials are read each time"
    }
  }
}
