// SPDX-License-Identifier: MIT

import Artifacts
import Glibc
import RunStore

/// A CSV file that grows at its end. Rows are kept in memory until `flush()`, so that the file
/// changes between updates only.
final class CSVLog<Record: CSVRecord> {
  private let path: String
  private let descriptor: Int32
  private var pending = ""
  /// The file's length once everything is flushed.
  private(set) var byteCount: Int

  /// Opens the file with the rows that are kept of it, in this version's columns, and nothing
  /// behind them; begins it where there is none.
  init(path: String, keeping rows: [Record]) throws {
    self.path = path
    let kept = Array((Record.headerLine + rows.map(\.line).joined()).utf8)
    // What an earlier version wrote with fewer columns is replaced as a whole.
    if try Disk.readIfPresent(path)?.starts(with: kept) != true {
      try AtomicFile.write(kept, to: path, durability: rows.isEmpty ? .renamed : .synced)
    }
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ArtifactError(.unwritable, path: path, detail: errnoText())
    }
    byteCount = kept.count
    guard ftruncate(descriptor, off_t(kept.count)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw ArtifactError(.unwritable, path: path, detail: errnoText())
    }
  }

  deinit { close(descriptor) }

  func append(_ record: Record) { pending += record.line }

  /// Hands all rows to the operating system.
  func flush() throws(ArtifactError) {
    var text = pending
    pending = ""
    var failure: ArtifactError?
    text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let written = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else {
          failure = .init(.unwritable, path: path, detail: errnoText())
          return
        }
        done += written
      }
      byteCount += done
    }
    if let failure { throw failure }
  }

  /// Flushes, and waits until the disk has it.
  func sync() throws(ArtifactError) {
    try flush()
    guard fsync(descriptor) == 0 else {
      throw .init(.unwritable, path: path, detail: errnoText())
    }
  }
}
