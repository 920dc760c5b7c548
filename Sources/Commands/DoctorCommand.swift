// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import GymnasiumBridge
import Kernels
import RunStore
import Trials

/// `rallybook doctor`
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show this program, this machine, what is missing, and the state of the stored runs.")

  @OptionGroup var store: StoreOptions
  @Flag(help: "Remove what older versions cached of the runs, index.sqlite.") var rebuild = false

  func run() throws {
    let machine = MachineFacts.current()
    let binary = BinaryIdentity.current.map { ", binary \($0)" } ?? ""
    say("rallybook \(Version.text), Swift \(Version.swift)\(binary)")
    say("CPU       \(machine.cpu), \(machine.cores) cores")
    say("kernels   \(LaneWidth.widest.rawValue)")
    say("system    \(machine.os), \(machine.kernel)")
    if let free = try? DiskSpace.free(at: Disk.isPresent(store.runs) ? store.runs : ".") {
      say("disk      \(Numbers.bytes(free)) free")
    }
    try checkRuns()
    say(lines: "python    \(PythonSetup.examination().sentence)")
  }

  private func checkRuns() throws {
    var runs: [StoredRun] = []
    for name in try store.names() {
      do throws(RunStoreError) {
        let folder = RunFolder(runs: store.runs, name: name)
        if rebuild, Disk.isPresent(folder.indexPath) {
          try Disk.remove(folder.indexPath)
          say("index     \(name): index.sqlite removed")
        }
        runs.append(try StoredRun(folder))
      } catch {
        printError(error.description)
      }
    }
    if rebuild { say("index     nothing is cached: the trials' own files are read each time") }
    let trials = runs.reduce(0) { $0 + $1.trials.count { $0.status != nil } }
    say("runs      \(runs.count) in \(store.runs), \(Numbers.count(trials, "stored trial"))")
    let entries = (try? Trash(runs: store.runs).entries()) ?? []
    if !entries.isEmpty {
      let bytes = entries.reduce(0) { $0 + DiskSpace.taken(by: $1.path) }
      say("trash     \(Numbers.bytes(bytes)); rallybook gc --empty deletes it")
    }
    for run in runs {
      if let problem = run.planProblem { say(lines: problem.description) }
      for line in run.trials.compactMap(\.problemLine) { say(lines: line) }
    }
    let twice = StoredTwice.all(in: runs)
    let shared = twice.count { !$0.isCopy && $0.comparison == .same }
    if shared > 0 {
      say("shared    \(Numbers.count(shared, "trial")) in several runs, with the same numbers")
    }
    for trial in twice where trial.isCopy || trial.comparison != .same {
      say(lines: trial.sentence)
    }
  }
}
