// SPDX-License-Identifier: MIT

import Digest

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

  /// `policy.w1 holds NaN at [3, 17]` for the first number that is NaN or infinite; nil where all are
  /// finite. Places are counted from 0.
  package var brokenNumber: String? {
    guard let first = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    var rest = first
    var place: [Int] = []
    for extent in shape.reversed() {
      place.insert(rest % extent, at: 0)
      rest /= extent
    }
    let number = values[first].isNaN ? "NaN" : "an infinite number"
    return "\(name) holds \(number) at \(place)"
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
    var texts = metadata
    texts[Self.hashKey] = Self.noHash
    // One owner, so that the digest is written in place and the file is in memory once.
    var (file, header) = Safetensors.encoded(metadata: texts, tensors: tensors)
    let place = Self.hashPlace(in: file[header])
    let digest = SHA256.hex(file)
    if let place {
      for (index, byte) in zip(place, digest.utf8) { file[index] = byte }
    }
    return file
  }

  /// Reads and checks a file's bytes.
  ///
  /// - Throws: `ArtifactError` when the bytes are cut short, are no safetensors, or do not fit
  ///   their own digest.
  package init(decoding file: [UInt8], path: String) throws(ArtifactError) {
    let header = try Safetensors.header(of: file, path: path)
    let read = try Safetensors.decoded(file, path: path)
    guard let stated = read.metadata[Self.hashKey], let place = Self.hashPlace(in: file[header])
    else {
      throw .init(.notThisFormat, path: path, detail: "a safetensors file without contentSHA256")
    }
    var hash = SHA256()
    hash.update(file[..<place.lowerBound])
    hash.update(Self.noHash.utf8)
    hash.update(file[place.upperBound...])
    guard hash.hexDigest == stated else {
      throw .init(.damaged, path: path, detail: "its content does not fit its SHA-256")
    }
    self.init(metadata: read.metadata, tensors: read.tensors)
    metadata[Self.hashKey] = nil
  }

  /// Reads the bytes of any safetensors file of F32 tensors; where it states a digest, it must fit.
  package init(safetensors file: [UInt8], path: String) throws(ArtifactError) {
    let read = try Safetensors.decoded(file, path: path)
    if read.metadata[Self.hashKey] != nil {
      try self.init(decoding: file, path: path)
    } else {
      self.init(metadata: read.metadata, tensors: read.tensors)
    }
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
}
