// SPDX-License-Identifier: MIT

import Diagnostics
import Glibc

/// Opens an address in the person's browser: `$BROWSER`, or where there is a display `xdg-open`. Where
/// there is none, says what to open.
func openBrowser(at address: String) {
  func setting(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
  let hasDisplay = setting("DISPLAY") != nil || setting("WAYLAND_DISPLAY") != nil
  let commands = setting("BROWSER").map { $0.split(separator: ":").map(String.init) }
  for command in commands ?? (hasDisplay ? ["xdg-open"] : []) {
    let words = command.split(separator: " ").map(String.init)
    let filled = words.map { $0.replacing("%s", with: address) }
    if startDetached(filled == words ? words + [address] : filled) != nil { return }
  }
  printError(line: "no browser was found here; open \(address)")
}

/// Starts a program in a session of its own, so that it outlives us and no key on the terminal
/// reaches it.
///
/// - Parameter output: where standard output and error go; nil for nowhere.
/// - Returns: its process; nil where it cannot be started.
func startDetached(_ words: [String], output: Int32? = nil) -> pid_t? {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
  for descriptor in [Int32(1), 2] {
    posix_spawn_file_actions_adddup2(&actions, output ?? 0, descriptor)
  }
  // POSIX_SPAWN_SETSID, which is not imported: the C library has it for GNU sources only.
  let newSession: Int16 = 0x80
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  // We ignore it; others do not expect that.
  var restored = sigset_t()
  sigemptyset(&restored)
  sigaddset(&restored, SIGPIPE)
  posix_spawnattr_setsigdefault(&attributes, &restored)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | newSession)
  var arguments = words.map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  var pid: pid_t = 0
  guard let program = words.first,
    posix_spawnp(&pid, program, &actions, &attributes, &arguments, environ) == 0
  else { return nil }
  return pid
}
