// SPDX-License-Identifier: MIT

/// Why a running trial is not waited for any longer.
package enum Overdue: Hashable, Sendable {
  /// Its heartbeat stood still for so many seconds.
  case hung(seconds: Double)
  /// It ran for longer than it may, in seconds.
  case timeLimit(seconds: Double)
}

/// Watches over running trials: a value that is told how time passes and what their heartbeats
/// show. No clock of the wall has a part in it, so one that jumps changes nothing.
struct Vigil: Sendable {
  private struct Watch {
    /// What its heartbeat last showed; any change is a sign of life.
    var mark: [UInt8]?
    var still = 0.0
    var ran = 0.0
  }

  /// Seconds without a sign of life; nil to wait for ever.
  let hungAfter: Double?
  /// Seconds that a trial may run at a stretch; nil for as long as it takes.
  let timeLimit: Double?
  private var watches: [Int: Watch] = [:]

  init(hungAfter: Double?, timeLimit: Double?) {
    self.hungAfter = hungAfter
    self.timeLimit = timeLimit
  }

  /// Whether there is anything to watch for.
  var isNeeded: Bool { hungAfter != nil || timeLimit != nil }

  mutating func begin(_ job: Int) { watches[job] = Watch() }
  mutating func end(_ job: Int) { watches[job] = nil }

  /// Looks at all that run.
  ///
  /// - Parameters:
  ///   - elapsed: seconds since the last look, those left out in which nobody could run.
  ///   - mark: what the job's heartbeat shows; nil for none yet.
  mutating func look(
    after elapsed: Double, mark: (Int) -> [UInt8]?
  ) -> [(job: Int, why: Overdue)] {
    var found: [(job: Int, why: Overdue)] = []
    for job in watches.keys.sorted() {
      guard var watch = watches[job] else { continue }
      watch.ran += elapsed
      let now = mark(job)
      watch.still = now == watch.mark ? watch.still + elapsed : 0
      watch.mark = now
      watches[job] = watch
      if let timeLimit, watch.ran >= timeLimit {
        found.append((job, .timeLimit(seconds: timeLimit)))
      } else if let hungAfter, watch.still >= hungAfter {
        found.append((job, .hung(seconds: hungAfter)))
      }
    }
    return found
  }
}
