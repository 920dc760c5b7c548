// SPDX-License-Identifier: MIT

import Digest
import Testing

@Suite("Digests")
struct DigestTests {
  @Test(
    "SHA-256 gives the standard's values",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func sha256(text: String, digest: String) { #expect(SHA256.hex(text.utf8) == digest) }

  @Test("SHA-256 of a million letters, added in pieces of every size")
  func sha256InPieces() {
    var hash = SHA256()
    var left = 1_000_000
    var size = 1
    while left > 0 {
      let piece = min(size % 151 + 1, left)
      hash.update([UInt8](repeating: UInt8(ascii: "a"), count: piece))
      left -= piece
      size += 7
    }
    #expect(
      hash.hexDigest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("SHA-256 by the CPU's instructions is that of the plain steps, for every length")
  func sha256Plain() {
    for count in 0..<300 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
      var plain = SHA256(isPlain: true)
      plain.update(bytes)
      #expect(SHA256.hex(bytes) == plain.hexDigest)
    }
  }

  @Test("CRC-32 gives zlib's check value, and that of single steps for every length")
  func crc32() {
    #expect(CRC32.zlib.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
    for count in 0..<40 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
      var crc = ~UInt32(0)
      for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
      }
      #expect(CRC32.zlib.checksum(bytes) == ~crc)
    }
  }
}
