// SPDX-License-Identifier: MIT

import Glibc
package import RunStore

/// How an attempt at a trial ended.
package enum AttemptEnd: Hashable, Sendable {
  case finished
  /// Checkpointed by itself, or ended by someone's wish; resumable.
  case stopped
  /// The trial or the scheduler says why; trying again would give the same.
  case failed(String)
  /// The process ended otherwise; resumable from its last checkpoint.
  case crashed(signal: Int32?, String)
  /// A scheduler ended it; resumable. An attempt that got on does not count as one.
  ///
  /// - Parameter wasAsked: whether it was asked to end and checkpointed.
  case interrupted(String, hasProgress: Bool, wasAsked: Bool)
  /// No process came to be.
  case notStarted(String)

  /// What the operating system tells of a process.
  package enum Termination: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    /// It could not be started; the operating system's words.
    case notStarted(String)
  }

  /// The files are the truth: an exit status of 0 counts only when `status.json` says finished.
  ///
  /// - Parameters:
  ///   - status: `status.json` after the end; nil when there is none or it is damaged.
  ///   - errorTail: the last lines on the process's stderr.
  package init(_ termination: Termination, status: TrialStatus?, errorTail: String) {
    let said = errorTail.split(separator: "\n").last.map(String.init)
    let lastLine = said.map { "; last line on stderr: \($0)" } ?? ""
    switch termination {
    case .notStarted(let reason):
      self = .notStarted(reason)
    case .exited(0) where status?.state == .finished:
      self = .finished
    case .exited(0):
      let state = status.map { "\"\($0.state.rawValue)\"" } ?? "nothing"
      self = .crashed(
        signal: nil, "its process ended with status 0, but status.json says \(state)")
    case .exited(5):
      self = .stopped
    case .exited(1):
      // When the disk is full even the reason cannot be stored; then stderr has it.
      let stored = status?.state == .running ? nil : status?.message
      self = .failed(stored ?? said ?? Wording.noReason)
    case .exited(let code) where code == 2 || code == 4:
      self = .failed(said ?? "its process ended with status \(code)")
    case .exited(let code):
      self = .crashed(signal: nil, "its process ended with status \(code)" + lastLine)
    case .signalled(let signal):
      let name = String(cString: strsignal(signal)).lowercased()
      self = .crashed(
        signal: signal, "its process was ended by signal \(signal) (\(name))" + lastLine)
    }
  }
}

/// The end of what a process writes, in bounded memory; of a crash, what failed where.
package struct OutputTail: Sendable {
  /// Of a longer line only the beginning is looked at for a crash.
  private static let longestLine = 65_536

  private let limit: Int
  private var bytes: [UInt8] = []
  private var line: [UInt8] = []
  private var failure: String?
  private var place: String?

  /// Keeps the last `limit` bytes.
  package init(limit: Int = 8_192) { self.limit = limit }

  /// Takes in bytes.
  package mutating func add(_ more: some Collection<UInt8>) {
    for byte in more {
      if byte == UInt8(ascii: "\n") {
        read(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
      } else if line.count < Self.longestLine {
        line.append(byte)
      }
    }
    bytes += more.suffix(limit)
    if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
  }

  /// The last lines that are not blank, at most `lines` of them; bytes that are no UTF-8 replaced.
  ///
  /// Of a crash, in place of them, one line such as `Swift runtime failure: precondition failure in
  /// Network.init(form:), Network.swift:57`: an optimized program has no sentences of preconditions,
  /// so that the place is all that is known.
  package func text(lines: Int = 12) -> String {
    if let failure { return place.map { "\(failure) in \($0)" } ?? failure }
    return String(decoding: bytes.suffix(limit), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      .filter { !$0.allSatisfy(\.isWhitespace) }
      .suffix(lines).joined(separator: "\n")
  }

  /// Of hundreds of lines that Swift's runtime writes of a crash, finds the two that tell.
  private mutating func read(_ line: String) {
    if failure != nil {
      place = place ?? Self.place(line)
    } else if let mark = Self.marks.lazy.compactMap({ line.firstRange(of: $0) }).first {
      var words = line[mark.lowerBound...]
      while let last = words.last, last == "*" || last == " " { words.removeLast() }
      failure = String(words)
    }
  }

  private static let marks = ["Fatal error: ", "Swift runtime failure: ", "Program crashed: "]

  /// `Network.init(form:), Network.swift:57` of a frame of our own.
  ///
  ///     3 [ra] 0x000055e7c5daa703 Network.init(form:) + 162 in rallybook at …/Network.swift:57:14
  private static func place(_ line: String) -> String? {
    guard let address = line.firstRange(of: "0x"),
      let function = line[address.upperBound...].firstRange(of: " "),
      let place = line.firstRange(of: " in rallybook at "),
      function.upperBound < place.lowerBound,
      line[place.upperBound...].contains("Sources/")
    else { return nil }
    let file = line[place.upperBound...].split(separator: "/").last ?? ""
    let parts = file.split(separator: ":")
    guard parts.count >= 2, parts[0].hasSuffix(".swift") else { return nil }
    let name = line[function.upperBound..<place.lowerBound]
    let plain = name.firstRange(of: " + ").map { name[..<$0.lowerBound] } ?? name
    let own = plain.hasPrefix("specialized ") ? plain.dropFirst("specialized ".count) : plain
    return "\(own), \(parts[0]):\(parts[1])"
  }
}
