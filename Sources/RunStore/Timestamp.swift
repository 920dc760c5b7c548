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

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
