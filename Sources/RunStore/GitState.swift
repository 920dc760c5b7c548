// SPDX-License-Identifier: MIT

import Artifacts
import Glibc

/// The commit of the work tree around an experiment.
package struct GitState: Codable, Hashable, Sendable {
  /// 40 (or 64) hexadecimal digits; empty before the first commit.
  package var commit: String
  /// Whether a tracked file differs from the commit.
  package var dirty: Bool

  package init(commit: String, dirty: Bool) {
    self.commit = commit
    self.dirty = dirty
  }

  /// The work tree around `folder`, or nil where there is none, or no git.
  ///
  /// Runs `git` once, about 5 ms; it takes no lock of the repository.
  package static func around(_ folder: String) -> GitState? {
    let arguments = [
      "git", "--no-optional-locks", "-C", folder, "status", "--porcelain=v2", "--branch",
      "--untracked-files=no",
    ]
    guard let text = output(of: arguments) else { return nil }
    return GitState(porcelain: text)
  }

  /// Reads what `git status --porcelain=v2 --branch` prints; nil when no commit line is in it.
  package init?(porcelain text: String) {
    let lines = text.split(separator: "\n")
    let mark = "# branch.oid "
    guard let oid = lines.first(where: { $0.hasPrefix(mark) })?.dropFirst(mark.count) else {
      return nil
    }
    self.init(
      commit: oid == "(initial)" ? "" : String(oid), dirty: lines.contains { $0.first != "#" })
  }

  /// What a program found on PATH prints, or nil when it is missing or fails.
  private static func output(of arguments: [String]) -> String? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var pid: pid_t = 0
    let started = posix_spawnp(&pid, arguments[0], &actions, nil, words, environ) == 0
    close(ends[1])
    defer { close(ends[0]) }
    guard started else { return nil }
    let text = readBytes(ofOpen: ends[0]) ?? []
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status == 0 ? String(decoding: text, as: UTF8.self) : nil
  }
}
