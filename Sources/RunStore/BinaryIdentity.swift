// SPDX-License-Identifier: MIT

import Glibc

/// Which binary the calling process runs: the linker's digest of it (ELF note NT_GNU_BUILD_ID).
package enum BinaryIdentity {
  /// The first 16 hexadecimal digits, or nil in a binary that was linked without one.
  package static let current: String? = {
    let descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // Headers and notes stand at the beginning.
    var head = [UInt8](repeating: 0, count: 16_384)
    let count = pread(descriptor, &head, head.count, 0)
    return count > 0 ? buildID(inELF: Array(head[..<count])) : nil
  }()

  /// The build id in the first bytes of a 64-bit little-endian ELF file, 16 digits of it.
  package static func buildID(inELF file: [UInt8]) -> String? {
    func number(at place: Int, bytes: Int) -> Int? {
      guard place >= 0, place <= file.count - bytes else { return nil }
      return (0..<bytes).reversed().reduce(0) { $0 << 8 | Int(file[place + $1]) }
    }
    guard file.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]),
      let table = number(at: 32, bytes: 4), let size = number(at: 54, bytes: 2),
      let count = number(at: 56, bytes: 2)
    else { return nil }
    for entry in 0..<count {
      let header = table + entry * size
      // PT_NOTE
      guard number(at: header, bytes: 4) == 4, var place = number(at: header + 8, bytes: 4),
        let length = number(at: header + 32, bytes: 4)
      else { continue }
      let end = place + length
      while place < end, let nameSize = number(at: place, bytes: 4),
        let valueSize = number(at: place + 4, bytes: 4), let type = number(at: place + 8, bytes: 4)
      {
        let name = place + 12
        let value = name + (nameSize + 3) / 4 * 4
        guard value + valueSize <= file.count else { break }
        if type == 3 && Array(file[name..<name + nameSize]) == Array("GNU\0".utf8) {
          return file[value..<value + min(8, valueSize)].map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
          }.joined()
        }
        place = value + (valueSize + 3) / 4 * 4
      }
    }
    return nil
  }
}
