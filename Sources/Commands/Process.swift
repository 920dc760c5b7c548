// SPDX-License-Identifier: MIT

import Glibc

/// Work at the end of a verb that may be broken off at any moment: a signal or the end of the time
/// ends the process with a sentence and status 5.
enum Interruption {
  private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGALRM]

  /// - Parameters:
  ///   - sentence: what to say.
  ///   - seconds: until the time is up; nil for never.
  static func begin(_ sentence: String, _ seconds: Double?) {
    text = strdup(sentence + "\n")
    length = sentence.utf8.count + 1
    for number in signals { signal(number, leave) }
    if let seconds {
      let whole = max(0.01, seconds)
      var timer = itimerval()
      timer.it_value.tv_sec = Int(whole)
      timer.it_value.tv_usec = Int((whole - whole.rounded(.down)) * 1e6)
      setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
    }
  }

  static func end() {
    var never = itimerval()
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &never, nil)
    for number in signals { signal(number, SIG_DFL) }
  }
}

// A signal's handler can reach nothing but globals; they are set before it is.
nonisolated(unsafe) private var text: UnsafeMutablePointer<CChar>?
nonisolated(unsafe) private var length = 0

private let leave: @convention(c) (Int32) -> Void = { _ in
  var output = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
  // A terminal that takes nothing is not waited for.
  if let text, poll(&output, 1, 0) > 0 { _ = write(2, text, length) }
  _exit(5)
}

/// The running program's own path, for its children.
func executablePath() -> String {
  guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
  defer { free(path) }
  return String(cString: path)
}

/// The path without `.`, `..` and links, or the path itself where there is nothing.
func absolutePath(_ path: String) -> String {
  guard let full = realpath(path, nil) else { return path }
  defer { free(full) }
  return String(cString: full)
}

/// The command that was given, as a shell takes it, without the words in `flags`.
func givenCommand(without flags: Set<String> = []) -> String {
  CommandLine.arguments.filter { !flags.contains($0) }.map(shellQuoted).joined(separator: " ")
}

private func shellQuoted(_ word: String) -> String {
  let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:+")
  if !word.isEmpty && word.allSatisfy(plain.contains) { return word }
  return "'"
    + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    + "'"
}
