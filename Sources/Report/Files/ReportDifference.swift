// SPDX-License-Identifier: MIT

import FoundationEssentials
package import RunStore

/// Renders a run aside and compares it with the report in `directory`, byte by byte; the report
/// stays as it is.
///
/// - Returns: what differs, a sentence for each file, sorted; nothing where they are equal.
/// - Throws: `ReportError` when there is no report, or what rendering throws.
package func differences(
  from directory: String, of run: RunFolder, options: ReportOptions
) throws(ReportError) -> [String] {
  try ReportError.catching {
    guard Disk.isPresent("\(directory)/index.html") else {
      throw ReportError(
        .unreadableRun, path: directory, detail: "there is no report to check; render it first")
    }
    let aside = FileManager.default.temporaryDirectory
      .appending(path: "rallybook-check-\(UUID().uuidString)").path(percentEncoded: false)
    try Disk.makeFolder(aside)
    defer { try? Disk.remove(aside) }
    _ = try renderReport(of: run, to: "\(aside)/report", options: options)
    let names = Set(try files(in: "\(aside)/report") + files(in: directory))
    return try names.sorted().compactMap { name in
      let fresh = try Disk.readIfPresent("\(aside)/report/\(name)")
      let stored = try Disk.readIfPresent("\(directory)/\(name)")
      if fresh == stored { return nil }
      guard let fresh else { return "\(name): is in the report, but would not be rendered" }
      guard let stored else { return "\(name): is not in the report, but would be rendered" }
      let same = zip(fresh, stored).lazy.prefix { $0 == $1 }.count
      return "\(name): differs from byte \(same) on"
    }
  }
}

/// Paths of all files below a folder, from it.
private func files(in directory: String) throws -> [String] {
  do {
    return try FileManager.default.subpathsOfDirectory(atPath: directory).filter {
      !Disk.isFolder("\(directory)/\($0)")
    }
  } catch {
    throw ReportError(.unreadableRun, path: directory, detail: "\(error)")
  }
}
