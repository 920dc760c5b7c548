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

  /// Seconds since 1970 of a text that `text` made; nil for another.
  package static func seconds(_ text: String) -> Double? {
    let digits = text.split { !$0.isNumber }.compactMap { Int32($0) }
    guard digits.count == 6 else { return nil }
    var parts = tm()
    parts.tm_year = digits[0] - 1_900
    parts.tm_mon = digits[1] - 1
    parts.tm_mday = digits[2]
    parts.tm_hour = digits[3]
    parts.tm_min = digits[4]
    parts.tm_sec = digits[5]
    let seconds = timegm(&parts)
    return seconds == -1 ? nil : Double(seconds)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
