// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import Glibc
import RunStore

/// What verbs over stored runs share.
struct StoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the runs.", valueName: "dir"))
  var runs = "runs"

  @Option(help: "Colour on standard output: auto, always or never.")
  var color: ColorChoice = .auto

  /// The names of the runs, or those that were asked for.
  ///
  /// - Throws: exit status 2 for a name that is not there.
  func names(_ asked: [String] = []) throws -> [String] {
    let known = try RunFolder.names(in: runs)
    if let name = asked.first(where: { !known.contains($0) }) {
      throw unknownRun(name, in: runs)
    }
    return asked.isEmpty ? known : asked
  }

  /// The runs as they stand; what cannot be read at all is said and left out.
  func storedRuns(_ asked: [String] = []) throws -> [StoredRun] {
    try names(asked).compactMap { name in
      do throws(RunStoreError) {
        return try StoredRun(RunFolder(runs: runs, name: name))
      } catch {
        printError(error.description)
        return nil
      }
    }
  }

  /// Prints a table, fitted to the terminal; without rows, nothing.
  ///
  /// - Parameter heading: whether the columns' titles are printed.
  func say<Row>(_ columns: [TextTable<Row>.Column], rows: [Row], heading: Bool = true) {
    guard !rows.isEmpty else { return }
    let lines = TextTable(columns, rows: rows)
      .lines(
        width: StandardStream.output.size?.columns, color: StandardStream.output.isColored(color))
    for line in heading ? lines[...] : lines.dropFirst() { Commands.say(rendered: line) }
  }
}

/// Where runs and reports lie.
struct FolderOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the runs.", valueName: "dir"))
  var runs = "runs"

  @Option(help: ArgumentHelp("Folder of the reports.", valueName: "dir"))
  var reports = "reports"

  /// The run of that name.
  ///
  /// - Throws: exit status 2 and the names there are where there is none.
  func run(_ name: String) throws -> RunFolder {
    let run = RunFolder(runs: runs, name: name)
    guard Disk.isPresent(run.planPath) else { throw unknownRun(name, in: runs) }
    return run
  }
}

/// What to say of a name that no run with a plan has.
func unknownRun(_ name: String, in runs: String) -> Ending {
  let known = (try? RunFolder.names(in: runs)) ?? []
  if known.contains(name) {
    do throws(RunStoreError) {
      _ = try RunFolder(runs: runs, name: name).readPlan()
    } catch {
      return end(error.exitStatus, error.description)
    }
  }
  let shown = known.prefix(12).joined(separator: ", ")
  let more = known.count > 12 ? " and \(Numbers.whole(known.count - 12)) more" : ""
  let there = known.isEmpty ? "there are none yet" : "there are: \(shown)\(more)"
  let nearest = NearestMatch.find(name, in: known).map { "; did you mean \"\($0)\"?" } ?? ""
  return end(2, "error[unknown-run]: no run \"\(name)\" in \(runs); \(there)\(nearest)")
}
