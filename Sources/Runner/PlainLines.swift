// SPDX-License-Identifier: MIT

import Diagnostics

/// Shows a batch where nothing can be redrawn: a line for each change.
package struct PlainLines: BatchObserver {
  package let isMoving = false

  /// What is told: everything, or only what went wrong.
  package enum Level: Hashable, Sendable { case all, problems }

  private let level: Level
  private let put: @Sendable (String) -> Void
  private var jobs: [Batch.Job] = []
  private var total = 0

  /// - Parameter put: takes each line, without its line end; stderr by default.
  package init(
    level: Level = .all, put: @escaping @Sendable (String) -> Void = Self.toStandardError
  ) {
    self.level = level
    self.put = put
  }

  package mutating func receive(_ event: BatchEvent, at seconds: Double) {
    if case .began(let batch, _) = event { (jobs, total) = (batch.jobs, batch.total) }
    if case .done = event { UnblockedOutput.standardError.settle() }
    guard let (text, isProblem) = sentence(event), level == .all || isProblem else { return }
    put(text.split(separator: "\n").map { DisplayText.escaped(String($0)) }.joined(separator: "\n"))
  }

  private func sentence(_ event: BatchEvent) -> (text: String, isProblem: Bool)? {
    switch event {
    case .began(let batch, let workers): (Wording.began(batch, workers: workers), false)
    case .held(let job, let pid): (Wording.held(jobs[job], pid: pid), true)
    case .started(let job, _): (Wording.started(jobs[job]), false)
    case .ended(let job, let end): (Wording.ended(jobs[job], end), end.isProblem)
    case .stopping(_, let sentence): (sentence, true)
    case .noted(let sentence): (sentence, false)
    case .killing(let running): (Wording.killing(running: running), true)
    case .progressed, .remembered, .tick, .suspending, .resumed, .done: nil
    }
  }

  /// Writes a line on stderr; what cannot be written is dropped.
  package static func toStandardError(_ line: String) {
    UnblockedOutput.standardError.write(line + "\n")
  }
}

extension JobEnd {
  /// Whether someone who wants to hear only of problems should hear of it.
  var isProblem: Bool {
    switch result {
    case .finished, .stopped, .later: false
    case .failed, .again: true
    }
  }
}
