// SPDX-License-Identifier: MIT

import Glibc

/// Points in time as they stand in a run's records; the clock is the caller's.
package enum Timestamp {
  /// `2026-11-24T06:39:00Z` for seconds since 1970 in UTC.
  package static func text(secondsSince1970: Double) -> String {
    var seconds = time_t(secondsSince1970.rounded(.down))
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return padded(Int(parts.tm_year) + 1_900, 4) + "-" + padded(Int(parts.tm_mon) + 1, 2) + "-"
      + padded(Int(parts.tm_mday), 2) + "T" + padded(Int(parts.tm_hour), 2) + ":"
      + padded(Int(parts.tm_min), 2) + ":" + padded(Int(parts.tm_sec), 2) + "Z"
  }

  /// Seconds since 1970 of what `text` wrote; nil for anything else.
  package static func seconds(of text: String) -> Double? {
    let marks = Array("----=--=--T--:--:--Z".utf8)
    let bytes = Array(text.utf8)
    guard bytes.count == marks.count else { return nil }
    var fields = [0]
    for (byte, mark) in zip(bytes, marks) {
      if mark == UInt8(ascii: "-") {
        let digit = Int(byte) - Int(UInt8(ascii: "0"))
        guard (0...9).contains(digit) else { return nil }
        fields[fields.count - 1] = fields[fields.count - 1] * 10 + digit
      } else {
        guard byte == (mark == UInt8(ascii: "=") ? UInt8(ascii: "-") : mark) else { return nil }
        fields.append(0)
      }
    }
    var parts = tm()
    parts.tm_year = Int32(fields[0] - 1_900)
    parts.tm_mon = Int32(fields[1] - 1)
    parts.tm_mday = Int32(fields[2])
    parts.tm_hour = Int32(fields[3])
    parts.tm_min = Int32(fields[4])
    parts.tm_sec = Int32(fields[5])
    return Double(timegm(&parts))
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
