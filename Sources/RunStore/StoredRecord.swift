// SPDX-License-Identifier: MIT

import ExperimentSpec
import FoundationEssentials
import ParameterSchema

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
