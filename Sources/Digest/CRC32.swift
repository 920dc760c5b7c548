// SPDX-License-Identifier: MIT

/// CRC-32, bits reflected, initial and final value `FFFFFFFF`.
///
/// Processes eight bytes a round ("slicing by eight", Kounavis and Berry 2005).
package struct CRC32: Sendable {
  /// As in zlib and PNG.
  package static let zlib = CRC32(polynomial: 0xEDB8_8320)
  /// Castagnoli's polynomial, 0x1EDC6F41 reflected. Source: RFC 3720, appendix B.4.
  package static let castagnoli = CRC32(polynomial: 0x82F6_3B78)

  /// Eight tables of 256 entries: entry `k·256 + b` is the CRC of byte `b` followed by `k` zeros.
  private let tables: [UInt32]

  private init(polynomial: UInt32) {
    var t = [UInt32](repeating: 0, count: 8 * 256)
    for b in 0..<256 {
      t[b] = (0..<8).reduce(UInt32(b)) { c, _ in c & 1 == 1 ? polynomial ^ (c >> 1) : c >> 1 }
    }
    for i in 256..<t.count { t[i] = t[Int(t[i - 256] & 0xFF)] ^ (t[i - 256] >> 8) }
    tables = t
  }

  /// The checksum of `bytes`.
  package func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    var i = 0
    tables.withUnsafeBufferPointer { t in
      while i + 8 <= bytes.count {
        let low =
          crc
          ^ (UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8 | UInt32(bytes[i + 2]) << 16
            | UInt32(bytes[i + 3]) << 24)
        let a = t[0x700 + Int(low & 0xFF)] ^ t[0x600 + Int(low >> 8 & 0xFF)]
        let b = t[0x500 + Int(low >> 16 & 0xFF)] ^ t[0x400 + Int(low >> 24)]
        let c = t[0x300 + Int(bytes[i + 4])] ^ t[0x200 + Int(bytes[i + 5])]
        let d = t[0x100 + Int(bytes[i + 6])] ^ t[Int(bytes[i + 7])]
        crc = a ^ b ^ c ^ d
        i += 8
      }
      while i < bytes.count {
        crc = t[Int((crc ^ UInt32(bytes[i])) & 0xFF)] ^ (crc >> 8)
        i += 1
      }
    }
    return ~crc
  }
}
