// SPDX-License-Identifier: MIT

import Glibc

/// The machine's clocks. Times are recorded in `timing.csv` and shown; nothing is decided by them.
enum Clock {
  /// Seconds of a clock that never goes back.
  static var monotonic: Double { seconds(CLOCK_MONOTONIC) }
  /// Seconds of CPU time of this process.
  static var cpu: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
