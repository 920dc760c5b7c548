// SPDX-License-Identifier: MIT

import Glibc

extension WorkerProcess {
  /// The descriptor of a file in memory that holds these bytes, at its start; −1 for an error.
  static func file(_ bytes: [UInt8]) -> Int32 {
    let descriptor = NamelessFile.make()
    guard descriptor >= 0 else { return -1 }
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if written == bytes.count, lseek(descriptor, 0, SEEK_SET) == 0 { return descriptor }
    close(descriptor)
    return -1
  }

  static func spawn(
    _ words: [String], descriptors: [Int32], mark: String
  ) throws(WorkerFault) -> pid_t {
    // Copies far from 0...4, so that none overwrites another on the way.
    let copies = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, 16) }
    defer { for copy in copies where copy >= 0 { close(copy) } }
    guard copies.allSatisfy({ $0 >= 0 }) else {
      throw .notStarted(python: words[0], reason: errnoSentence())
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (place, copy) in copies.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, copy, Int32(place))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | newSession)
    var pointers = words.map { strdup($0) } + [nil]
    var variables = environment(mark).map { strdup($0) } + [nil]
    defer { for pointer in pointers + variables { free(pointer) } }
    var pid: pid_t = 0
    let status = posix_spawnp(&pid, words[0], &actions, &attributes, &pointers, &variables)
    guard status == 0 else {
      throw .notStarted(python: words[0], reason: String(cString: strerror(status)))
    }
    return pid
  }

  /// glibc's `POSIX_SPAWN_SETSID`, which Swift does not import.
  private static let newSession: Int16 = 0x80

  /// Ours, the worker's mark, and one thread for numpy, whose threads would only wait for each other.
  private static func environment(_ mark: String) -> [String] {
    var variables: [String] = []
    var pointer = environ
    while let entry = pointer.pointee {
      variables.append(String(cString: entry))
      pointer += 1
    }
    let ours = [
      "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "PYTHONUNBUFFERED=1",
      "\(WorkerFamily.variable)=\(mark)",
    ]
    return variables.filter { variable in
      !ours.contains { variable.hasPrefix($0.prefix { $0 != "=" } + "=") }
    } + ours
  }
}
