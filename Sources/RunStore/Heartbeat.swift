// SPDX-License-Identifier: MIT

import Glibc

extension TrialStatus {
  /// Seconds without a sign after which a process of another machine counts as dead: nothing but
  /// its heartbeat can be seen from here.
  package static let silenceElsewhere = 120.0

  /// Whether the process that wrote this is at work.
  ///
  /// Of a process of this machine and this boot the kernel is asked, by number and start time, so
  /// that no flag left behind by a power cut is believed. Of another machine's the heartbeat tells.
  ///
  /// - Parameters:
  ///   - host: the name of the machine that asks.
  ///   - now: its clock, seconds since 1970.
  package func isAtWork(
    host: String = MachineFacts.hostName, now: Double = Timestamp.now
  ) -> Bool {
    guard state == .running else { return false }
    guard let writer = self.host, writer != host else { return process.isAlive }
    return heartbeatAge(now: now).map { $0 < Self.silenceElsewhere } ?? false
  }

  /// Seconds since this was written, by the two machines' clocks; nil when the time is unreadable.
  /// A clock that went back makes it look fresh, never old.
  package func heartbeatAge(now: Double = Timestamp.now) -> Double? {
    Timestamp.seconds(updatedAt).map { max(0, now - $0) }
  }
}

extension Timestamp {
  /// Seconds since 1970 by this machine's clock.
  package static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The inverse of `text(secondsSince1970:)`; nil for any other text.
  package static func seconds(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    guard bytes.count == 20, bytes[4] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
      bytes[19] == UInt8(ascii: "Z")
    else { return nil }
    func number(_ range: Range<Int>) -> Int32? {
      Int32(String(decoding: bytes[range], as: UTF8.self))
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
    else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1_900, month - 1, day)
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
    return Double(timegm(&parts))
  }
}
