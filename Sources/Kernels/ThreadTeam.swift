// SPDX-License-Identifier: MIT

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Threads that share one piece of work after another. What is computed must not depend on which
/// of them does what: parts are of a fixed size, and their sums are added in the parts' order.
package struct ThreadTeam: Sendable {
  /// How many there are, the calling one among them.
  package let count: Int

  package init(_ count: Int = 1) { self.count = max(1, count) }

  /// Calls `body` with 0, 1 … on as many threads at once, and returns when all have.
  package func together(_ body: (Int) -> Void) {
    guard count > 1 else { return body(0) }
    withoutActuallyEscaping(body) { body in
      let others = (1..<count).map { number in
        Thread {
          body(number)
        }
      }
      body(0)
      for thread in others { thread.join() }
    }
  }

  /// Calls `body` with each of `parts` parts and the number of the thread that does it.
  package func share(_ parts: Int, _ body: (_ part: Int, _ thread: Int) -> Void) {
    let next = Atomic<Int>(0)
    together { thread in
      while true {
        let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard part < parts else { return }
        body(part, thread)
      }
    }
  }
}

/// One thread that runs a closure and is waited for.
private final class Thread: @unchecked Sendable {
  private let body: () -> Void
  private var handle = pthread_t()

  init(_ body: @escaping () -> Void) {
    self.body = body
    let argument = Unmanaged.passRetained(self)
    let problem = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Thread>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, argument.toOpaque())
    if problem != 0 {
      argument.release()
      fatalError("no thread: \(String(cString: strerror(problem)))")
    }
  }

  func join() { pthread_join(handle, nil) }
}
