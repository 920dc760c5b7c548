// SPDX-License-Identifier: MIT

extension Animation {
  /// The file as a GIF that plays without end, with `comment` in it, for programs that know no animated
  /// PNG. Its times are hundredths of a second, each rounded so that their sums stay true.
  ///
  /// Source: Graphics Interchange Format, version 89a; its loop is Netscape's extension.
  package func gif(comment: String = "") throws(PlottingError) -> [UInt8] {
    guard !parts.isEmpty else { throw Self.empty }
    var file = Array("GIF89a".utf8)
    // 16 colours for the whole file; background and shape of pixels are left open.
    file += little(width) + little(height) + [0xF3, 0, 0] + palette
    file += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
    if !comment.isEmpty { file += [0x21, 0xFE] + blocks(Array(comment.utf8)) }
    var (milliseconds, shown) = (0, 0)
    for part in parts {
      milliseconds += part.milliseconds
      let time = min(max((milliseconds + 5) / 10 - shown, 0), 65_535)
      shown += time
      // What was drawn stays.
      file += [0x21, 0xF9, 4, 1 << 2] + little(time) + [0, 0]
      let image = part.image
      file += [0x2C] + [part.x, part.y, image.width, image.height].flatMap(little) + [0]
      file += [UInt8(colorBits)] + blocks(compressed(image.indices))
    }
    return file + [0x3B]
  }
}

private let colorBits = 4

/// Lempel, Ziv and Welch's codes of 5 to 12 bits over 16 colours, the lowest bits first.
private func compressed(_ indices: [UInt8]) -> [UInt8] {
  let (clear, end, limit) = (1 << colorBits, 1 << colorBits + 1, 1 << 12)
  var result: [UInt8] = []
  var (bits, bitCount) = (0, 0)
  /// Of a code and the colour that follows it, the code of both; 0 is none.
  var longer = [Int](repeating: 0, count: limit << colorBits)
  var (next, size) = (end + 1, colorBits + 1)
  func emit(_ code: Int) {
    bits |= code << bitCount
    bitCount += size
    while bitCount >= 8 {
      result.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
      bitCount -= 8
    }
  }
  emit(clear)
  var code: Int?
  for color in indices.map(Int.init) {
    guard let known = code else {
      code = color
      continue
    }
    let pair = known << colorBits | color
    if longer[pair] != 0 {
      code = longer[pair]
      continue
    }
    emit(known)
    code = color
    if next < limit {
      if next == 1 << size { size += 1 }
      longer[pair] = next
      next += 1
    } else {
      emit(clear)
      longer = [Int](repeating: 0, count: longer.count)
      (next, size) = (end + 1, colorBits + 1)
    }
  }
  if let code {
    emit(code)
    if next == 1 << size, next < limit { size += 1 }
  }
  emit(end)
  if bitCount > 0 { result.append(UInt8(truncatingIfNeeded: bits)) }
  return result
}

/// Bytes in blocks of at most 255, each behind its length, and an empty one at the end.
private func blocks(_ bytes: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 255) {
    let block = bytes[start..<min(start + 255, bytes.count)]
    result += [UInt8(block.count)] + block
  }
  return result + [0]
}

private func little(_ number: Int) -> [UInt8] {
  [UInt8(number & 255), UInt8(number >> 8 & 255)]
}
