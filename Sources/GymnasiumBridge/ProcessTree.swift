// SPDX-License-Identifier: MIT

import FoundationEssentials
import Glibc

/// All processes that come from a worker, and the folder that they work in, which is removed with
/// this.
///
/// An environment may start processes, in groups and sessions of their own, that live on when it
/// ends. All of them have the worker's mark in their environment.
final class ProcessTree {
  static let variable = "RALLYBOOK_WORKER"

  /// The value of the mark; no other worker has it.
  let mark: String
  let scratch: String

  /// - Returns: nil with `errno` where no folder can be made.
  init?() {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/rallybook-worker-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    scratch = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    mark = "\(getpid())-\(Int(Date().timeIntervalSince1970 * 1000))-\(scratch.suffix(6))"
  }

  deinit { try? FileManager.default.removeItem(atPath: scratch) }

  /// Kills whoever is left.
  ///
  /// - Parameter leader: the worker, whose number is that of its group.
  func end(leader: pid_t) {
    _ = kill(-leader, SIGKILL)
    // A process that was being made while we looked is found the next time; one that cannot die,
    // as it waits for a disk, is not waited for.
    for _ in 0..<250 {
      let found = Self.processes.filter { $0 != getpid() && $0 != leader && isMarked($0) }
      for process in found { _ = kill(process, SIGKILL) }
      if found.isEmpty { break }
      _ = poll(nil, 0, 2)
    }
    try? FileManager.default.removeItem(atPath: scratch)
  }

  private static var processes: [pid_t] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc")
    return names?.compactMap { pid_t($0) } ?? []
  }

  /// Whether a living process has the mark; one that has ended has no environment.
  private func isMarked(_ process: pid_t) -> Bool {
    guard let bytes = try? Data(contentsOf: URL(filePath: "/proc/\(process)/environ")) else {
      return false
    }
    return bytes.split(separator: 0).contains { $0.elementsEqual("\(Self.variable)=\(mark)".utf8) }
  }
}
