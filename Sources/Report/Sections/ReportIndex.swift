// SPDX-License-Identifier: MIT

import Diagnostics
import FoundationEssentials
import RunStore

/// Writes `index.html` into the folder of all reports: what each asks and answers, read from the
/// reports themselves.
///
/// Writes nothing where the folder has an `index.html` that is not ours.
///
/// - Returns: the page's path, or nil where nothing was written.
@discardableResult
package func renderIndex(of reports: String) throws(ReportError) -> String? {
  try ReportError.catching {
    guard Disk.isFolder(reports) else { return nil }
    let place = "\(reports)/index.html"
    if let old = try Disk.readIfPresent(place), !Page.isOurs(old) { return nil }
    let names = try Disk.names(in: reports).sorted().filter { !$0.hasPrefix(".") }
    var entries: [HTML] = []
    for name in names {
      // Its curves, small.
      let picture = ["episodes", "decisions"].map { "figures/curves-\($0)-narrow.svg" }
        .first { Disk.isPresent("\(reports)/\(name)/\($0)") }
      if let page = try Disk.readIfPresent("\(reports)/\(name)/index.html"), Page.isOurs(page),
        let entry = entry(name, of: page, picture: picture)
      {
        entries.append(entry)
      }
    }
    let lead =
      entries.isEmpty
      ? "There are no reports yet: rallybook run makes the first."
      : "\(Numbers.count(entries.count, "report")), each a folder that needs nothing but a browser."
    let page = Page(
      title: "Reports", eyebrow: "Rallybook", lead: "<p class=\"status\">\(lead)</p>\n",
      main: "<ul class=\"index\">\n\(entries.html { $0 })</ul>\n", script: Page.coverScript)
    try AtomicFile.write(Array(page.text.utf8), to: place, durability: .renamed)
    return place
  }
}

/// The answer of the report in a folder, as on its first screen; nil where there is none.
package func answer(ofReportIn folder: String) -> String? {
  guard let page = (try? Disk.readIfPresent("\(folder)/index.html")) ?? nil, Page.isOurs(page)
  else {
    return nil
  }
  return contents(of: page)("description")
}

/// What a page says of itself in the `meta` elements of its head, by name.
private func contents(of page: [UInt8]) -> (String) -> String? {
  // The head with its style sheet, in which no `meta` follows.
  let head = String(decoding: page.prefix(16_384), as: UTF8.self)
  return { key in
    guard let start = head.firstRange(of: "<meta name=\"\(key)\" content=\""),
      let end = head[start.upperBound...].firstIndex(of: "\"")
    else { return nil }
    return HTML.plain(String(head[start.upperBound..<end]))
  }
}

/// The report's place in the list; nil for other pages of ours.
private func entry(_ name: String, of page: [UInt8], picture: String?) -> HTML? {
  let content = contents(of: page)
  guard let title = content("rallybook-title"), let headline = content("description"),
    let state = content("rallybook-state")
  else { return nil }
  let known = ["Finished": "finished", "Running": "running", "Incomplete": "stopped"]
  let tags = content("rallybook-tags").map { "<span class=\"tags\">\($0)</span>" as HTML }
  let author = content("rallybook-author").map { "by \($0) " as HTML }
  let day = content("rallybook-day")
  let image = picture.map {
    "<img class=\"thumbnail\" src=\"\(name)/\($0)\" alt=\"\" loading=\"lazy\">\n" as HTML
  }
  return """
    <li data-name="\(name)" data-day="\(day ?? "")">
    <div>
    <h2><a href="\(name)/index.html">\(title)</a></h2>
    <p class="index-headline">\(headline)</p>
    <p class="fine"><span class="state \(known[state] ?? "waiting")">\(state)</span> \
    \(content("rallybook-verdicts").map { "<span>\($0)</span> " as HTML })<code>\(name)</code> \
    \(author)\(day.map { "<time>\($0)</time> " as HTML })\(tags)</p>
    </div>
    \(image)</li>

    """
}
