// SPDX-License-Identifier: MIT

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
