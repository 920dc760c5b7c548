// SPDX-License-Identifier: MIT

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
  do throws(RunStoreError) {
    guard Disk.isFolder(reports) else { return nil }
    let place = "\(reports)/index.html"
    if let old = try Disk.readIfPresent(place), !isOurs(old) { return nil }
    let entries = try indexEntries(in: reports)
    let text: String
    do throws(ReportError) {
      text = try IndexPage(entries).finished()
    } catch {
      throw RunStoreError(.unwritable, path: place, found: "\(error)")
    }
    try AtomicFile.write(Array(text.utf8), to: place, durability: .renamed)
    return place
  } catch {
    throw ReportError(error)
  }
}

/// What the list shows: for tests that hold the template against it.
package func indexPage(of reports: String) throws -> Any {
  IndexPage(try indexEntries(in: reports))
}

private func indexEntries(in reports: String) throws(RunStoreError) -> [IndexPage.Entry] {
  var entries: [IndexPage.Entry] = []
  for name in try Disk.names(in: reports).sorted() where !name.hasPrefix(".") {
    if let page = try Disk.readIfPresent("\(reports)/\(name)/index.html"), isOurs(page),
      let entry = IndexPage.Entry(name: name, page: page)
    {
      entries.append(entry)
    }
  }
  return entries
}

private func isOurs(_ page: [UInt8]) -> Bool {
  String(decoding: page.prefix(4_096), as: UTF8.self).contains("content=\"Rallybook\"")
}

extension IndexPage {
  init(_ entries: [Entry]) {
    self.init(lead: Wording.indexLead(entries.count), entries: entries)
    styleSheet = PageTemplates.styleSheet + ReportPage.colours()
    securityPolicy = ReportPage.policy(style: styleSheet, script: "")
    icon = ReportPage.icon
  }

  func finished() throws(ReportError) -> String { try PageTemplates.rendered(self, "index") }
}

extension IndexPage.Entry {
  /// What a report says of itself in the `meta` elements of its head; nil for other pages of ours.
  init?(name: String, page: [UInt8]) {
    // The head with its style sheet, in which no `meta` follows.
    let head = String(decoding: page.prefix(16_384), as: UTF8.self)
    func content(_ key: String) -> String? {
      guard let start = head.firstRange(of: "<meta name=\"\(key)\" content=\""),
        let end = head[start.upperBound...].firstIndex(of: "\"")
      else { return nil }
      return HTMLText.plain(String(head[start.upperBound..<end]))
    }
    guard let title = content("rallybook-title"), let headline = content("description"),
      let state = content("rallybook-state")
    else { return nil }
    let known = ["Finished": "finished", "Running": "running", "Incomplete": "stopped"]
    self.init(
      name: name, title: title, headline: headline, state: state,
      stateClass: known[state] ?? "waiting")
  }
}
