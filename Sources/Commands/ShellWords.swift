// SPDX-License-Identifier: MIT

import Glibc

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
