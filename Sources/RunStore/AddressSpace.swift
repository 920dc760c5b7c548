// SPDX-License-Identifier: MIT

import Diagnostics
import Glibc

/// The address space that this process may use (`ulimit -v`).
package enum AddressSpace {
  /// Bytes that the threads of a runner and their memory take.
  package static let runnerBytes = 640 << 20

  /// - Throws: `notEnoughMemory` where so much more cannot be had: a thread that cannot begin would be
  ///   waited for without end.
  package static func require(_ bytes: Int) throws(RunStoreError) {
    let place = mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    if let place, place != MAP_FAILED {
      munmap(place, bytes)
      return
    }
    throw RunStoreError(
      .notEnoughMemory, path: "address space", found: "a limit of \(limit)",
      allowed: "\(Numbers.bytes(bytes)) more than this program has taken so far",
      remedy: "raise the limit, such as with `ulimit -v unlimited`")
  }

  private static var limit: String {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) == 0,
      let bytes = Int(exactly: limits.rlim_cur), bytes < Int.max
    else { return "the system" }
    return Numbers.bytes(bytes)
  }
}
