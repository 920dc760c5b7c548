// SPDX-License-Identifier: MIT

import Glibc

/// The file that a worker's output goes to, beside lines of the trial's own.
enum WorkerLog {
  /// 0 where there is no file.
  static func byteCount(_ path: String) -> Int {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts.st_size : 0
  }

  /// The last line that the worker wrote behind a place; the trial's own lines, which begin with a
  /// time, are passed over.
  static func lastLine(of path: String, from start: Int) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let first = max(start, byteCount(path) - 8192)
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, first) }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      .split(separator: "\n").last { !isOurs($0) && !$0.allSatisfy(\.isWhitespace) }
      .map { String($0.prefix(400)) }
  }

  /// `2026-11-24T…`
  private static func isOurs(_ line: Substring) -> Bool {
    let shape = line.prefix(11).map { $0.isASCII && $0.isNumber ? "0" : $0 }
    return String(shape) == "0000-00-00T"
  }
}
