// SPDX-License-Identifier: MIT

import FoundationEssentials

/// Points in time as they stand in a run's records, ISO 8601 in UTC.
package enum Timestamp {
  /// Seconds since 1970 by this machine's clock.
  package static var now: Double { Date().timeIntervalSince1970 }

  /// `2026-11-24T06:39:00Z` for seconds since 1970.
  package static func text(secondsSince1970: Double = now) -> String {
    Date(timeIntervalSince1970: secondsSince1970.rounded(.down)).formatted(.iso8601)
  }

  /// The inverse of `text(secondsSince1970:)`; nil for any other text.
  package static func seconds(_ text: String) -> Double? {
    guard text.utf8.count == 20 else { return nil }
    return (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970
  }
}
