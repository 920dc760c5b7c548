// SPDX-License-Identifier: MIT

/// CRC-32 as in zlib and PNG: polynomial `EDB88320` reflected, initial and final value `FFFFFFFF`.
///
/// Processes eight bytes a round ("slicing by eight", Kounavis and Berry 2005).
package struct CRC32: Sendable {
  private var state: UInt32 = 0xFFFF_FFFF

  package init() {}

  /// The checksum of everything added so far.
  package var value: UInt32 { ~state }

  /// Adds bytes.
  package mutating func update(_ bytes: some Sequence<UInt8>) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { update($0) }
    if done == nil { Array(bytes).withUnsafeBufferPointer { update($0) } }
  }

  private mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
    var crc = state
    var i = 0
    Self.tables.withUnsafeBufferPointer { t in
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
    state = crc
  }

  /// The checksum of `bytes`.
  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var crc = CRC32()
    crc.update(bytes)
    return crc.value
  }

  /// Eight tables of 256 entries: entry `k·256 + b` is the CRC of byte `b` followed by `k` zeros.
  private static let tables: [UInt32] = {
    var t = [UInt32](repeating: 0, count: 8 * 256)
    for b in 0..<256 {
      var c = UInt32(b)
      for _ in 0..<8 { c = c & 1 == 1 ? 0xEDB8_8320 ^ (c >> 1) : c >> 1 }
      t[b] = c
    }
    for k in 1..<8 {
      for b in 0..<256 {
        let previous = t[(k - 1) * 256 + b]
        t[k * 256 + b] = t[Int(previous & 0xFF)] ^ (previous >> 8)
      }
    }
    return t
  }()
}
