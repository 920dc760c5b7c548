// SPDX-License-Identifier: MIT

/// The messages between this program and its Python worker: a header of 16 bytes, then a payload.
///
/// Little endian: "RBG" and the protocol's version, the payload's length (u32), the request's number
/// (u32), the kind (u8), three zeros. A reply bears the number and the kind of its request, or the
/// kind 255 and says in JSON what went wrong. Documented in `docs/reference/gymnasium.md`.
package enum WireFormat {
  /// What both sides have to agree on.
  package static let version: UInt8 = 2
  static let headerBytes = 16
  /// A longer payload is nonsense.
  static let largestPayload = 1 << 26

  package enum Kind: UInt8, Sendable {
    case hello = 1
    case view = 2
    case reset = 3
    case step = 4
    case record = 5
    case fault = 255
  }

  struct Header: Hashable {
    var length: Int
    var number: UInt32
    var kind: UInt8
  }

  static func header(_ kind: Kind, number: UInt32, length: Int) -> [UInt8] {
    var bytes: [UInt8] = Array("RBG".utf8) + [version]
    bytes.append(UInt32(length))
    bytes.append(number)
    return bytes + [kind.rawValue, 0, 0, 0]
  }

  /// What the 16 bytes of a header say.
  static func readHeader(_ bytes: [UInt8]) throws(WorkerFault) -> Header {
    guard bytes.starts(with: Array("RBG".utf8)) else {
      throw .nonsense(
        Nonsense(found: "a reply that begins with \(shown(bytes.prefix(4)))", allowed: "\"RBG\""))
    }
    guard bytes[3] == version else {
      throw .nonsense(Nonsense(found: "protocol \(bytes[3])", allowed: "\(version)"))
    }
    let length = Int(bytes.word(at: 4))
    guard length <= largestPayload else {
      throw .nonsense(
        Nonsense(found: "a reply of \(length) bytes", allowed: "at most \(largestPayload)"))
    }
    return Header(length: length, number: bytes.word(at: 8), kind: bytes[12])
  }

  /// Bytes for a person: text where they are text.
  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.allSatisfy { (0x20..<0x7F).contains($0) }
      ? "\"\(String(decoding: bytes, as: UTF8.self))\""
      : bytes.map { String($0, radix: 16) }.joined(separator: " ")
  }
}

/// What came that no worker of ours sends.
struct Nonsense: Error, Hashable {
  var found: String
  var allowed: String
}

extension [UInt8] {
  /// Appends four bytes.
  mutating func append(_ word: UInt32) {
    for shift in [UInt32(0), 8, 16, 24] { append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  /// Appends two bytes.
  mutating func append(_ word: UInt16) {
    append(UInt8(truncatingIfNeeded: word))
    append(UInt8(truncatingIfNeeded: word >> 8))
  }
}

extension RandomAccessCollection<UInt8> where Index == Int {
  /// Four bytes, `offset` behind the start.
  func word(at offset: Int) -> UInt32 {
    (0..<4).reduce(UInt32(0)) { $0 | UInt32(self[startIndex + offset + $1]) << (8 * UInt32($1)) }
  }

  /// Eight bytes, `offset` behind the start.
  func longWord(at offset: Int) -> UInt64 {
    UInt64(word(at: offset)) | UInt64(word(at: offset + 4)) << 32
  }
}
