// SPDX-License-Identifier: MIT

import Glibc

/// Keeps a worker on the processor of the trial that waits for it, while its environments are quick.
///
/// Linux wakes a process on an idle processor where there is one, and that has to wake up itself: of
/// two processes that take turns every few microseconds, each then spends more time on waking the
/// other than on its work. On one processor nobody is woken. Ten times a second both are free to go
/// where there is room; slow environments are always free.
struct TurnTaking {
  /// A shorter wait is one for a quick environment.
  private static let quickWait = Duration.microseconds(250)

  private let worker: pid_t
  private let system:
    (
      place: @convention(c) () -> CInt,
      keep: @convention(c) (pid_t, Int, UnsafePointer<UInt64>) -> CInt
    )
  /// The processors that this process may use, a bit each.
  private let allowed: [UInt64]
  /// Where the worker is kept; nil where it is free.
  private var processor: Int?
  private var isQuick = false
  private var beganAt = SuspendingClock.now

  /// - Returns: nil where processes cannot be kept, or there is nothing to choose.
  init?(worker: pid_t) {
    typealias Ask = @convention(c) (pid_t, Int, UnsafeMutablePointer<UInt64>) -> CInt
    // They are GNU's, which Swift does not import.
    guard let ask = dlsym(nil, "sched_getaffinity"), let keep = dlsym(nil, "sched_setaffinity"),
      let place = dlsym(nil, "sched_getcpu")
    else { return nil }
    var mask = [UInt64](repeating: 0, count: 16)
    guard unsafeBitCast(ask, to: Ask.self)(0, mask.count * 8, &mask) == 0,
      mask.reduce(0, { $0 + $1.nonzeroBitCount }) > 1
    else { return nil }
    (self.worker, allowed) = (worker, mask)
    system.place = unsafeBitCast(place, to: type(of: system.place))
    system.keep = unsafeBitCast(keep, to: type(of: system.keep))
  }

  /// Before the trial waits: where the wait will be short, keeps both where the trial is.
  mutating func begin() {
    beganAt = .now
    guard isQuick else { return }
    let here = Int(system.place())
    var mask = [UInt64](repeating: 0, count: allowed.count)
    guard mask.indices.contains(here / 64) else { return }
    mask[here / 64] = 1 << UInt64(here % 64)
    if processor != here { _ = system.keep(worker, mask.count * 8, mask) }
    processor = here
    _ = system.keep(0, mask.count * 8, mask)
  }

  /// After it.
  mutating func end() {
    if processor != nil { _ = system.keep(0, allowed.count * 8, allowed) }
    isQuick = .now - beganAt < Self.quickWait
    if !isQuick { release() }
  }

  /// Lets both go where there is room, until the wait after the next.
  mutating func release() {
    if processor != nil { _ = system.keep(worker, allowed.count * 8, allowed) }
    (processor, isQuick) = (nil, false)
  }
}
