// SPDX-License-Identifier: MIT

import Digest
import FoundationEssentials

/// A named array of numbers.
package struct Tensor: Hashable, Sendable {
  package let name: String
  /// Row-major extents; their product is `values.count`.
  package let shape: [Int]
  package let values: [Float]

  package init(name: String, shape: [Int], values: [Float]) {
    precondition(
      shape.reduce(1, *) == values.count,
      "tensor \(name): shape \(shape) does not fit \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// Weights, and everything else that continuing needs, as one safetensors file.
///
/// The format is Hugging Face's safetensors, so any reader of it opens our checkpoints: eight bytes
/// with the header's length, a JSON header, the tensors as little-endian F32. `__metadata__` holds
/// our texts and `contentSHA256`, the digest of the whole file with the digest's own 64 digits set
/// to 0: a file is valid when that fits.
package struct Checkpoint: Hashable, Sendable {
  /// Texts by key; `contentSHA256` is not among them.
  package var metadata: [String: String]
  package var tensors: [Tensor]

  package init(metadata: [String: String], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The tensor called `name`, or nil.
  package subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  private static let hashKey = "contentSHA256"
  private static let noHash = String(repeating: "0", count: 64)

  /// The file's bytes; the same checkpoint always gives the same bytes.
  package func encoded() -> [UInt8] {
    var entries: [String] = []
    var texts = metadata
    texts[Self.hashKey] = Self.noHash
    let pairs = texts.sorted { $0.key < $1.key }
      .map { "\(quoted($0.key)):\(quoted($0.value))" }
    entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    var offset = 0
    for tensor in tensors {
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }

    var file: [UInt8] = []
    file.reserveCapacity(8 + header.count + offset)
    file.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
    file.append(contentsOf: header)
    for tensor in tensors { appendLittleEndian(tensor.values, to: &file) }
    let digest = Array(SHA256.hex(file).utf8)
    if let place = Self.hashPlace(in: file[8..<8 + header.count]) {
      file.replaceSubrange(place, with: digest)
    }
    return file
  }

  /// Reads and checks a file's bytes.
  ///
  /// - Throws: `ArtifactError` when the bytes are cut short, are no safetensors, or do not fit
  ///   their own digest.
  package init(decoding file: [UInt8], path: String) throws(ArtifactError) {
    guard file.count >= 8 else {
      throw .init(.truncated, path: path, detail: "\(file.count) bytes; a checkpoint has more")
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(file[$1]) << (8 * UInt64($1)) }
    guard length <= 16 << 20 else {
      throw .init(.notThisFormat, path: path, detail: "not a safetensors file")
    }
    let headerEnd = 8 + Int(length)
    guard headerEnd <= file.count else {
      throw .init(.truncated, path: path, detail: "cut short inside its header")
    }
    guard let header = try? JSONDecoder().decode(Header.self, from: Data(file[8..<headerEnd]))
    else { throw .init(.damaged, path: path, detail: "the safetensors header cannot be read") }
    guard let stated = header.metadata[Self.hashKey],
      let place = Self.hashPlace(in: file[8..<headerEnd])
    else {
      throw .init(.notThisFormat, path: path, detail: "a safetensors file without contentSHA256")
    }
    let dataSize = header.tensors.map(\.value.data_offsets.last).compactMap { $0 }.max() ?? 0
    guard headerEnd + dataSize <= file.count else {
      throw .init(
        .truncated, path: path,
        detail: "\(file.count) bytes; its header speaks of \(headerEnd + dataSize)")
    }
    var hash = SHA256()
    hash.update(file[..<place.lowerBound])
    hash.update(Self.noHash.utf8)
    hash.update(file[place.upperBound...])
    guard hash.hexDigest == stated else {
      throw .init(.damaged, path: path, detail: "its content does not fit its SHA-256")
    }
    var tensors: [Tensor] = []
    for (name, entry) in header.tensors {
      let offsets = entry.data_offsets
      guard entry.dtype == "F32", offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1],
        entry.shape.allSatisfy({ $0 >= 0 && $0 < 1 << 31 }),
        entry.shape.reduce(4, { $0.multipliedReportingOverflow(by: $1).partialValue })
          == offsets[1] - offsets[0]
      else { throw .init(.damaged, path: path, detail: "tensor \(name) is misdescribed") }
      let values = littleEndianFloats(file[(headerEnd + offsets[0])..<(headerEnd + offsets[1])])
      tensors.append(Tensor(name: name, shape: entry.shape, values: values))
    }
    var metadata = header.metadata
    metadata[Self.hashKey] = nil
    self.init(metadata: metadata, tensors: tensors)
  }

  /// Reads and checks the file at `path`.
  package init(contentsOf path: String) throws(ArtifactError) {
    try self.init(decoding: readFileBytes(path), path: path)
  }

  /// Where the digest's 64 digits stand in the header.
  private static func hashPlace(in header: ArraySlice<UInt8>) -> Range<Int>? {
    let key = Array("\"\(hashKey)\":\"".utf8)
    guard header.count >= key.count + 64 else { return nil }
    for start in header.startIndex...(header.endIndex - key.count - 64)
    where header[start..<start + key.count].elementsEqual(key) {
      return start + key.count..<start + key.count + 64
    }
    return nil
  }

  private struct Header: Decodable {
    struct Entry: Decodable {
      let dtype: String
      let shape: [Int]
      let data_offsets: [Int]
    }
    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
    var metadata: [String: String] = [:]
    /// In the order of the data.
    var tensors: [(key: String, value: Entry)] = []

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          tensors.append((key.stringValue, try container.decode(Entry.self, forKey: key)))
        }
      }
      tensors.sort { ($0.value.data_offsets.first ?? 0) < ($1.value.data_offsets.first ?? 0) }
    }
  }
}

private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 0x20:
      let hex = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

private func appendLittleEndian(_ values: [Float], to file: inout [UInt8]) {
  #if _endian(little)
    values.withUnsafeBytes { file.append(contentsOf: $0) }
  #else
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { file.append(contentsOf: $0) }
    }
  #endif
}

private func littleEndianFloats(_ bytes: ArraySlice<UInt8>) -> [Float] {
  bytes.withUnsafeBytes { raw in
    (0..<raw.count / 4).map {
      Float(
        bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
      )
    }
  }
}
