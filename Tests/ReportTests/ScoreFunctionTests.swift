// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import ParameterSchema
import TestSupport
import Testing

@Suite("The score function's figure over the updates") struct ScoreFunctionTests {
  /// Updates of three samples; the mean goes right by an update, σ falls.
  private static func tensors(_ episode: Int) -> [Tensor] {
    let at = Float(episode) / 600
    let before: [Float] = [at, -at, -at, 0]
    let after: [Float] = [at + 0.1, -at, -at - 0.1, 0]
    let batch = [
      Tensor(name: "samples.outputs", shape: [3, 4], values: before + before + before),
      Tensor(name: "samples.actions", shape: [3, 2], values: [at, 1, 1, -at, -0.5, 0.25]),
      Tensor(name: "samples.rewards", shape: [3], values: [1, -1, -1]),
      Tensor(name: "samples.after", shape: [4], values: after),
    ]
    let policy = [
      Tensor(name: "policy.w1", shape: [2, 1], values: [at, -at]),
      Tensor(name: "policy.logDeviation", shape: [2], values: [-at, 0]),
    ]
    return policy + (episode == 0 ? [] : batch)
  }

  private static func recipe() -> SyntheticRun.Recipe {
    var recipe = SyntheticRun.Recipe()
    recipe.environment = "target"
    recipe.regions = [["x": 1, "y": 1, "radius": 0.5], ["x": -1, "y": 0, "radius": 0.25]]
    recipe.tensors = tensors
    recipe.between = [10, 200, 400]
    return recipe
  }

  @Test("Each recorded update has a figure, and the table every sample as it was recorded")
  func section() throws {
    let report = try RenderedReport(Self.recipe())
    let files = try report.files()
    for update in [1, 20, 40, 60] {
      #expect(files.contains("figures/score-function-\(update).svg"))
      #expect(files.contains("figures/score-function-\(update)-narrow.svg"))
      #expect(report.page.contains("id=\"figure-score-function-\(update)\""))
    }
    #expect(report.page.contains("data-names=\"Update 1|Update 20|Update 40|Update 60\""))
    #expect(report.page.contains("mean score of its 3 samples −0.33"))
    let rows = try report.text("data/score-function.csv").split(separator: "\n")
    #expect(rows.count == 1 + 4 * 3)
    for (i, row) in rows.dropFirst().enumerated() {
      let cells = try row.split(separator: ",").map { try #require(Double($0)) }
      let update = [1, 20, 40, 60][i / 3]
      let values = Self.tensors(update * 10).map { $0.values.map(Double.init) }
      let (outputs, actions, after) = (values[2], values[3], values[5])
      let expected =
        [Double(update), actions[2 * (i % 3)], actions[2 * (i % 3) + 1], values[4][i % 3]]
        + outputs.prefix(2) + outputs[2..<4].map(exp) + after.prefix(2) + after.suffix(2).map(exp)
      for (cell, value) in zip(cells, expected) { #expect(abs(cell - value) < 1e-5) }
    }
  }

  @Test("Samples of several distributions, damaged shapes and other games have no such section")
  func others() throws {
    func has(_ change: (inout SyntheticRun.Recipe) -> Void) throws -> Bool {
      var recipe = Self.recipe()
      change(&recipe)
      return try RenderedReport(recipe).page.contains("id=\"score-function\"")
    }
    #expect(try has { _ in })
    #expect(try !has { $0.regions = nil })
    #expect(
      try !has {
        $0.tensors = { episode in
          Self.tensors(episode).map { tensor in
            guard tensor.name == "samples.outputs" else { return tensor }
            var values = tensor.values
            values[5] += 1
            return Tensor(name: tensor.name, shape: tensor.shape, values: values)
          }
        }
      })
    #expect(
      try !has {
        $0.tensors = { Self.tensors($0).filter { $0.name != "samples.after" } }
      })
  }

  @Test("The slider shows one update at a time and names it; without it all are there")
  func slider() throws {
    let report = try RenderedReport(Self.recipe())
    let browser = try Browser()
    defer { browser.stop() }
    try browser.emulate(width: 1_000, scheme: "light")
    try browser.open("file://\(report.directory)/index.html")
    let found = try browser.evaluate(
      """
      const stops = document.querySelector("#score-function .stops");
      const shown = () => [...stops.querySelectorAll("figure")].filter((f) => f.offsetHeight > 0)
        .map((f) => f.id.slice(22)).join(" ");
      const slider = stops.querySelector("input");
      const first = shown();
      slider.value = 2;
      slider.dispatchEvent(new Event("input"));
      return [first, shown(), slider.previousElementSibling.textContent,
              slider.getAttribute("aria-valuetext")];
      """)
    #expect(found as? [String] == ["1", "40", "Update 40", "Update 40"])
    #expect(try browser.consoleMessages().isEmpty)
  }
}
