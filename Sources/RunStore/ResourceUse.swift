// SPDX-License-Identifier: MIT

import Glibc

/// What the calling process has used so far.
package struct ResourceUse: Hashable, Sendable {
  /// Processor seconds, user and system, of all its threads.
  package var cpuSeconds: Double
  /// Largest resident memory, in bytes.
  package var peakMemoryBytes: Int

  /// The calling process until now.
  package static var current: ResourceUse {
    var usage = rusage()
    // Glibc imports the enumeration and the parameter as two types of the same number.
    _ = getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let fallback = usage.ru_maxrss * 1_024
    return ResourceUse(
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMemoryBytes: highWaterMark ?? fallback)
  }

  /// `VmHWM` of `/proc/self/status`, in bytes.
  ///
  /// `ru_maxrss` will not do: across `exec` it keeps the peak of the program that started us.
  private static var highWaterMark: Int? {
    guard let bytes = try? Disk.read("/proc/self/status") else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("VmHWM:") }?
      .split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
      .map { $0 * 1_024 }
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }
}
