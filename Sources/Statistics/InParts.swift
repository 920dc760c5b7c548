// SPDX-License-Identifier: MIT

import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Does parts of `0..<count` on all cores at once, where there are enough to be worth it.
///
/// - Parameter work: of a part; must not depend on where parts begin and end.
/// - Returns: what it gave, in the order of the parts.
func inParts<Result: Sendable>(
  _ count: Int, _ work: @Sendable (Range<Int>) -> Result
) -> [Result] {
  let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
  let parts = max(1, min(cores, count / 1_000))
  let results = Mutex([Result?](repeating: nil, count: parts))
  DispatchQueue.concurrentPerform(iterations: parts) { part in
    let result = work(count * part / parts..<count * (part + 1) / parts)
    results.withLock { $0[part] = result }
  }
  return results.withLock { $0.compactMap { $0 } }
}
