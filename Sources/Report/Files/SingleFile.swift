// SPDX-License-Identifier: MIT

import FoundationEssentials
import RunStore

/// Writes a report as one file that holds all that its folder has: pictures where they stand, tables
/// behind their links. Links to pictures, to take elsewhere, are left out.
///
/// - Parameter directory: the report.
/// - Returns: the file's path, `DIRECTORY.html`.
package func renderSingleFile(of directory: String) throws(ReportError) -> String {
  try ReportError.catching {
    let page = String(decoding: try Disk.read("\(directory)/index.html"), as: UTF8.self)
    var sheets: [Substring: Int] = [:]
    var definitions = ""
    let files = #/(<image href|<a href| src| srcset)="((?:figures|data)/[^"]+)"([^>]*></image>)?/#
    let text = try page.replacing(files) { match in
      let (start, path, end) = (match.1, match.2, match.3 ?? "")
      if start == "<a href", path.hasPrefix("figures") { return "<a hidden" }
      let known = sheets[match.0]
      if let known { return "<use href=\"#sheet-\(known)\"></use>" }
      let address = "\(start)=\"\(try embedded(path, of: directory))\""
      if start == "<a href" { return "\(address) download=\"\(path.dropFirst("data/".count))\"" }
      guard start == "<image href" else { return address }
      // A sheet of pictures stands in the page once, where no script takes it away.
      let number = sheets.count
      sheets[match.0] = number
      definitions += "\(address) id=\"sheet-\(number)\"\(end)\n"
      return "<use href=\"#sheet-\(number)\"></use>"
    }
    // What scripts draw from is named in JSON within an attribute.
    .replacing(#/&quot;(figures/[^&]+)&quot;/#) { match in
      "&quot;\(try embedded(match.1, of: directory))&quot;"
    }
    .replacing(
      "</body>",
      with: "<svg class=\"visually-hidden\" aria-hidden=\"true\">\n\(definitions)</svg>\n</body>"
    )
    .replacing("<a href=\"../index.html\">All reports</a>", with: "Rallybook report")
    let place = "\(directory).html"
    try AtomicFile.write(Array(text.utf8), to: place, durability: .renamed)
    return place
  }
}

/// A file of a report as an address that holds it.
private func embedded(_ path: Substring, of directory: String) throws -> String {
  let kinds = ["svg": "image/svg+xml", "png": "image/png", "csv": "text/csv"]
  let kind = kinds[String(path.suffix(3))] ?? "application/octet-stream"
  return "data:\(kind);base64,"
    + Data(try Disk.read("\(directory)/\(path)")).base64EncodedString()
}
