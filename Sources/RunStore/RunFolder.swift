// SPDX-License-Identifier: MIT

package import ExperimentSpec

/// The folder of one run, `runs/NAME`: its frozen plan, its lock and its trials.
package struct RunFolder: Hashable, Sendable {
  /// Without a slash at the end.
  package let path: String

  /// The folder at `path`, be it there or not.
  package init(path: String) {
    var text = Substring(path)
    while text.count > 1 && text.last == "/" { text = text.dropLast() }
    self.path = text.isEmpty ? "." : String(text)
  }

  /// The folder of the run `name` among those in `runs`.
  package init(runs: String, name: String) { self.init(path: "\(runs)/\(name)") }

  /// The last part of the path.
  package var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  package var planPath: String { "\(path)/plan.json" }
  /// What a search has decided, of a run that has one.
  package var searchPath: String { "\(path)/search.json" }
  /// What was found and decided at looks at claims, of a run whose claims decide its seeds.
  package var looksPath: String { "\(path)/looks.json" }
  package var lockPath: String { "\(path)/run.lock" }
  /// A cache over the trials that versions before 0.2 kept; nothing reads it.
  package var indexPath: String { "\(path)/index.sqlite" }
  package var trialsPath: String { "\(path)/trials" }

  /// The folder of the trial `id`.
  package func trial(_ id: String) -> TrialFolder { TrialFolder(path: "\(trialsPath)/\(id)") }

  /// Makes the folder and `trials` in it, unless they are there.
  package func create() throws(RunStoreError) { try Disk.makeFolder(trialsPath) }

  /// Freezes the plan: replaces `plan.json` as a whole, and only when it differs.
  package func writePlan(_ plan: Plan) throws(RunStoreError) {
    let bytes = plan.encoded()
    if let stored = try? Disk.readIfPresent(planPath), stored == bytes { return }
    try AtomicFile.write(bytes, to: planPath)
  }

  /// The frozen plan.
  package func readPlan() throws(RunStoreError) -> Plan { try Self.readPlan(at: planPath) }

  /// The frozen plan in a file.
  package static func readPlan(at path: String) throws(RunStoreError) -> Plan {
    try plan(decoding: Disk.read(path), path: path)
  }

  /// The plan in a file's bytes.
  package static func plan(decoding bytes: [UInt8], path: String) throws(RunStoreError) -> Plan {
    do {
      return try Plan(decoding: bytes)
    } catch {
      throw RunStoreError(
        .damagedRecord, path: path, found: error.message, allowed: "what `run` writes",
        remedy: "`rallybook run` on the experiment file writes it again; the trials are kept")
    }
  }

  /// What lies in `trials`: folders named like trials, and everything else; both sorted.
  ///
  /// What interrupted writes left behind is in neither.
  package func trialEntries() throws(RunStoreError) -> (ids: [String], foreign: [String]) {
    guard Disk.isPresent(trialsPath) else { return ([], []) }
    var (ids, foreign): ([String], [String]) = ([], [])
    for name in try Disk.names(in: trialsPath) where !AtomicFile.isTemporary(name) {
      if TrialFolder.isIdentifier(name) && Disk.isFolder("\(trialsPath)/\(name)") {
        ids.append(name)
      } else {
        foreign.append(name)
      }
    }
    return (ids, foreign)
  }

  /// Whether nothing was ever stored, as of a run that was refused before it began.
  private var isEmpty: Bool {
    guard let names = try? Disk.names(in: path) else { return false }
    return names.allSatisfy { ["run.lock", "trials"].contains($0) }
      && (try? Disk.names(in: trialsPath).isEmpty) ?? true
  }

  /// Names of the runs in the folder `runs`, sorted; none when there is no such folder.
  package static func names(in runs: String) throws(RunStoreError) -> [String] {
    guard Disk.isPresent(runs) else { return [] }
    guard Disk.isFolder(runs) else {
      throw RunStoreError(.notAFolder, path: runs, allowed: "the folder of the runs")
    }
    return try Disk.names(in: runs).filter {
      !$0.hasPrefix(".") && Disk.isFolder("\(runs)/\($0)")
        && !RunFolder(runs: runs, name: $0).isEmpty
    }
  }
}
