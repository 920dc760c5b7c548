// SPDX-License-Identifier: MIT

import Artifacts
import Testing

@Suite("Filters of a convolution") struct ConvolutionReportTests {
  /// Three filters over two channels, 4 × 4 weights each; weights that say where they stand.
  private static func weight(_ filter: Int, _ channel: Int, _ y: Int, _ x: Int) -> Float {
    Float(1_000 * filter + 100 * channel + 10 * y + x) / 4_000
  }

  private static func tensors(episode: Int) -> [Tensor] {
    var values: [Float] = []
    for filter in 0..<3 {
      for channel in 0..<2 {
        for y in 0..<4 { values += (0..<4).map { weight(filter, channel, y, $0) } }
      }
    }
    return [
      Tensor(name: "policy.w1", shape: [3, 2, 4, 4], values: values),
      Tensor(name: "policy.w2", shape: [1, 3], values: [1, 2, 3]),
    ]
  }

  @Test("They have a section with a picture and every weight in its place")
  func section() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.tensors = Self.tensors
    let report = try RenderedReport(recipe)
    #expect(report.page.contains("<section id=\"filters\">"))
    #expect(report.page.contains("The 3 filters of the first convolution"))
    // Not the plate of units, which has choices and a slider.
    #expect(!report.page.contains("filter-plate"))
    let rows = try report.text("data/filters.csv").split(separator: "\n")
    #expect(rows.first == "filter,channel,row,column,weight")
    #expect(rows.count == 1 + 3 * 2 * 4 * 4)
    for row in rows.dropFirst() {
      let cells = row.split(separator: ",")
      let place = cells.prefix(4).compactMap { Int($0) }
      let value = try #require(Float(cells[4]))
      #expect(abs(value - Self.weight(place[0], place[1], place[2], place[3])) < 1e-5, "\(row)")
    }
    let files = try report.files()
    for name in ["filters", "filters-dark", "filters-narrow", "filters-narrow-dark"] {
      #expect(files.contains("figures/\(name).png"))
    }
  }

  @Test("Tensors that fit neither policy leave the section out")
  func other() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.tensors = { _ in
      [Tensor(name: "policy.w1", shape: [2, 5], values: .init(repeating: 1, count: 10))]
    }
    let report = try RenderedReport(recipe)
    #expect(!report.page.contains("id=\"filters\""))
  }
}
