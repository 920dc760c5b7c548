// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec
import Report
import RunStore

/// `rallybook compare A B`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Show two runs, or two trials, side by side on a page.",
    discussion: """
      A and B are names of runs, or NAME/TRIAL with a trial's id or the beginning of one. The page \
      is reports/compare-A-B/index.html.
      """)

  @Argument(help: "A run, or one trial of it as NAME/TRIAL.", completion: .runs) var first: String
  @Argument(help: "Another.", completion: .runs) var second: String
  @OptionGroup var folders: FolderOptions

  func run() throws {
    let (a, b) = (try side(first), try side(second))
    let name = [a, b].map { $0.name.replacing("/", with: "-") }.joined(separator: "-")
    let summary = try renderComparison(of: a, and: b, to: "\(folders.reports)/compare-\(name)")
    try renderIndex(of: folders.reports)
    say(summary.pagePath)
    for line in [summary.headline] + summary.gaps { printError(line: line) }
  }

  private func side(_ text: String) throws -> ComparedRun {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let run = try folders.run(parts[0])
    guard parts.count == 2 else {
      if parts.count > 2 { throw end(2, "error: \"\(text)\" is neither NAME nor NAME/TRIAL") }
      return ComparedRun(run: run, trial: nil)
    }
    let ids = try run.readPlan().trials.map(\.id).filter { $0.hasPrefix(parts[1]) }
    guard let id = ids.first, ids.count == 1, !parts[1].isEmpty else {
      throw end(
        2,
        "error: run \(parts[0]) has \(ids.isEmpty ? "no trial" : "\(ids.count) trials") whose id"
          + " begins with \"\(parts[1])\"")
    }
    return ComparedRun(run: run, trial: id)
  }
}
