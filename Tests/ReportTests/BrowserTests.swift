// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import Report
import TestSupport
import Testing

/// The page in Debian's Chromium, driven over plain WebDriver.
@Suite("In Chromium", .serialized) struct BrowserTests {
  @Test(
    "The page loads without a message on the console, all pictures are there, tables sort and the game plays"
  )
  func page() throws {
    let report = try RenderedReport(options: ReportOptions(includesTiming: true))
    let browser = try Browser()
    defer { browser.stop() }
    for (width, scheme) in [(360, "dark"), (800, "light"), (1440, "dark"), (1440, "light")] {
      try browser.emulate(width: width, scheme: scheme)
      try browser.open("file://\(report.directory)/index.html")
      let broken = try browser.evaluate(
        """
        const pictures = [...document.images];
        await Promise.all(pictures.map((p) => p.decode().catch(() => {})));
        return pictures.filter((p) => !p.naturalWidth).map((p) => p.currentSrc).join(" ");
        """)
      #expect(broken as? String == "", "\(width) px, \(scheme)")
      let overflow = try browser.evaluate(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
      #expect((overflow as? Int) == 0, "\(width) px: the page scrolls sideways")
      let loaded = try browser.evaluate(
        "return performance.getEntriesByType('resource').filter((e) => !e.name.startsWith('file:') && !e.name.startsWith('data:')).length"
      )
      #expect(loaded as? Int == 0)
    }
    let sorted = try browser.evaluate(
      """
      const table = document.querySelector("#scores table");
      const first = () => table.tBodies[0].rows[0].cells[0].textContent.trim();
      const before = first();
      table.tHead.rows[0].cells[2].querySelector("button").click();
      return [before, first(), table.tHead.rows[0].cells[2].getAttribute("aria-sort")];
      """)
    #expect(sorted as? [String] == ["normalize episode", "normalize none", "ascending"])
    try checkFilters(browser)
    try checkGame(browser)
    try checkTables(browser)
    let pages = try browser.printedPages()
    #expect(pages.count > 3, "the page prints on \(pages.count) sheets")
    for width in pages { #expect(abs(width - 595) < 2, "a printed sheet is \(width) points wide") }
    let messages = try browser.consoleMessages()
    #expect(messages.isEmpty, "\(messages)")
  }

  /// The slider changes the picture, the choices change the order, and a unit's numbers are said.
  private func checkFilters(_ browser: Browser) throws {
    let found = try browser.evaluate(
      """
      const canvas = document.getElementById("filter-canvas");
      const slider = document.getElementById("filter-stop");
      const caption = document.getElementById("filter-caption");
      const late = caption.textContent;
      slider.value = 0;
      slider.dispatchEvent(new Event("input"));
      const early = caption.textContent;
      document.querySelector("input[name=filter-choice][value=index]").click();
      canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
      const first = document.getElementById("filter-reading").textContent;
      canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
      const tenth = document.getElementById("filter-reading").textContent;
      document.querySelector("input[name=filter-choice][value=norm]").click();
      return [late.slice(0, 18), early.slice(0, 16), slider.disabled ? "off" : "on",
              first.slice(0, 7), tenth.slice(0, 7), canvas.width + "×" + canvas.height];
      """)
    #expect(
      found as? [String] == [
        "After 600 episodes", "Before training:", "on", "Unit 0:", "Unit 8:", "654×408",
      ])
  }

  /// Words leave only the rows that hold them; a link opens the tab that its figure is in.
  private func checkTables(_ browser: Browser) throws {
    let found = try browser.evaluate(
      """
      const table = document.querySelector("#trials table");
      const box = document.querySelector("#trials .filter input");
      box.value = "none finished";
      box.dispatchEvent(new Event("input"));
      const shown = [...table.tBodies[0].rows].filter((row) => !row.hidden).length;
      const said = document.querySelector("#trials .filter output").textContent;
      box.value = "";
      box.dispatchEvent(new Event("input"));
      location.hash = "#figure-curves-decisions";
      await new Promise((r) => addEventListener("hashchange", () => setTimeout(r, 0), { once: true }));
      const figure = document.getElementById("figure-curves-decisions");
      return [String(shown), said, figure.checkVisibility() ? "seen" : "hidden"];
      """)
    #expect(found as? [String] == ["3", "3 of 6", "seen"])
  }

  /// The last frame, read back from the picture, is that of the stored game.
  private func checkGame(_ browser: Browser) throws {
    let replay = SyntheticRun.replay(checkpoint: 600, trace: nil)
    let last = try #require(replay.frames.last)
    let shown = try browser.evaluate(
      """
      const games = [...document.querySelectorAll("input[name=game]")];
      games[0].click();
      if (!document.getElementById("game-sentence").textContent.includes("before training")) return "no first game";
      games[games.length - 1].click();
      const bar = document.getElementById("scrubber");
      bar.value = bar.max;
      bar.dispatchEvent(new Event("input"));
      const picture = document.getElementById("game").getContext("2d").getImageData(0, 0, 160, 210).data;
      const pixel = (x, y) => [...picture.slice(4 * (160 * y + x), 4 * (160 * y + x) + 3)].join();
      return [document.getElementById("score").textContent,
              pixel(\(Int(last.ballX) - 49), \(Int(last.ballY) - 13)),
              pixel(17, \(Int(last.robotY) - 3)), pixel(141, \(Int(last.playerY) - 6))];
      """)
    #expect(
      shown as? [String] == [
        "\(last.computerScore) : \(last.playerScore)", "236,236,236", "213,130,74", "92,186,92",
      ])
    let position = try browser.evaluate(
      """
      const bar = document.getElementById("scrubber");
      document.getElementById("game").focus();
      document.getElementById("game").dispatchEvent(new KeyboardEvent("keydown", { key: "Home", bubbles: true }));
      const start = Number(bar.value);
      document.getElementById("play").click();
      for (let i = 0; i < 200 && Number(bar.value) < 12; i++) await new Promise((r) => requestAnimationFrame(r));
      const moved = Number(bar.value);
      document.getElementById("play").click();
      return [start, moved >= 12 ? 1 : 0, document.querySelectorAll(".unit.lit").length > 0 ? 1 : 0];
      """)
    #expect(position as? [Int] == [0, 1, 1])
  }
}
