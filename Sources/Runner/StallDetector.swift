// SPDX-License-Identifier: MIT

import Diagnostics

/// Why a running trial is not waited for any longer.
package enum Overdue: Hashable, Sendable {
  /// Its heartbeat stood still for so many seconds.
  case hung(seconds: Double)
  /// It ran for longer than it may, in seconds.
  case timeLimit(seconds: Double)

  var reason: String {
    switch self {
    case .hung(let seconds):
      "it hung: no heartbeat for \(Durations.text(seconds)); its process was ended"
    case .timeLimit(let seconds):
      "it was stopped after --timeout \(Durations.text(seconds)); its checkpoint is kept and the "
        + "next run goes on from there"
    }
  }
}

/// Watches over one running trial: a value that is told how time passes and what its heartbeat
/// shows. No clock of the wall has a part in it, so one that jumps changes nothing.
struct StallDetector: Sendable {
  /// What the heartbeat last showed; any change is a sign of life.
  private var mark: String?
  private var stillSeconds = 0.0
  private var ranSeconds = 0.0

  /// - Parameters:
  ///   - elapsed: seconds since the last look, those left out in which nobody could run.
  ///   - mark: what the heartbeat shows; nil for none yet.
  ///   - hungAfter: seconds without a sign of life; nil to wait for ever.
  ///   - timeLimit: seconds that it may run at a stretch; nil for as long as it takes.
  mutating func look(
    after elapsed: Double, mark now: String?, hungAfter: Double?, timeLimit: Double?
  ) -> Overdue? {
    ranSeconds += elapsed
    stillSeconds = now == mark ? stillSeconds + elapsed : 0
    mark = now
    if let timeLimit, ranSeconds >= timeLimit { return .timeLimit(seconds: timeLimit) }
    if let hungAfter, stillSeconds >= hungAfter { return .hung(seconds: hungAfter) }
    return nil
  }
}
