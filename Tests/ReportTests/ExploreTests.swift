// SPDX-License-Identifier: MIT

import Diagnostics
import Foundation
import Report
import TestSupport
import Testing

/// The learning curves in Debian's Chromium, held against the CSV beside them.
@Suite("Curves that one explores", .serialized) struct ExploreTests {
  private static let figure = "figure-curves-episodes"

  private let report: RenderedReport
  private let browser: Browser
  /// Columns of `curves-episodes.csv` by head.
  private let columns: [String: [Double]]

  init() throws {
    report = try RenderedReport(options: ReportOptions(includesTiming: true))
    browser = try Browser()
    let lines = try report.text("data/curves-episodes.csv").split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    columns = Dictionary(
      uniqueKeysWithValues: lines[0].enumerated().map { place, head in
        (head, lines.dropFirst().map { Double($0[place]) ?? .nan })
      })
    try browser.emulate(width: 1440, scheme: "light")
  }

  private var episodes: [Double] { columns["episodes"] ?? [] }
  private var means: [Double] { columns["normalize episode: mean of 3 seeds"] ?? [] }

  private func open(_ fragment: String = "") throws {
    // The page itself, not another fragment of it.
    try browser.open("about:blank")
    try browser.open("file://\(report.directory)/index.html\(fragment)")
  }

  /// Runs `body` with what tests do to a chart and read from it.
  private func run(_ body: String) throws -> [String] {
    let found = try browser.evaluate(
      """
      const figure = [...document.querySelectorAll(".panel .figure")].find((one) => one.offsetParent);
      figure.scrollIntoView({ block: "center", behavior: "instant" });
      const plot = figure.querySelector(".explore > svg");
      const { size, places } = JSON.parse(figure.querySelector("[data-chart]").dataset.chart).layouts[0];
      const edges = () => plot.getBoundingClientRect();
      const client = (x, y) => {
        const [left, top, width, height] = places.plot;
        return {
          clientX: edges().left + (left + (x - places.x[0]) / (places.x[1] - places.x[0]) * width) * edges().width / size[0],
          clientY: edges().top + (top + height * (1 - (y - places.y[0]) / (places.y[1] - places.y[0]))) * edges().height / size[1],
        };
      };
      const send = (kind, x, y, more = {}) =>
        plot.dispatchEvent(new PointerEvent(kind, { ...client(x, y), bubbles: true, cancelable: true, pointerId: 1, pointerType: "mouse", ...more }));
      const name = (key) => figure.querySelector(`.series-name[data-series="${key}"]`);
      const value = (key) => figure.querySelector(`.reading [data-of="${key}"] b`)?.textContent ?? "none";
      const path = (key) => plot.querySelector(`.mean[data-series="${key}"]`)?.getAttribute("d") ?? "none";
      const drawn = () => String(plot.querySelectorAll(".drawn > *").length > 0);
      \(body)
      """)
    return try #require(found as? [String], "\(found)")
  }

