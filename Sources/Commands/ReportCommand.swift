// SPDX-License-Identifier: MIT

import ArgumentParser
import ParameterSchema
import Report
import RunStore

/// `rallybook report NAME…`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Render the reports of runs again, finished or not.")

  @Argument(help: "Names of runs.") var names: [String]
  @OptionGroup var folders: FolderOptions
  @Flag(help: "Leave out everything that measures time: the same trials then give the same bytes.")
  var noTiming = false

  func run() throws {
    for name in names {
      try renderReportOf(name, folders: folders, includesTiming: !noTiming)
    }
  }
}

/// Renders one report and says where it is and what it answers.
func renderReportOf(_ name: String, folders: FolderOptions, includesTiming: Bool) throws {
  let run = try knownRun(name, folders)
  do throws(ReportError) {
    let summary = try renderReport(
      of: run, to: "\(folders.reports)/\(name)",
      options: ReportOptions(includesTiming: includesTiming, catalogue: .standard))
    print(summary.pagePath)
    printError(summary.headline)
    for gap in summary.gaps { printError(gap) }
  } catch {
    let isRefusal = error.code == .foreignFolder || error.code == .notAFolder
    throw end(isRefusal ? 4 : 1, String(describing: error))
  }
}
