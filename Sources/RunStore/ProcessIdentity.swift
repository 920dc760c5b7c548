// SPDX-License-Identifier: MIT

import FoundationEssentials
import Glibc

/// A process, told apart from every other that ever had its number.
package struct ProcessIdentity: Codable, Hashable, Sendable {
  /// The kernel's process number.
  package var pid: Int32
  /// Clock ticks from boot to the process's start, field 22 of `/proc/PID/stat`.
  package var startTicks: UInt64
  /// `/proc/sys/kernel/random/boot_id`: changes with every boot and differs between machines.
  package var bootId: String

  /// The calling process.
  package static var current: ProcessIdentity {
    of(pid: getpid()) ?? ProcessIdentity(pid: getpid(), startTicks: 0, bootId: bootId)
  }

  /// The process that has the number `pid` now, or nil when none has or it has ended.
  package static func of(pid: Int32) -> ProcessIdentity? {
    guard let bytes = try? Disk.read("/proc/\(pid)/stat"),
      let fields = fields(ofStat: String(decoding: bytes, as: UTF8.self)),
      fields.state != "Z" && fields.state != "X"
    else { return nil }
    return ProcessIdentity(pid: pid, startTicks: fields.startTicks, bootId: bootId)
  }

  /// Whether this very process still runs here; a zombie does not.
  ///
  /// A process of another machine or of another boot counts as dead.
  package var isAlive: Bool { Self.of(pid: pid) == self }

  /// State letter and start time out of a line of `/proc/PID/stat`, or nil when it is no such line.
  ///
  /// The command's name stands in parentheses and may itself hold spaces and parentheses.
  package static func fields(ofStat line: String) -> (state: Character, startTicks: UInt64)? {
    guard let end = line.lastIndex(of: ")") else { return nil }
    let rest = line[line.index(after: end)...].split(separator: " ")
    // Field 3 is the first after the name.
    guard rest.count > 19, let state = rest[0].first, let ticks = UInt64(rest[19]) else {
      return nil
    }
    return (state, ticks)
  }

  private static let bootId: String = {
    let bytes = (try? Disk.read("/proc/sys/kernel/random/boot_id")) ?? []
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }()
}

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
