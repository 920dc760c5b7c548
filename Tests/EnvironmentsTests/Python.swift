// SPDX-License-Identifier: MIT

import Foundation

/// The Python of `make test`, which has gymnasium.
enum Python {
  static let interpreter = ProcessInfo.processInfo.environment["RALLYBOOK_PYTHON"]

  static var isThere: Bool { interpreter != nil }

  /// Runs a script on an input.
  ///
  /// - Returns: what it printed.
  static func run(_ script: String, input: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("rallybook-python-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (from, to) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
    try input.write(to: from, atomically: true, encoding: .utf8)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, from.path, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, to.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    let words = [interpreter ?? "python3", script]
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