  @Test("The pointer and the arrow keys read what the CSV has there, in the figure's own format")
  func values() throws {
    defer { browser.stop() }
    try open()
    for place in [episodes.count / 3, episodes.count - 2] {
      let found = try run(
        """
        send("pointermove", \(episodes[place]) + 0.2, places.y[0]);
        return [value(0), figure.querySelector(".reading .at").textContent, drawn()];
        """)
      let decimals = found[0].split(separator: ".").last?.count ?? 0
      #expect(
        found == [
          Numbers.fixed(means[place], decimals: decimals),
          "training episode \(Numbers.whole(Int(episodes[place])))", "false",
        ], "at \(episodes[place])")
      #expect(decimals > 0)
    }
    let keys = try run(
      """
      name(0).focus();
      const press = (key) => name(0).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      press("Home");
      press("ArrowRight");
      const second = figure.querySelector(".reading .at").textContent;
      press("End");
      return [second, value(0)];
      """)
    let last = try #require(means.last)
    #expect(keys[0] == "training episode \(Numbers.whole(Int(episodes[1])))")
    #expect(keys[1] == Numbers.fixed(last, decimals: keys[1].split(separator: ".")[1].count))
    #expect(try browser.consoleMessages() == [])
  }

  @Test("A name hides its series in curve, score dots and table; Shift leaves it alone")
  func series() throws {
    defer { browser.stop() }
    try open()
    let found = try run(
      """
      const dot = (key) => getComputedStyle(document.querySelector(`.forest-row[data-series="${key}"] .mean`)).visibility;
      const row = (key) => String(document.querySelector(`#scores tr[data-series="${key}"]`).classList.contains("off"));
      const state = () => [path(0) === "none" ? "gone" : "there", path(1) === "none" ? "gone" : "there", dot(0), dot(1), row(0), name(0).getAttribute("aria-pressed")].join(" ");
      name(0).click();
      const hidden = state();
      name(0).click();
      name(1).dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }));
      const only = state();
      name(1).dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }));
      return [hidden, only, drawn(), name(0).getAttribute("aria-pressed"), location.hash];
      """)
    let hidden = "gone there hidden visible true false"
    #expect(found == [hidden, hidden, "false", "true", "#\(Self.figure)"])
  }

  @Test("What is hovered in the table is marked in the scores, and others fade in the curves")
  func links() throws {
    defer { browser.stop() }
    try open()
    let found = try run(
      """
      document.querySelector('#scores tr[data-series="1"] td').dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
      const marked = [...document.querySelectorAll(".forest-row.lit")].map((row) => row.dataset.series).join();
      const faint = [...plot.querySelectorAll(".mean.faint")].map((line) => line.dataset.series).join();
      document.body.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
      send("pointermove", \(episodes[episodes.count - 5]), \(means[means.count - 5]));
      return [marked, faint, [...document.querySelectorAll("#scores tr.lit")].map((row) => row.dataset.series).join()];
      """)
    #expect(found == ["1", "0", "0"])
  }

  @Test("A drag shows the range it covers, and a double click the whole again")
  func zoom() throws {
    defer { browser.stop() }
    try open()
    let (first, last) = (episodes[60], episodes[120])
    let found = try run(
      """
      const middle = (places.y[0] + places.y[1]) / 2;
      send("pointerdown", \(first), middle);
      send("pointermove", \(last), middle);
      send("pointerup", \(last), middle);
      const range = location.hash;
      const points = path(0).slice(1).split(/[ML]/).map((point) => parseFloat(point));
      const [left, , width] = places.plot;
      const seen = points.filter((x) => x > left - 1 && x < left + width + 1).length;
      send("pointermove", places.x[0], middle);
      const start = figure.querySelector(".reading .at").textContent;
      send("dblclick", \(first), middle);
      return [range, String(seen), start, location.hash, drawn()];
      """)
    let ends = try #require(found[0].split(separator: "x=").last?.split(separator: "&").first)
      .split(separator: ":").compactMap { Double($0) }
    let pixel = (episodes.last ?? 1) / 800
    try #require(ends.count == 2, "\(found[0])")
    #expect(abs(ends[0] - first) < pixel && abs(ends[1] - last) < pixel, "\(ends)")
    // Every row of the CSV from the first to the last, and no other.
    #expect(abs((Int(found[1]) ?? 0) - 61) <= 1)
    // The pointer may have let go a part of a pixel behind the first row.
    #expect(
      [first, episodes[61]].contains { found[2] == "training episode \(Int($0))" }, "\(found)")
    #expect(found[3...] == ["#\(Self.figure)", "false"])
  }

  @Test("Smoothing is the debiased exponential mean, and the raw line stays")
  func smoothing() throws {
    defer { browser.stop() }
    try open("#\(Self.figure)&smooth=0.85")
    let found = try run(
      """
      const [, top, , height] = places.plot;
      const heights = path(0).slice(1).split(/[ML]/).map((point) => parseFloat(point.split(" ")[1]));
      const values = heights.map((y) => places.y[0] + (top + height - y) / height * (places.y[1] - places.y[0]));
      return [values.join(), String(plot.querySelectorAll(".raw").length), figure.querySelector(".smoothing").value];
      """)
    let known = means.filter(\.isFinite)
    // The slow formula: every weight by itself.
    let expected = known.indices.map { end in
      let weights = (0...end).map { 0.15 * pow(0.85, Double(end - $0)) }
      let sum = zip(weights, known).reduce(0) { $0 + $1.0 * $1.1 }
      return sum / (1 - pow(0.85, Double(end + 1)))
    }
    let values = found[0].split(separator: ",").compactMap { Double($0) }
    #expect(values.count == expected.count)
    // Within half a pixel of a plot of some 400.
    for (value, other) in zip(values, expected) { #expect(abs(value - other) < 0.02) }
    #expect(found[1...] == ["2", "0.85"])
  }

  @Test("A fragment brings back axis, series, smoothing and range")
  func fragment() throws {
    defer { browser.stop() }
    let fragment = "#figure-curves-decisions&off=1&smooth=0.60&x=100000:400000&y=-20:-5"
    try open(fragment)
    let found = try run(
      """
      const before = location.hash;
      const tick = [...plot.querySelectorAll("text.tick")].map((text) => text.textContent);
      const state = [figure.id, path(1), figure.querySelector(".smoothing").value, tick[0], tick[tick.length - 1]];
      figure.querySelector("[aria-label='Show the whole chart']").click();
      return [before, ...state, location.hash];
      """)
    #expect(found[0] == fragment)
    #expect(found[1...4] == ["figure-curves-decisions", "none", "0.6", "−20"])
    #expect(found[5] == "400,000")
    #expect(found[6] == "#figure-curves-decisions&off=1&smooth=0.60")
  }

  @Test("What the script draws lies on what the figure beneath has, to a sixth of a pixel")
  func samePixels() throws {
    defer { browser.stop() }
    try open("#\(Self.figure)&off=1")
    let found = try run(
      "return [path(0), [...plot.querySelectorAll('.run')].map((run) => run.getAttribute('d')).join(';')]"
    )
    let figure = try report.text("figures/curves-episodes.svg").components(separatedBy: " d=\"")
      .dropFirst().map { points(of: String($0.prefix { $0 != "\"" })) }
    let paths = [found[0]] + found[1].components(separatedBy: ";")
    #expect(paths.count == 4)
    for path in paths {
      let drawn = points(of: path)
      #expect(drawn.count > 100)
      let isThere = figure.contains { known in
        known.count == drawn.count
          && zip(known, drawn).allSatisfy { abs($0.0 - $1.0) < 0.16 && abs($0.1 - $1.1) < 0.16 }
      }
      #expect(isThere, "\(path.prefix(80))")
    }
  }

  @Test("On paper the figure stands alone")
  func paper() throws {
    defer { browser.stop() }
    try open("#\(Self.figure)&off=0&smooth=0.9")
    try browser.emulate(media: "print")
    let found = try browser.evaluate(
      """
      const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility()).length;
      return [shown(".explore > svg"), shown(".reading"), shown(".series-name"), shown(".explore-tools"), shown(".panel .explore img")];
      """)
    #expect(found as? [Int] == [0, 0, 0, 0, 3])
  }

  /// Corners of path data that begins with a move and goes on by lines.
  private func points(of data: String) -> [(Double, Double)] {
    var points: [(Double, Double)] = []
    var command: Character = "M"
    var numbers: [Double] = []
    var digits = ""
    func close() {
      if let number = Double(digits) { numbers.append(number) }
      digits = ""
      let here = points.last ?? (0, 0)
      switch (command, numbers.count) {
      case ("M", 2), ("L", 2): points.append((numbers[0], numbers[1]))
      case ("l", 2): points.append((here.0 + numbers[0], here.1 + numbers[1]))
      case ("h", 1): if numbers[0] != 0 { points.append((here.0 + numbers[0], here.1)) }
      case ("v", 1): points.append((here.0, here.1 + numbers[0]))
      default: return
      }
      numbers = []
    }
    for character in data {
      if character.isLetter {
        close()
        (command, numbers) = (character, [])
      } else if character == " " || character == "-" || character == "." && digits.contains(".") {
        close()
        digits = character == " " ? "" : String(character)
      } else {
        digits.append(character)
      }
    }
    close()
    return points
  }
}
