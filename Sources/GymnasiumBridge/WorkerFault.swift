// SPDX-License-Identifier: MIT

/// What can go wrong with a worker.
enum WorkerFault: Error, Hashable {
  /// The process could not be started.
  case notStarted(python: String, reason: String)
  /// It ended by itself, such as "by signal 9".
  case ended(String)
  /// No reply within this many seconds.
  case hung(seconds: Double)
  /// Python raised an exception.
  ///
  /// - Parameter lacks: the package of ours that is not installed.
  case raised(type: String, message: String, environment: Int?, lacks: String?)
  /// The worker says why it cannot give what was asked for, whatever the seed.
  case refused(String)
  /// What an environment gave cannot be learned from.
  case unusable(String, environment: Int?)
  /// We were asked to stop while we waited.
  case stopped
  /// A reply that no worker of ours sends.
  case nonsense(Nonsense)

  /// The environment in which it happened, where the worker says so.
  var environment: Int? {
    switch self {
    case .raised(_, _, let environment, _), .unusable(_, let environment): environment
    default: nil
    }
  }
}

/// What a worker was doing.
struct WorkerPlace: Hashable {
  enum Phase: Hashable { case starting, resetting, stepping, recording }

  var phase = Phase.starting
  /// The environments that were asked, by number.
  var environments: [Int] = []
  /// All environments of the worker.
  var count = 1
  /// Decisions that were taken in all of them since the worker started.
  var decisions = 0
  /// Of the first environment asked: episodes begun, decisions of the current one, action.
  var episode = 0
  var decision = 0
  var action: String?
}
