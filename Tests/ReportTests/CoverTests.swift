// SPDX-License-Identifier: MIT

import Foundation
import Report
import RunStore
import TestSupport
import Testing

@Suite("The list of all reports, and a report in one file", .serialized) struct CoverTests {
  @Test("The list shows question, answer, verdicts, day and curves; it is searched and ordered")
  func cover() throws {
    let report = try RenderedReport()
    let reports = "\(report.scratch.path)/reports"
    var other = SyntheticRun.Recipe()
    other.title = "Another question?"
    other.hasPictures = false
    let run = try SyntheticRun(in: "\(report.scratch.path)/other", other)
    _ = try renderReport(of: run.folder, to: "\(reports)/another")
    let page = try #require(try renderIndex(of: reports))
    let browser = try Browser()
    defer { browser.stop() }
    try browser.emulate(width: 1440, scheme: "light")
    try browser.open("file://\(page)")
    let found = try browser.evaluate(
      """
      const rows = () => [...document.querySelectorAll(".index > li")].filter((row) => !row.hidden).map((row) => row.dataset.name).join();
      const first = document.querySelector(".index > li[data-name=synthetic]");
      const picture = first.querySelector("img");
      picture.loading = "eager";
      await picture.decode();
      const before = rows();
      const box = document.querySelector(".filter input");
      box.value = "another";
      box.dispatchEvent(new Event("input"));
      const some = rows();
      box.value = "";
      box.dispatchEvent(new Event("input"));
      document.querySelector(".filter select").value = "day";
      document.querySelector(".filter select").dispatchEvent(new Event("change"));
      const text = first.textContent;
      return [before, some, rows(), String(picture.naturalWidth > 0),
              String(["Does normalizing", "scores highest", "1 undecided", "2026-11-24"].every((words) => text.includes(words)))];
      """)
    #expect(
      found as? [String] == ["another,synthetic", "another", "another,synthetic", "true", "true"])
    #expect(report.page.contains("<a href=\"../index.html\">All reports</a>"))
    #expect(try browser.consoleMessages() == [])
  }

  @Test("For a paper every figure is there as PDF too, in two widths, and nothing else changes")
  func paper() throws {
    let options = ReportOptions(includesTiming: false)
    let usual = try RenderedReport(options: options)
    let report = try RenderedReport(
      options: ReportOptions(includesTiming: false, isForPaper: true))
    let figures = report.page.matches(of: #/figures/([a-z-]+)-(3\.3|6\.9)in\.pdf/#).map(\.0)
    #expect(figures.contains("figures/curves-episodes-3.3in.pdf"))
    #expect(Set(figures).count == 2 * usual.page.matches(of: #/<figure class="figure"/#).count)
    for figure in figures {
      let file = try Disk.read("\(report.directory)/\(figure)")
      let points = figure.contains("3.3in") ? "237.6" : "496.8"
      #expect(String(decoding: file, as: UTF8.self).contains("/MediaBox [ 0 0 \(points)"))
    }
    let links = #/<a href="figures/[^"]*\.pdf">[^<]*</a>/#
    #expect(report.page.replacing(links, with: "") == usual.page)
  }

  @Test("One file has all pictures and tables and asks for nothing else")
  func singleFile() throws {
    let report = try RenderedReport(options: ReportOptions(includesTiming: true))
    let file = try renderSingleFile(of: report.directory)
    // Alone in a folder, so that nothing can be found beside it.
    let place = "\(report.scratch.path)/alone"
    try Disk.makeFolder(place)
    try FileManager.default.moveItem(atPath: file, toPath: "\(place)/mailed.html")
    let text = try String(contentsOfFile: "\(place)/mailed.html", encoding: .utf8)
    #expect(!text.contains("\"figures/") && !text.contains("\"data/"))
    let browser = try Browser()
    defer { browser.stop() }
    for width in [390, 1440] {
      try browser.emulate(width: width, scheme: "dark")
      try browser.open("file://\(place)/mailed.html")
      let found = try browser.evaluate(
        """
        const pictures = [...document.images];
        for (const picture of pictures) picture.loading = "eager";
        await Promise.all(pictures.map((p) => p.decode().catch(() => {})));
        const sheets = [...document.querySelectorAll("svg use")].map((use) => document.querySelector(use.getAttribute("href")));
        const asked = performance.getEntriesByType("resource").filter((entry) => !entry.name.startsWith("data:"));
        const csv = document.querySelector("a[download='scores.csv']");
        return [pictures.filter((p) => !p.naturalWidth).length, asked.length, sheets.filter((sheet) => !sheet).length,
                atob(csv.href.split(",")[1]).split("\\n").length];
        """)
      #expect(found as? [Int] == [0, 0, 0, 4])
    }
    #expect(try browser.consoleMessages() == [])
  }
}
