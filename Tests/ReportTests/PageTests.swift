// SPDX-License-Identifier: MIT

import Foundation
import Report
import RunStore
import Testing

@Suite("The page") struct PageTests {
  /// One report for all tests of this suite; none changes it.
  private static let shared = Result { try RenderedReport() }
  let report: RenderedReport

  init() throws { report = try Self.shared.get() }

  @Test("Every file that the page names is there, and every file is named")
  func linksExist() throws {
    let named = Set(
      ["src", "href", "srcset"].flatMap { values(of: $0, in: report.page) }
        .flatMap { $0.split(separator: ",") }
        .map { String($0.split(separator: " ").first ?? "") }
        .filter { $0.hasPrefix("figures/") || $0.hasPrefix("data/") })
    let files = try report.files()
    for name in named { #expect(files.contains(name), "\(name) is missing") }
    for name in files where name != "index.html" {
      #expect(named.contains(name), "nothing leads to \(name)")
    }
  }

  @Test("Nothing is loaded from elsewhere")
  func selfContained() {
    for name in ["src", "href", "srcset", "poster", "action"] {
      for value in values(of: name, in: report.page) {
        let isLocal =
          value.hasPrefix("figures/") || value.hasPrefix("data/") || value.hasPrefix("#")
          || value.hasPrefix("data:image/svg+xml,") || value == "../index.html"
        #expect(isLocal, "\(name)=\(value)")
      }
    }
    #expect(!report.page.contains("@import"))
    #expect(!report.page.contains("url("))
    #expect(
      report.page.contains("default-src 'none'") || report.page.contains("default-src &#39;none"))
  }

  @Test("Ids are unique, and every inner link has its target")
  func ids() {
    let ids = values(of: "id", in: report.page)
    #expect(Set(ids).count == ids.count, "\(ids)")
    for target in values(of: "href", in: report.page) where target.hasPrefix("#") {
      #expect(ids.contains(String(target.dropFirst())), "\(target)")
    }
  }

  @Test("The report says how to play against the policy that it shows")
  func arena() throws {
    let command = /rallybook play runs\/[^<]*\/000600\.safetensors --save arena\.html/
    let found = try #require(report.page.firstMatch(of: command))
    #expect(found.output.contains("/trials/"))
  }

  @Test("Headings begin with one h1 and never skip a level")
  func headings() {
    var levels: [Int] = []
    for piece in report.page.components(separatedBy: "<h").dropFirst() {
      if let level = piece.first?.wholeNumberValue,
        piece.dropFirst().first.map({ " >".contains($0) }) == true
      {
        levels.append(level)
      }
    }
    #expect(levels.first == 1)
    #expect(levels.count { $0 == 1 } == 1)
    for (above, below) in zip(levels, levels.dropFirst()) {
      #expect(below <= above + 1, "\(levels)")
    }
  }

  @Test("Every picture has a text alternative and its size")
  func alternatives() {
    let pictures = report.page.components(separatedBy: "<img ").dropFirst().map {
      $0.prefix { $0 != ">" }
    }
    #expect(pictures.count >= 8)
    for picture in pictures {
      let text = values(of: "alt", in: " " + String(picture)).first ?? ""
      #expect(text.count > 20, "\(picture.prefix(80))")
      #expect(picture.contains("width=\"") && picture.contains("height=\""))
    }
  }

  @Test("The answer comes first, with mean, interval and n, and the verdict on the hypothesis")
  func answer() {
    #expect(
      report.summary.headline.hasPrefix("Of 2 variants, “normalize episode” scores highest: "))
    #expect(report.summary.headline.contains("95\u{A0}% interval"))
    #expect(report.summary.headline.contains("3 seeds"))
    #expect(report.page.contains("Undecided"))
    #expect(report.page.contains("it needs at least 3 more"))
    // Above everything else: the claim with its drawing, the scores, then what was asked.
    let places = [
      "class=\"headline\"", "class=\"interval\"", "class=\"forest\"", "id=\"question\"",
    ]
    .map { report.page.firstRange(of: $0)?.lowerBound ?? report.page.endIndex }
    #expect(places == places.sorted() && places.allSatisfy { $0 < report.page.endIndex })
    #expect(report.page.contains("Finished</span> All 6 trials finished: 2 variants × 3 seeds"))
  }

  @Test("What was decided is the answer, in the claim's own words")
  func decided() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.seeds = Array(0..<7)
    recipe.hasPictures = false
    let report = try RenderedReport(recipe)
    #expect(report.summary.headline == "Supported: Normalizing beats not normalizing.")
    #expect(report.page.contains("<li>Of 2 variants, “normalize episode” scores highest: "))
  }

  @Test("The command that reproduces the run stands on the page with what overrode the file")
  func command() {
    #expect(report.page.contains("rallybook run experiments/synthetic.json --seeds 3"))
  }

  @Test("A folder of a few trials stays below 2 MB")
  func size() throws {
    let sizes = try report.files().map { try Disk.read("\(report.directory)/\($0)").count }
    #expect(sizes.reduce(0, +) < 2_000_000)
  }

  /// What `name="…"` holds, wherever it stands.
  private func values(of name: String, in text: String) -> [String] {
    text.components(separatedBy: " \(name)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
  }
}
