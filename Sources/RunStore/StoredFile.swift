// SPDX-License-Identifier: MIT

import ExperimentSpec
import FoundationEssentials
import Glibc
import ParameterSchema

/// Files that are either wholly old or wholly new, whenever the machine stops.
package enum AtomicFile {
  /// Whether bytes are on the disk when `write` returns.
  package enum Durability: Sendable {
    /// The file and its folder are synced: it survives a power cut.
    case synced
    /// Only renamed: it survives the end of the process; for records that are soon replaced.
    case renamed
  }

  private static let temporaryMark = ".partial-"

  /// Replaces the file at `path` by `bytes`: temporary name in the same folder, sync, rename, sync
  /// of the folder. On an error the old file stays and the temporary one is removed.
  package static func write(
    _ bytes: [UInt8], to path: String, durability: Durability = .synced
  ) throws(RunStoreError) {
    let (descriptor, temporary) = try openTemporary(beside: path)
    do throws(RunStoreError) {
      try write(bytes, into: descriptor, path: path)
      if durability == .synced && fsync(descriptor) != 0 { throw Disk.unwritable(path) }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    // A network file system may keep a failed write for `close`.
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let error = Disk.unwritable(path)
      unlink(temporary)
      throw error
    }
    if durability == .synced { try syncFolder(Disk.parent(of: path) ?? ".") }
  }

  /// Writes all `bytes` into an open file, however many calls that takes.
  ///
  /// - Parameter path: names the file in the error.
  package static func write(
    _ bytes: [UInt8], into descriptor: Int32, path: String
  ) throws(RunStoreError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Disk.unwritable(path) }
      written += count
    }
  }

  /// Puts a folder's entries on the disk, so that a rename in it survives a power cut.
  package static func syncFolder(_ path: String) throws(RunStoreError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Disk.unwritable(path) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder and say so by EINVAL; there is nothing to add then.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw Disk.unwritable(path) }
  }

  /// Whether `name` is what an interrupted `write` left behind.
  package static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(".") && name.contains(temporaryMark)
  }

  /// Removes what interrupted writes left in the folder at `path`; only its one writer may.
  package static func removeTemporaries(in path: String) throws(RunStoreError) {
    for name in try Disk.names(in: path) where isTemporary(name) { unlink("\(path)/\(name)") }
  }

  private static func openTemporary(
    beside path: String
  ) throws(RunStoreError) -> (descriptor: Int32, path: String) {
    let folder = Disk.parent(of: path) ?? "."
    let name = path.split(separator: "/").last.map(String.init) ?? path
    for attempt in 0..<1_000 {
      let temporary = "\(folder)/.\(name)\(temporaryMark)\(getpid())-\(attempt)"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return (descriptor, temporary) }
      guard errno == EEXIST else { break }
    }
    throw Disk.unwritable(path)
  }
}

/// Reading and writing of the JSON records in a run's folder.
enum StoredRecord {
  /// The layout that this version reads and writes, of all of them.
  static let newestFormat = 1

  /// The record as JSON: sorted keys, two spaces, a newline at the end.
  static func encoded(_ record: some Encodable, path: String) throws(RunStoreError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try [UInt8](encoder.encode(record)) + [UInt8(ascii: "\n")]
    } catch {
      throw RunStoreError(.unwritable, path: path, found: "\(error)")
    }
  }

  /// The record in the file at `path`, or nil when there is no file.
  ///
  /// - Parameter format: where the record names its layout, if it does.
  /// - Throws: `newerFormat` where that is a later version's, whatever else the file holds.
  static func readIfPresent<Record: Decodable>(
    _ type: Record.Type, at path: String, format: String = "formatVersion", remedy: String = ""
  ) throws(RunStoreError) -> Record? {
    guard let bytes = try Disk.readIfPresent(path) else { return nil }
    if case .number(let version)? = ConfigValue(json: String(decoding: bytes, as: UTF8.self))?[
      path: format], version > Double(newestFormat)
    {
      throw RunStoreError(
        .newerFormat, path: path, found: "\(format) \(canonicalJSON(.number(version)))",
        allowed: "at most \(newestFormat)")
    }
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw RunStoreError(
        .damagedRecord, path: path, found: reason(error, bytes: bytes),
        allowed: "what this program writes", remedy: remedy)
    }
  }

  /// In words what was wrong with a record.
  private static func reason(_ error: any Error, bytes: [UInt8]) -> String {
    if bytes.isEmpty { return "an empty file" }
    guard let error = error as? DecodingError else { return "\(error)" }
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "" : path.map(\.stringValue).joined(separator: ".") + ": "
    }
    switch error {
    case .keyNotFound(let key, let context):
      return place(context.codingPath + [key]) + "nothing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return place(context.codingPath) + context.debugDescription
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return place(context.codingPath) + context.debugDescription
    case .dataCorrupted:
      return "\(bytes.count) bytes that are not one JSON value"
    @unknown default:
      return "\(error)"
    }
  }
}
