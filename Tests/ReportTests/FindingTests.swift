// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import Report
import Testing

/// Each rule once with a training that fires it; `ordinary` is one that fires none.
@Suite("Findings") struct FindingTests {
  private static let ordinary = Result { try RenderedReport().page }

  /// A training that fires the rule, and what the sentence then says.
  private static func training(firing rule: String) throws -> (SyntheticRun.Recipe, says: String) {
    var recipe = SyntheticRun.Recipe()
    recipe.hasPictures = false
    switch rule {
    case "Not a number":
      recipe.update = { update, variant, share in
        if variant == 0, share == 0.5 { update.gradientNorm = .nan }
      }
      return (
        recipe, "“normalize episode”, all 3 seeds: rows with a value that is not a finite number: 1"
      )
    case "Stuck at the bottom":
      recipe.curve = { _, _ in -40 }
      return (recipe, "mean return of the last 100 episodes is −21.0, worse than chance (−20.5)")
    case "Fell back":
      recipe.curve = { _, share in share < 0.6 ? 5 : -15 }
      return (recipe, "points below its best, which it had after")
    case "Entropy collapse":
      recipe.update = { update, variant, share in
        if variant == 1, share > 0.7 { update.entropy = 0.01 }
      }
      return (recipe, "“normalize none”, all 3 seeds: the entropy fell to 0.01 nats")
    case "KL spike":
      recipe.update = { update, variant, share in
        if variant == 0, share == 0.5 { update.meanKL = 0.75 }
      }
      return (recipe, "by a mean KL of 0.75 nats per decision, after 300 episodes")
    case "Rejected steps":
      recipe.update = { update, variant, _ in
        update.backtracks = 2
        update.stepFraction = variant == 0 && update.update % 2 == 0 ? 0 : 0.25
      }
      return (recipe, "“normalize episode”, all 3 seeds: 50 % of the line searches found no")
    case "Dead units":
      recipe.update = { update, variant, share in
        if variant == 0, share > 0.7 { update.deadUnits = 0.6 }
      }
      return (recipe, "at the end 60 % of the hidden units did not fire once")
    case "Time limit":
      recipe.update = { update, variant, share in
        if variant == 1, share > 0.7 { update.truncated = 0.25 }
      }
      return (
        recipe, "“normalize none”, all 3 seeds: at the end a time limit ended 25 % of the"
      )
    case "Does not repeat":
      recipe.settings = ["repeats itself": "no"]
      return (recipe, "“normalize episode”, all 3 seeds: the environment gives another game for")
    case "Two groups of seeds":
      recipe.seeds = Array(0..<6)
      recipe.curve = { _, _ in -10 }
      recipe.offset = { variant, seed in variant == 0 && seed % 3 == 0 ? 20 : 0 }
      return (recipe, "“normalize episode”: 4 seeds at −")
    default: throw CocoaError(.featureUnsupported, userInfo: ["rule without a training": rule])
    }
  }

  @Test(
    "A training that fires a rule gets its sentence, and an ordinary one does not",
    arguments: HealthRule.all.map(\.name))
  func rule(_ rule: String) throws {
    let (recipe, says) = try Self.training(firing: rule)
    let page = try RenderedReport(recipe).page
    let mark = "<span class=\"rule\">\(rule)</span>"
    let findings = try #require(
      page.components(separatedBy: "<ul class=\"findings\">").dropFirst().first
    )
    .prefix { $0 != "\u{0}" }
    let sentence = try #require(findings.components(separatedBy: mark).dropFirst().first)
      .components(separatedBy: "</li>")[0]
    #expect(sentence.contains(says), "\(sentence)")
    // The link leads to a figure that is on the page.
    let target = try #require(sentence.components(separatedBy: "href=\"#").dropFirst().first)
      .prefix { $0 != "\"" }
    #expect(page.contains(" id=\"\(target)\""), "\(target)")
    #expect(page.contains("<a href=\"#health\">Check how it learned: "))
    #expect(!(try Self.ordinary.get().contains(mark)))
  }

  @Test("Nothing fires in an ordinary training")
  func quiet() throws {
    #expect(try Self.ordinary.get().contains("No rule fired"))
    #expect(!(try Self.ordinary.get().contains("Check how it learned")))
  }

  @Test("The entropy of a Gaussian may be small: it is no collapse")
  func narrow() throws {
    var (recipe, _) = try Self.training(firing: "Entropy collapse")
    recipe.settings = ["actions": "numbers"]
    #expect(try RenderedReport(recipe).page.contains("No rule fired"))
  }

  @Test("The docs name every rule with its threshold")
  func documented() throws {
    let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/explain/report.md")
    let text = try String(contentsOf: docs, encoding: .utf8)
    for rule in HealthRule.all {
      #expect(text.contains("| \(rule.name) | \(rule.meaning) |"), "\(rule.name)")
    }
  }
}
