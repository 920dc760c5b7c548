// SPDX-License-Identifier: MIT

import Diagnostics
import Glibc

/// What a worker prints, on its way to the log.
///
/// A log is written up to a size; of what comes then only the end is kept, in memory, and written
/// when the worker ends, below a line that says how much is left out.
final class WorkerOutput {
  /// Bytes that a log may have before only the end of what follows is kept, and of that end.
  static let headBytes = 1 << 20
  static let tailBytes = 1 << 18
  /// Bytes that a worker may write to a log that is full already.
  static let leastBytes = 1 << 16

  /// Where the worker's output is read.
  let source: Int32
  /// The worker's end; closed in this process once it has started.
  private(set) var sink: Int32
  private let log: Int32
  private var room: Int
  /// Bytes that were not written.
  private var heldBack = 0
  /// The newest output.
  private var recent: [UInt8] = []

  /// - Parameter path: the log, which is appended to.
  /// - Returns: nil with `errno` where it cannot be written.
  init?(path: String) {
    var facts = stat()
    let size = stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    room = max(Self.leastBytes, Self.headBytes - size)
    log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    var ends: [Int32] = [-1, -1]
    guard log >= 0, pipe(&ends) == 0 else {
      if log >= 0 { close(log) }
      return nil
    }
    (source, sink) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(source, F_SETFL, O_NONBLOCK)
  }

  deinit {
    closeSink()
    close(source)
    close(log)
  }

  func closeSink() {
    if sink >= 0 { close(sink) }
    sink = -1
  }

  /// Takes what was printed since; never waits.
  func drain() {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    // An environment that prints without end must not keep us here.
    for _ in 0..<64 {
      let count = block.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      take(block[..<count])
    }
  }

  /// A line of our own, between the worker's.
  func say(_ line: String) { take(Array("\(line)\n".utf8)[...]) }

  /// After the worker's end: writes what was held back.
  func finish() {
    drain()
    guard heldBack > 0 else { return }
    let kept = recent.suffix(min(heldBack, Self.tailBytes))
    write(Array("… \(Numbers.whole(heldBack - kept.count)) bytes left out …\n".utf8)[...])
    write(kept)
    heldBack = 0
  }

  /// The last line that is not blank, without control characters.
  var lastLine: String? {
    String(decoding: recent.suffix(8192), as: UTF8.self)
      .split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
      .map { line in
        let plain = line.unicodeScalars.filter { $0 == "\t" || !($0.value < 32 || $0.value == 127) }
        return String(String.UnicodeScalarView(plain).prefix(400))
      }
  }

  private func take(_ bytes: ArraySlice<UInt8>) {
    recent += bytes
    if recent.count > 2 * Self.tailBytes { recent.removeFirst(recent.count - Self.tailBytes) }
    let head = bytes.prefix(room)
    write(head)
    room -= head.count
    guard bytes.count > head.count else { return }
    if heldBack == 0 {
      let notice = "\n… the log is full; of what follows the end is written at the end …\n"
      write(Array(notice.utf8)[...])
    }
    heldBack += bytes.count - head.count
  }

  /// A full disk must not end the training.
  private func write(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let count = Glibc.write(
          log, buffer.baseAddress.map { $0 + written }, buffer.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        written += count
      }
    }
  }
}
