// SPDX-License-Identifier: MIT
import Artifacts
import Foundation
import Report
import RunStore
import Testing

@Test("preview") func preview() throws {
  guard let place = ProcessInfo.processInfo.environment["REPORT_PREVIEW"] else { return }
  var recipe = SyntheticRun.Recipe()
  recipe.labels = [
    "discount 0.99 · normalize episode", "discount off · normalize episode",
    "discount 0.99 · normalize none", "discount off · normalize none",
  ]
  recipe.question = """
    The post discounts returns with γ = 0.99 and then standardizes them, and calls both *tricks of the trade*.

    Which of the two does the work? We train the same policy on the same draws with each switched **on and off**, and expect normalization to matter more.
    """
  recipe.title = "Which matters more: discounting the returns or normalizing them?"
  recipe.curve = { v, s in
    [-20.5 + 34 * s * s, -20.4 + 26 * s * s, -20.4 + 9 * s, -20.5 + 0.4 * s][v]
  }
  recipe.episodes = 2000
  if let path = ProcessInfo.processInfo.environment["REPORT_TRACE"] {
    recipe.trace = try TraceFile(contentsOf: path)
  }
  if ProcessInfo.processInfo.environment["REPORT_PARTIAL"] != nil {
    recipe.states = [2: .running, 5: .failed, 6: .stopped]; recipe.pending = [11, 12]
  }
  let r = try RenderedReport(recipe, options: ReportOptions(includesTiming: true))
  try? FileManager.default.removeItem(atPath: place)
  try FileManager.default.copyItem(atPath: r.directory, toPath: place)
  print(r.summary)
}
