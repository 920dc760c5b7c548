// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ParameterSchema
import Report
import RunStore

/// `rallybook report NAME…`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Render the reports of runs again, finished or not.")

  @Argument(help: "Names of runs.", completion: .runs) var names: [String]
  @OptionGroup var folders: FolderOptions
  @Flag(
    help: "Leave out everything that measures time, so that the same trials give the same bytes.")
  var noTiming = false
  @Flag(
    help:
      "Render elsewhere and compare with the report byte by byte; exit status 3 when they differ.")
  var check = false
  @Flag(help: "Write the report into one file beside its folder as well, to mail.")
  var singleFile = false
  @Flag(
    help:
      "Draw each figure for a paper as well: PDF with embedded fonts, 3.3 and 6.9 inches wide, among the report's figures."
  )
  var forPaper = false

  func run() throws {
    if check {
      try checkAll()
      return
    }
    for name in names {
      try renderReportOf(name, folders: folders, options: options)
      if singleFile {
        let place = try renderSingleFile(of: "\(folders.reports)/\(name)")
        StandardStream.output.write(DisplayText.escaped(place) + "\n")
      }
    }
  }

  private var options: ReportOptions {
    ReportOptions(includesTiming: !noTiming, catalogue: .standard, isForPaper: forPaper)
  }

  private func checkAll() throws {
    var isDifferent = false
    for name in names {
      let run = try folders.run(name)
      let found: [String]
      do throws(ReportError) {
        found = try differences(
          from: "\(folders.reports)/\(name)", of: run,
          options: options)
      } catch {
        throw error.code == .unreadableRun ? end(2, "error: \(error)") : error
      }
      for difference in found { say("\(name): \(difference)") }
      if found.isEmpty { say("\(name): the same, byte by byte") }
      isDifferent = isDifferent || !found.isEmpty
    }
    if isDifferent { throw ExitCode(3) }
  }
}

/// Renders one report and the list of all, and says where it is and what it answers.
///
/// - Parameter told: reasons of failures that were said before; they are not said again.
func renderReportOf(
  _ name: String, folders: FolderOptions,
  options: ReportOptions = ReportOptions(catalogue: .standard),
  told: [String] = []
) throws {
  let run = try folders.run(name)
  let summary = try renderReport(
    of: run, to: "\(folders.reports)/\(name)", options: options)
  try renderIndex(of: folders.reports)
  // Of a terminal that takes nothing the end of the program waits a second.
  StandardStream.output.write(DisplayText.escaped(summary.pagePath) + "\n")
  printError(line: summary.headline)
  for gap in summary.gaps where !told.contains(where: { gap.contains($0) }) {
    printError(line: gap)
  }
}
