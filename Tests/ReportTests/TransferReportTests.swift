// SPDX-License-Identifier: MIT

import Foundation
import Report
import Testing

@Suite("Games played again in another environment") struct TransferReportTests {
  private func rows(_ report: RenderedReport) throws -> [[String]] {
    try report.text("data/transfers.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("Without them there is no section")
  func none() throws {
    let report = try RenderedReport()
    #expect(!report.page.contains("id=\"transfers\""))
    #expect(!(try report.files().contains("data/transfers.csv")))
  }

  @Test("Equal games are said to be equal, and their difference is exactly 0")
  func equal() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.elsewhere = { _, here in here }
    let report = try RenderedReport(recipe)
    #expect(
      report.page.contains("All 120 games have the same score and the same length in gymnasium:"))
    let rows = try rows(report)
    #expect(rows.count == 6)
    for row in rows { #expect(row[2] == "20" && row[5...8] == ["0", "0", "0", "20"]) }
    let games = try report.text("data/transfer-games.csv").split(separator: "\n").dropFirst()
    let counted = try games.map { line -> Int in
      let cells = line.split(separator: ",")
      #expect(cells[0] == cells[1])
      return try #require(Int(cells[2]))
    }
    #expect(counted.reduce(0, +) == 120)
  }

  @Test("Games that differ are counted, and the interval of the difference holds its mean")
  func different() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = ["normalize episode"]
    recipe.elsewhere = { game, here in game % 4 == 0 ? here - 2 : here }
    let report = try RenderedReport(recipe)
    #expect(report.page.contains("45 of 60 games have the same score"))
    for row in try rows(report) {
      let difference = try #require(Double(row[5]))
      let (lower, upper) = (try #require(Double(row[6])), try #require(Double(row[7])))
      #expect(difference == -0.5 && lower < -0.5 && upper > -0.5 && row[8] == "15")
    }
  }
}
