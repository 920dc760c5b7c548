// SPDX-License-Identifier: MIT

import Foundation
import Report
import RunStore

/// A temporary folder that goes when the test does.
final class Scratch: Sendable {
  let path: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/rallybook-report-XXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else { throw CocoaError(.fileWriteUnknown) }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A rendered report of a synthetic run.
struct RenderedReport: Sendable {
  let scratch: Scratch
  let run: SyntheticRun
  let directory: String
  let summary: ReportSummary
  let page: String

  init(
    _ recipe: SyntheticRun.Recipe = SyntheticRun.Recipe(),
    options: ReportOptions = ReportOptions(includesTiming: false)
  ) throws {
    scratch = try Scratch()
    run = try SyntheticRun(in: "\(scratch.path)/runs", recipe)
    directory = "\(scratch.path)/reports/synthetic"
    try Disk.makeFolder("\(scratch.path)/reports")
    summary = try renderReport(of: run.folder, to: directory, options: options)
    page = try String(contentsOfFile: "\(directory)/index.html", encoding: .utf8)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)
  }

  /// All files, paths from the folder, sorted.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: directory).sorted().filter {
      !Disk.isFolder("\(directory)/\($0)")
    }
  }
}
