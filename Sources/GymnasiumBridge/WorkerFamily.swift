// SPDX-License-Identifier: MIT

import FoundationEssentials
import Glibc

/// All processes that come from a worker, and the folder that they work in.
///
/// An environment may start processes, in groups and sessions of their own, that live on when it
/// ends. All of them have the worker's mark in their environment.
struct WorkerFamily {
  static let variable = "RALLYBOOK_WORKER"

  /// The value of the mark; no other worker has it.
  let mark: String
  /// A folder that is removed with the worker.
  let scratch: String

  /// - Returns: nil with `errno` where no folder can be made.
  init?() {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/rallybook-worker-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    scratch = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    mark = "\(getpid())-\(Deadline.now)-\(scratch.suffix(6))"
  }

  /// Kills whoever is left, and removes the folder.
  ///
  /// - Parameter leader: the worker, whose number is that of its group.
  func end(leader: pid_t) {
    _ = kill(-leader, SIGKILL)
    let entry = Array("\(Self.variable)=\(mark)".utf8) + [0]
    // A process that was being made while we looked is found the next time; one that cannot die,
    // as it waits for a disk, is not waited for.
    for _ in 0..<250 {
      let found = Self.processes.filter { $0 != getpid() && $0 != leader && has(entry, $0) }
      for process in found { _ = kill(process, SIGKILL) }
      if found.isEmpty { break }
      _ = poll(nil, 0, 2)
    }
    try? FileManager.default.removeItem(atPath: scratch)
  }

  private static var processes: [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let number = pid_t(name) { found.append(number) }
    }
    return found
  }

  /// Whether a living process has an entry in its environment; one that has ended has none.
  private func has(_ entry: [UInt8], _ process: pid_t) -> Bool {
    let descriptor = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      bytes += block[..<count]
    }
    return bytes.split(separator: 0).contains { $0.elementsEqual(entry.dropLast()) }
  }
}
