// SPDX-License-Identifier: MIT

import FoundationEssentials
package import RunStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
}

/// Renders a run aside and compares it with the report in `directory`, byte by byte; the report
/// stays as it is.
///
/// - Returns: what differs, sorted by file; nothing where they are equal.
/// - Throws: `ReportError` when there is no report, or what rendering throws.
package func differences(
  from directory: String, of run: RunFolder, options: ReportOptions
) throws(ReportError) -> [ReportDifference] {
  guard Disk.isPresent("\(directory)/index.html") else {
    throw ReportError(
      .unreadableRun, path: directory, detail: "there is no report to check; render it first")
  }
  var pattern = Array("\(TemporaryFolder.path)/rallybook-check-XXXXXX".utf8CString)
  guard let made = mkdtemp(&pattern) else {
    throw ReportError(.unwritable, path: TemporaryFolder.path, detail: "no temporary folder")
  }
  let aside = String(cString: made)
  defer { try? FileManager.default.removeItem(atPath: aside) }
  _ = try renderReport(of: run, to: "\(aside)/report", options: options)
  let (fresh, stored) = (try files(in: "\(aside)/report"), try files(in: directory))
  do throws(RunStoreError) {
    var found: [ReportDifference] = []
    for name in fresh.union(stored).sorted() {
      guard stored.contains(name) else {
        found.append(ReportDifference(kind: .missing, file: name, offset: nil))
        continue
      }
      guard fresh.contains(name) else {
        found.append(ReportDifference(kind: .surplus, file: name, offset: nil))
        continue
      }
      let (a, b) = (try Disk.read("\(aside)/report/\(name)"), try Disk.read("\(directory)/\(name)"))
      if a != b {
        let place = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        found.append(
          ReportDifference(kind: .changed, file: name, offset: place ?? min(a.count, b.count)))
      }
    }
    return found
  } catch {
    throw ReportError(error)
  }
}

/// Paths of all files below a folder, from it.
private func files(in directory: String) throws(ReportError) -> Set<String> {
  do {
    return Set(
      try FileManager.default.subpathsOfDirectory(atPath: directory).filter {
        !Disk.isFolder("\(directory)/\($0)")
      })
  } catch {
    throw ReportError(.unreadableRun, path: directory, detail: "\(error)")
  }
}

/// Where things that go again are put.
private enum TemporaryFolder {
  static var path: String {
    FileManager.default.temporaryDirectory.path(percentEncoded: false).trimmingSlash
  }
}

extension String {
  /// Without a slash at the end.
  fileprivate var trimmingSlash: String {
    count > 1 && hasSuffix("/") ? String(dropLast()) : self
  }
}
