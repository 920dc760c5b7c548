// SPDX-License-Identifier: MIT

import Synchronization

/// Whether this process was asked to end: whatever waits for a worker then gives up within 100 ms,
/// throws `EnvironmentError.stopped`, and ends the worker with all that it started.
package enum WorkerStop {
  private static let wasAsked = Atomic<Bool>(false)

  package static func ask() { wasAsked.store(true, ordering: .relaxed) }

  package static var isAsked: Bool { wasAsked.load(ordering: .relaxed) }
}
