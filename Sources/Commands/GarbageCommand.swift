// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import RunStore

/// `rallybook gc`
struct GarbageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Put aside what nothing refers to any more; rallybook restore brings it back.",
    discussion: """
      It moves to RUNS/.trash: trials that no plan names (neither a run's plan.json nor a file in \
      --experiments), checkpoints of finished trials beyond those that the plan keeps, what \
      interrupted writes left, and copies of trials that have nothing of their own. Moving takes no \
      space and frees none; --empty deletes what is in the trash.
      """)

  @Argument(help: "Names of runs; without any, all runs.", completion: .runs)
  var names: [String] = []
  @OptionGroup var store: StoreOptions
  @Option(help: ArgumentHelp("Folder of the experiment files.", valueName: "dir"))
  var experiments = "experiments"
  @Flag(
    name: [.long, .customShort("n")], help: "Show what would be moved or deleted; change nothing.")
  var dryRun = false
  @Option(
    help: ArgumentHelp(
      "Checkpoints that each finished trial keeps, at least 3; otherwise the plan's.",
      valueName: "n"))
  var keepCheckpoints: Int?
  @Flag(help: "Delete for good what is in the trash.") var empty = false

  func validate() throws {
    if let keepCheckpoints, keepCheckpoints < 3 {
      throw ValidationError("--keep-checkpoints \(keepCheckpoints): allowed is 3 or more")
    }
    if empty && (!names.isEmpty || keepCheckpoints != nil) {
      throw ValidationError("--empty deletes the whole trash and goes with --dry-run alone")
    }
  }

  func run() throws {
    if empty { try emptyTrash() } else { try collect() }
  }

  private func collect() throws {
    let asked = try store.names(names)
    let planned = plannedEverywhere(try store.names())
    var locks: [FolderLock] = []
    var garbage: [Garbage] = []
    for name in asked {
      let run = RunFolder(runs: store.runs, name: name)
      // A run that works here may be about to use what seems to be of no use.
      if !dryRun { locks.append(try FolderLock(run)) }
      let snapshot: RunSnapshot
      do throws(RunStoreError) {
        snapshot = try RunSnapshot(run)
      } catch {
        printError("\(name) is left alone: \(error.description)")
        continue
      }
      garbage += try Garbage.found(
        in: snapshot, planned: planned, keepCheckpoints: keepCheckpoints,
        copies: idleCopies(StoredRun(run)))
    }
    store.say(
      [
        .init("why", rank: 1) { .init($0.reason.words) },
        .init("size", right: true) { .init(Numbers.bytes($0.bytes)) },
        .init("path", least: 20) { .init($0.path) },
      ], rows: garbage)
    let amount =
      Numbers.count(garbage.count, "item") + ", "
      + Numbers.bytes(garbage.reduce(0) { $0 + $1.bytes })
    if garbage.isEmpty {
      printError("nothing to put aside")
    } else if dryRun {
      printError("would put aside \(amount); nothing was moved")
    } else {
      let entry = try Trash(runs: store.runs).put(
        garbage, now: Timestamp.text())
      printError("put aside \(amount); bring it back with: rallybook restore \(entry.name)")
    }
    withExtendedLifetime(locks) {}
  }

  /// Trials that the plan of any run, or any experiment file as it is now, names.
  private func plannedEverywhere(_ runs: [String]) -> Set<String> {
    var planned: Set<String> = []
    for name in runs {
      let plan = try? RunFolder(runs: store.runs, name: name).readPlan()
      planned.formUnion(plan?.trials.map(\.id) ?? [])
    }
    for file in (try? Disk.names(in: experiments)) ?? []
    where file.hasSuffix(".json") && !file.hasSuffix(".schema.json") {
      let loaded = loadExperiment(path: "\(experiments)/\(file)", catalogue: .standard)
      planned.formUnion(loaded.plan?.trials.map(\.id) ?? [])
    }
    return planned
  }

  /// Copies whose trial has all that they have.
  private func idleCopies(_ run: StoredRun) -> [TrialFolder] {
    run.copies.filter { copy in
      let original = run.folder.trial(copy.id)
      guard Disk.isFolder(original.path) else { return false }
      switch RecordsCompared(of: copy.folder, to: original) {
      case .same, .behind: return true
      case .further, .conflict, .unreadable: return false
      }
    }.map(\.folder)
  }

  private func emptyTrash() throws {
    let trash = Trash(runs: store.runs)
    for entry in try trash.entries() {
      say("\(entry.name)  \(Numbers.bytes(DiskSpace.taken(by: entry.path)))")
      if !dryRun { try trash.delete(entry) }
    }
  }
}

extension Garbage.Reason {
  fileprivate var words: String {
    switch self {
    case .unplannedTrial: "in no plan"
    case .oldCheckpoint: "old checkpoint"
    case .usedResumePoint: "finished since"
    case .interruptedWrite: "interrupted write"
    case .copy: "copy"
    case .replaced: "trained anew"
    }
  }
}

/// `rallybook restore [NAME]`
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Put back what gc put aside; without a name, the newest.")

  @Argument(help: "What gc named; see --list.") var name: String?
  @OptionGroup var store: StoreOptions
  @Flag(help: "Show what is in the trash; move nothing.") var list = false

  func run() throws {
    let trash = Trash(runs: store.runs)
    let entries = try trash.entries()
    if list {
      store.say(
        [
          .init("name") { .init($0.name) },
          .init("items", right: true) { .init("\($0.present.count)") },
          .init("size", right: true) {
            .init(Numbers.bytes($0.present.reduce(0) { $0 + $1.bytes }))
          },
        ], rows: entries)
      return
    }
    guard let entry = name.map({ name in entries.first { $0.name == name } }) ?? entries.last else {
      let there =
        entries.isEmpty
        ? "it is empty" : "there are: \(entries.map(\.name).joined(separator: ", "))"
      let named = name.map { "named \"\($0)\" " } ?? ""
      throw end(2, "error[not-in-trash]: nothing \(named)in \(trash.path); \(there)")
    }
    let runs = Set(entry.manifest.items.compactMap { $0.path.split(separator: "/").first })
    let locks = try runs.sorted().map { name throws -> FolderLock in
      let run = RunFolder(runs: store.runs, name: String(name))
      try run.create()
      return try FolderLock(run)
    }
    let restored = try trash.restore(entry)
    for path in restored.paths { say(path) }
    for path in restored.blocked {
      printError("\(store.runs)/\(path) exists already; the one in \(entry.path) stays there")
    }
    withExtendedLifetime(locks) {}
    if !restored.blocked.isEmpty { throw ExitCode(4) }
  }
}
