// SPDX-License-Identifier: MIT

/// Cuts a stream of bytes into lines, in bounded memory.
package struct LineSplitter: Sendable {
  /// Longer lines are thrown away: nothing that a trial says is nearly as long.
  package static let longestLine = 65_536

  private var pending: [UInt8] = []
  private var isSkipping = false

  package init() {}

  /// Takes in bytes and gives the lines that they complete, without their line ends.
  package mutating func lines(adding bytes: some Sequence<UInt8>) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        if !isSkipping { lines.append(pending) }
        pending.removeAll(keepingCapacity: true)
        isSkipping = false
      } else if pending.count < Self.longestLine {
        pending.append(byte)
      } else {
        isSkipping = true
      }
    }
    return lines
  }
}

/// The end of a stream of bytes, in bounded memory.
package struct OutputTail: Sendable {
  private let limit: Int
  private var bytes: [UInt8] = []
  private var splitter = LineSplitter()
  private var crash = CrashReport()

  /// Keeps the last `limit` bytes.
  package init(limit: Int = 8_192) { self.limit = limit }

  /// Takes in bytes.
  package mutating func add(_ more: some Collection<UInt8>) {
    for line in splitter.lines(adding: more) {
      crash.read(String(decoding: line, as: UTF8.self))
    }
    bytes += more.suffix(limit)
    if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
  }

  /// The last lines that are not blank, at most `lines` of them; bytes that are no UTF-8 replaced.
  /// Of a crash, in place of them, one line that says what failed.
  package func text(lines: Int = 12) -> String {
    if let sentence = crash.sentence { return sentence }
    return String(decoding: bytes.suffix(limit), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      .filter { !$0.allSatisfy(\.isWhitespace) }
      .suffix(lines).joined(separator: "\n")
  }
}
