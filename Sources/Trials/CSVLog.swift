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

  /// Opens the file, or begins it with its header line.
  ///
  /// - Parameter length: bytes to keep of what is there; nil keeps all whole lines.
  init(path: String, keeping length: Int?) throws(ArtifactError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .init(.unwritable, path: path, detail: errnoText()) }
    let bytes = try readFileBytes(path)
    let header = Array(Record.headerLine.utf8)
    var kept = length ?? (bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
    if kept < header.count || kept > bytes.count || !bytes.starts(with: header) { kept = 0 }
    guard ftruncate(descriptor, off_t(kept)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw .init(.unwritable, path: path, detail: errnoText())
    }
    byteCount = kept
    if kept == 0 { pending = Record.headerLine }
    try flush()
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

/// The rows of a file up to the first that cannot be read; none when there is no such file.
///
/// After a power cut the end of a file that was not synced may be anything.
func wholeRows<Record: CSVRecord>(_ type: Record.Type, at path: String) -> [Record] {
  var rows: [Record] = []
  try? readCSV(type, at: path) { rows.append($0) }
  return rows
}
