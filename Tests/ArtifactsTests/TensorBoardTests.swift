// SPDX-License-Identifier: MIT

import Artifacts
import Digest
import Testing

@Suite("TensorBoard events") struct TensorBoardTests {
  /// RFC 3720, appendix B.4.
  @Test("CRC-32C has the values of its specification")
  func checksum() {
    #expect(CRC32.castagnoli.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32.castagnoli.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32.castagnoli.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32.castagnoli.checksum(Array(0..<32)) == 0x46DD_794E)
  }

  @Test("A file begins with its version, and every record is framed by its length and checksums")
  func frames() {
    var events = TensorBoardEvents(wallTime: 1.5)
    events.add("charts/episodic_return", -21, step: 300, wallTime: 2)
    var rest = events.bytes[...]
    var records: [[UInt8]] = []
    while !rest.isEmpty {
      let length = Int(rest.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
      let header = Array(rest.prefix(8))
      let stated = rest.dropFirst(8).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
      #expect(stated == CRC32.masked(header))
      let data = Array(rest.dropFirst(12).prefix(length))
      let sum = rest.dropFirst(12 + length).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
      #expect(sum == CRC32.masked(data))
      records.append(data)
      rest = rest.dropFirst(16 + length)
    }
    #expect(records.count == 2)
    #expect(records[0].suffix(15).elementsEqual([0x1A, 13] + Array("brain.Event:2".utf8)))
    // Step 300 as a variable-length number in field 2, then the summary in field 5.
    #expect(records[1][9...11].elementsEqual([0x10, 0xAC, 0x02]))
    #expect(records[1][12] == 0x2A)
  }
}
