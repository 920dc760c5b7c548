// SPDX-License-Identifier: MIT

package import Foundation

/// A program that a test started. Not by Foundation's `Process`, whose `waitUntilExit` needs a run
/// loop that Swift's tests do not have.
package struct ChildProcess: Sendable {
  package let pid: pid_t
  private let folder: TemporaryFolder

  package struct Result: Sendable {
    /// The exit status, or 128 and the signal's number.
    package let status: Int32
    package let output: String
    package let error: String
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - words: the program, by path or looked up in PATH, and its arguments.
  ///   - folder: its working folder; nil for the test's own.
  ///   - environment: variables set beside those of the test.
  ///   - input: what it reads on standard input.
  package init(
    _ words: [String], in folder: String? = nil, environment: [String: String] = [:],
    input: String = ""
  ) throws {
    let files = try TemporaryFolder()
    try files.write(input, to: "in")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "\(files.path)/in", O_RDONLY, 0)
    for (descriptor, name) in [(Int32(1), "out"), (2, "err")] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, "\(files.path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    let set = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let wrapped = ["/usr/bin/env"] + (folder.map { ["-C", $0] } ?? []) + set + words
    var pointers = wrapped.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var pid: pid_t = 0
    let started = posix_spawn(&pid, wrapped[0], &actions, nil, &pointers, environ)
    guard started == 0 else {
      throw Failure(description: "\(words): \(String(cString: strerror(started)))")
    }
    (self.pid, self.folder) = (pid, files)
  }

  private func text(_ name: String) -> String {
    (try? Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)")))
      .map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// What it has written on stdout until now.
  package var outputSoFar: String { text("out") }

  /// What it has written on stderr until now.
  package var errorSoFar: String { text("err") }

  /// Waits for its end.
  package func wait() -> Result {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    return Result(
      status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: text("out"),
      error: text("err"))
  }

  /// Runs a program that has to succeed.
  ///
  /// - Returns: what it printed.
  /// - Throws: `Failure` with its status and its last words otherwise.
  package static func output(
    _ words: [String], in folder: String? = nil, environment: [String: String] = [:],
    input: String = ""
  ) throws -> String {
    let result = try ChildProcess(words, in: folder, environment: environment, input: input).wait()
    guard result.status == 0 else {
      throw Failure(
        description: "\(words[0]) ended with \(result.status): \(result.error.suffix(2000))")
    }
    return result.output
  }
}
