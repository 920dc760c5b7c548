// SPDX-License-Identifier: MIT

import Glibc

/// A moment after which waiting ends.
struct Deadline {
  /// From its making.
  let seconds: Double
  private let moment: Int

  init(seconds: Double) {
    self.seconds = seconds
    moment = Self.now + Int(seconds * 1000)
  }

  /// Milliseconds of a clock that only goes forward.
  static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// Milliseconds left.
  var milliseconds: Int32 { Int32(clamping: moment - Self.now) }
}

/// The last error of the C library, in words.
func errnoSentence() -> String { String(cString: strerror(errno)) }
