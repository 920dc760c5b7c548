// SPDX-License-Identifier: MIT

import FoundationEssentials
package import RunStore

/// A file by which a report differs from what its trials give now.
package struct ReportDifference: Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    case changed, missing, surplus
  }

  package let kind: Kind
  /// From the report's folder.
  package let file: String
  /// Of the first byte that differs, where it was changed.
  package let offset: Int?

  package var description: String {
    switch kind {
    case .changed: "\(file): differs from byte \(offset ?? 0) on"
    case .missing: "\(file): is not in the report, but would be rendered"
    case .surplus: "\(file): is in the report, but would not be rendered"
    }
  }

  /// - Parameters:
  ///   - fresh: the file as it would be rendered; nil where it would not.
  ///   - stored: the file in the report; nil where it is not there.
  /// - Returns: nil where they are equal.
  fileprivate init?(_ file: String, fresh: [UInt8]?, stored: [UInt8]?) {
    if fresh == stored { return nil }
    self.file = file
    kind = stored == nil ? .missing : fresh == nil ? .surplus : .changed
    guard let fresh, let stored else {
      offset = nil
      return
    }
    let place = zip(fresh, stored).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    offset = place ?? min(fresh.count, stored.count)
  }
}

/// Renders a run aside and compares it with the report in `directory`, byte by byte; the report
/// stays as it is.
///
/// - Returns: what differs, sorted by file; nothing where they are equal.
/// - Throws: `ReportError` when there is no report, or what rendering throws.
package func differences(
  from directory: String, of run: RunFolder, options: ReportOptions
) throws(ReportError) -> [ReportDifference] {
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
      ReportDifference(
        name, fresh: try Disk.readIfPresent("\(aside)/report/\(name)"),
        stored: try Disk.readIfPresent("\(directory)/\(name)"))
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
