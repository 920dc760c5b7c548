// SPDX-License-Identifier: MIT

import FoundationEssentials

/// Hugging Face's safetensors: eight bytes with the header's length, a JSON header with a
/// description of each tensor and texts under `__metadata__`, then the tensors' bytes, one after
/// the other. All that is written here, and all that is read, is little-endian F32.
package enum Safetensors {
  /// Headers may be at most this long, as in the format's own reader.
  private static let longestHeader: UInt64 = 100_000_000

  /// A file's bytes and where its header stands; the same content always gives the same bytes.
  package static func encoded(
    metadata: [String: String], tensors: [Tensor]
  ) -> (bytes: [UInt8], header: Range<Int>) {
    let pairs = metadata.sorted { $0.key < $1.key }
      .map { "\(quoted($0.key)):\(quoted($0.value))" }
    var entries = ["\"__metadata__\":{\(pairs.joined(separator: ","))}"]
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
    file.append(contentsOf: littleEndian(header.count, count: 8))
    file.append(contentsOf: header)
    for tensor in tensors { appendLittleEndian(tensor.values, to: &file) }
    return (file, 8..<8 + header.count)
  }

  /// Where the header stands in a file's bytes.
  package static func header(of file: [UInt8], path: String) throws(ArtifactError) -> Range<Int> {
    guard file.count >= 8 else {
      throw .init(
        .truncated, path: path, detail: "\(file.count) bytes; a safetensors file has more")
    }
    let length = file.littleEndian(at: 0, count: 8)
    guard length <= longestHeader else {
      throw .init(.notThisFormat, path: path, detail: "not a safetensors file")
    }
    guard 8 + Int(length) <= file.count else {
      throw .init(.truncated, path: path, detail: "cut short inside its header")
    }
    guard length > 0, file[8] == UInt8(ascii: "{") else {
      throw .init(.notThisFormat, path: path, detail: "not a safetensors file")
    }
    return 8..<8 + Int(length)
  }

  /// Reads a file's bytes, tensors in the order of their data.
  ///
  /// - Throws: where the bytes are no safetensors, cut short, or described wrongly: as the format
  ///   asks, the tensors cover all bytes behind the header, without holes and overlaps.
  package static func decoded(
    _ file: [UInt8], path: String
  ) throws(ArtifactError) -> (metadata: [String: String], tensors: [Tensor]) {
    let header = try header(of: file, path: path)
    let read = try Self.read(file[header], path: path)
    let size = read.tensors.compactMap(\.value.data_offsets.last).max() ?? 0
    guard size <= file.count - header.upperBound else {
      throw .init(
        .truncated, path: path,
        detail: "\(file.count - header.upperBound) bytes of data; its header says \(size)")
    }
    var tensors: [Tensor] = []
    var end = 0
    for (name, entry) in read.tensors {
      guard entry.dtype == "F32" else {
        throw .init(
          .notThisFormat, path: path,
          detail: "tensor \(name) is \(entry.dtype); allowed: F32")
      }
      let offsets = entry.data_offsets
      guard offsets.count == 2, offsets[0] == end, offsets[0] <= offsets[1],
        bytes(of: entry.shape) == offsets[1] - offsets[0]
      else { throw .init(.damaged, path: path, detail: "tensor \(name) is misdescribed") }
      end = offsets[1]
      let start = header.upperBound
      let values = littleEndianFloats(file[(start + offsets[0])..<(start + end)])
      tensors.append(Tensor(name: name, shape: entry.shape, values: values))
    }
    guard header.upperBound + end == file.count else {
      throw .init(
        .damaged, path: path,
        detail: "\(file.count - header.upperBound - end) bytes that belong to no tensor")
    }
    return (read.metadata, tensors)
  }

  /// The texts of the file at `path`, from its first 64 kB alone, in which every header of ours ends.
  package static func metadata(at path: String) throws(ArtifactError) -> [String: String] {
    let start = try readFileBytes(path, atMost: 65_536)
    return try read(start[header(of: start, path: path)], path: path).metadata
  }

  private static func read(_ header: ArraySlice<UInt8>, path: String) throws(ArtifactError)
    -> Header
  {
    guard let read = try? JSONDecoder().decode(Header.self, from: Data(header)) else {
      throw .init(.damaged, path: path, detail: "the safetensors header cannot be read")
    }
    return read
  }

  /// Bytes of a tensor of this shape; nil for a shape that none has.
  private static func bytes(of shape: [Int]) -> Int? {
    var bytes = 4
    for extent in shape {
      let (product, overflows) = bytes.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflows else { return nil }
      bytes = product
    }
    return bytes
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
    /// In the order of the data; of empty ones at the same place, by name.
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
      tensors.sort { a, b in
        let (x, y) = (a.value.data_offsets, b.value.data_offsets)
        return x == y ? a.key < b.key : x.lexicographicallyPrecedes(y)
      }
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
