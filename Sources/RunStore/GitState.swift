// SPDX-License-Identifier: MIT

import Artifacts
import Glibc

/// The commit of the work tree around an experiment.
package struct GitState: Codable, Hashable, Sendable {
  /// 40 (or 64) hexadecimal digits; empty before the first commit.
  package var commit: String
  /// Whether a tracked file differs from the commit.
  package var dirty: Bool
}

extension GitState {
  /// The work tree around `folder`, or nil where there is none, or no git.
  ///
  /// Runs `git` once, about 5 ms; it takes no lock of the repository.
  package static func around(_ folder: String) -> GitState? {
    let quoted = folder.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    let command = """
      exec git --no-optional-locks -C '\(quoted)' status --porcelain=v2 --branch \
      --untracked-files=no </dev/null 2>/dev/null
      """
    guard let pipe = popen(command, "re") else { return nil }
    let text = readBytes(ofOpen: fileno(pipe)) ?? []
    return pclose(pipe) == 0 ? GitState(porcelain: String(decoding: text, as: UTF8.self)) : nil
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
}
