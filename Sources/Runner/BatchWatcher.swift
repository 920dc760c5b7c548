// SPDX-License-Identifier: MIT

import Glibc
import RunStore

/// Shows a batch that another process runs, until it is over or a signal ends the watching.
package actor BatchWatcher {
  package enum End: Hashable, Sendable {
    /// All trials have ended.
    case over
    /// Nothing is being trained and no run holds the lock.
    case nothingRuns
    /// Ctrl-C, or another signal.
    case left
  }

  private enum Input: Sendable { case look, tick, signal(Int32) }

  private var follower: FolderFollower
  private var observers: [any BatchObserver]
  private let signals: AsyncStream<Int32>
  private let begin = ContinuousClock.now

  package init(
    _ batch: Batch, observers: [any BatchObserver],
    signals: AsyncStream<Int32> = RunnerSignals.stream()
  ) {
    follower = FolderFollower(batch)
    self.observers = observers
    self.signals = signals
  }

  /// Watches; call it once.
  package func run() async -> End {
    let (inputs, source) = AsyncStream.makeStream(of: Input.self)
    tell(.began(follower.batch, workers: 0))
    let end = await withTaskGroup(of: Void.self) { group in
      let signals = signals
      group.addTask { for await number in signals { source.yield(.signal(number)) } }
      group.addTask {
        repeat { source.yield(.look) } while (try? await Task.sleep(for: .milliseconds(500))) != nil
      }
      if observers.contains(where: \.isMoving) {
        group.addTask {
          while (try? await Task.sleep(for: .milliseconds(250))) != nil { source.yield(.tick) }
        }
      }
      var end = End.over
      // A run that is just starting its next trial has none at work for a moment.
      var quietLooks = 0
      inputs: for await input in inputs {
        switch input {
        case .look:
          for event in follower.look(at: seconds) { tell(event) }
          if follower.isOver { break inputs }
          let isQuiet = !follower.isAnyAtWork && RunLock.holder(of: follower.batch.run) == nil
          quietLooks = isQuiet ? quietLooks + 1 : 0
          if quietLooks == 3 {
            end = .nothingRuns
            break inputs
          }
        case .tick: tell(.tick)
        case .signal(SIGTSTP):
          tell(.suspending)
          RunnerSignals.pause()
          tell(.resumed)
        case .signal:
          end = .left
          break inputs
        }
      }
      group.cancelAll()
      return end
    }
    tell(.suspending)
    return end
  }

  private func tell(_ event: BatchEvent) {
    let now = seconds
    for index in observers.indices { observers[index].receive(event, at: now) }
  }

  private var seconds: Double { (ContinuousClock.now - begin) / .seconds(1) }
}
