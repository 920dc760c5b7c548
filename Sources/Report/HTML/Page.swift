// SPDX-License-Identifier: MIT

import Digest
import FoundationEssentials
import Plotting

/// A section of a page: its anchor and heading, for the contents, and all of it.
struct Section {
  let id: String
  let heading: String
  let html: HTML

  init(_ id: String, _ heading: String, _ body: HTML) {
    self.id = id
    self.heading = heading
    html = "<section id=\"\(id)\">\n<h2>\(heading)</h2>\n\(body)</section>\n"
  }
}

/// What a page says of itself for the list of all reports.
struct Listing {
  let state: String
  let headline: String
  /// Such as `1 supported, 2 undecided`; empty without claims.
  var verdicts = ""
  var tags: [String] = []
  /// Empty where none is named.
  var author = ""
  /// The day on which the last trial ended, `2026-11-24`; nil where that is not known.
  var day: String?
}

/// What every page of ours has around its own content.
struct Page {
  var title: String
  /// Behind the mark, above the title.
  var eyebrow: HTML
  /// nil for a page that is not listed.
  var listed: Listing?
  /// Under the title.
  var lead: HTML
  /// Between the head of the page and its sections.
  var contents: HTML = ""
  var main: HTML
  /// Behind the sheet of all pages.
  var style = ""
  /// Empty for a page that does nothing.
  var script = ""
  /// Whether the script asks the server that the page comes from.
  var asks = false

  static var tableScript: String { text(PackageResources.page_js) }
  static var exploreScript: String { text(PackageResources.explore_js) }
  static var coverScript: String { text(PackageResources.cover_js) }
  static var filterScript: String { text(PackageResources.filters_js) }
  static var replayScript: String { text(PackageResources.replay_js) }
  static var arenaStyle: String { text(PackageResources.arena_css) }
  static var liveStyle: String { text(PackageResources.live_css) }
  static var liveScript: String { text(PackageResources.live_js) }
  static var arenaScript: String {
    text(PackageResources.pong_js + PackageResources.network_js + PackageResources.arena_js)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// The page's text.
  var text: String {
    let style = Self.text(PackageResources.style_css) + self.style + Self.colours
    let (before, end) = ("<script>" as HTML, "</script>\n" as HTML)
    let page: HTML = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy(style, script, asks: asks))">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="Rallybook">
      \(listing)<title>\(title) · Rallybook</title>
      <link rel="icon" href="\(Self.icon)">
      <style>\(HTML(markup: style))</style>
      </head>
      <body>
      \(skip, if: listed != nil)<div class="sheet">
      <header class="masthead">
      <p class="eyebrow"><span class="mark" aria-hidden="true"><i></i></span>\(eyebrow)</p>
      <h1>\(title)</h1>
      \(lead)</header>
      \(contents)<main>
      \(main)</main>
      </div>
      \("\(before)\(HTML(markup: script))\(end)", if: !script.isEmpty)</body>
      </html>

      """
    return page.text
  }

  private var skip: HTML { "<a class=\"skip\" href=\"#answer\">Skip to the answer</a>\n" }

  private var listing: HTML? {
    listed.map { listed in
      [
        ("rallybook-title", title), ("rallybook-state", listed.state),
        ("description", listed.headline), ("rallybook-verdicts", listed.verdicts),
        ("rallybook-tags", listed.tags.joined(separator: ", ")),
        ("rallybook-author", listed.author), ("rallybook-day", listed.day ?? ""),
      ].filter { !$0.1.isEmpty }.html { "<meta name=\"\($0)\" content=\"\($1)\">\n" }
    }
  }

  /// Whether a file says that it is a page of ours.
  static func isOurs(_ page: [UInt8]) -> Bool {
    String(decoding: page.prefix(4_096), as: UTF8.self).contains("content=\"Rallybook\"")
  }

  /// A small court, within the page.
  private static let icon =
    "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2016%2016'%3E"
    + "%3Crect%20width='16'%20height='16'%20rx='3'%20fill='%23904811'/%3E"
    + "%3Crect%20x='2'%20y='3'%20width='2'%20height='6'%20fill='%23d5824a'/%3E"
    + "%3Crect%20x='12'%20y='7'%20width='2'%20height='6'%20fill='%235cba5c'/%3E"
    + "%3Crect%20x='7'%20y='6'%20width='2'%20height='3'%20fill='%23ececec'/%3E%3C/svg%3E"

  /// The colours that figures give to variants, and those of their sheets, for the page.
  private static var colours: String {
    func block(_ theme: Theme) -> String {
      let variables = [
        ("paper", theme.background), ("raised", theme.surface), ("ink", theme.ink),
        ("soft", theme.mutedInk), ("line", theme.grid), ("strong-line", theme.axis),
      ]
      let series = theme.categorical.enumerated().map { ".s\($0){--c:\($1.css)}" }.joined()
      return ":root{" + variables.map { "--\($0.0):\($0.1.css)" }.joined(separator: ";") + "}"
        + series
    }
    return block(.light) + "@media screen and (prefers-color-scheme:dark){\(block(.dark))}"
      + "@media print{:root{--paper:#FFFFFF}}\n"
  }

  /// Nothing from elsewhere, and only the style and the script that are in the page.
  private static func policy(_ style: String, _ script: String, asks: Bool) -> String {
    let hashes = [style, script].map { text in
      var hash = SHA256()
      hash.update(text.utf8)
      return Data(hash.finalize()).base64EncodedString()
    }
    let from = asks ? " connect-src 'self';" : ""
    return "default-src 'none';\(from) img-src 'self' file: data:; style-src 'sha256-\(hashes[0])';"
      + " script-src 'sha256-\(hashes[1])'; base-uri 'none'; form-action 'none'"
  }
}

/// The attributes of what belongs to a variant: the class of its colour, and the number of its style,
/// by which the page finds what else belongs to it.
func seriesMark(_ style: Int, _ other: HTML? = nil) -> HTML {
  let color = style % max(1, Theme.light.categorical.count)
  return "class=\"\(other.map { "\($0) " })s\(color)\" data-series=\"\(style)\""
}
