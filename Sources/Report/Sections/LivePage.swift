// SPDX-License-Identifier: MIT

/// The page that shows what is at work: it asks for `live.json` beside it again and again.
package func livePage() -> String {
  Page(
    title: "At work",
    eyebrow: "<a href=\"reports/\">All reports</a> <span class=\"slash\">/</span> now",
    lead: "<p class=\"status\" id=\"connection\" role=\"status\"></p>\n",
    main: """
      <div id="live"></div>
      <noscript><p>This page needs its script; rallybook watch shows the same on a terminal.</p></noscript>

      """,
    style: Page.liveStyle, script: Page.liveScript, asks: true
  ).text
}
