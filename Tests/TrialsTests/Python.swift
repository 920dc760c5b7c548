// SPDX-License-Identifier: MIT

import Foundation

/// The Python of `make test`, which has gymnasium and ale-py.
enum Python {
  static let interpreter = ProcessInfo.processInfo.environment["RALLYBOOK_PYTHON"]

  static var isThere: Bool { interpreter != nil }

  /// Runs a script with arguments, without a wait by Foundation's `Process`, which can hang here.
  ///
  /// - Returns: what it printed.
  static func run(_ script: String, _ arguments: [String]) throws -> String {
    let to = FileManager.default.temporaryDirectory
      .appending(path: "rallybook-python-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: to) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, to.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    let words = [interpreter ?? "python3", "-c", script] + arguments
    var pointers = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var pid: pid_t = 0
    let started = posix_spawnp(&pid, words[0], &actions, nil, &pointers, environ)
    guard started == 0 else { throw Failure(status: started) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else { throw Failure(status: status) }
    return try String(contentsOf: to, encoding: .utf8)
  }

  struct Failure: Error { let status: Int32 }
}
