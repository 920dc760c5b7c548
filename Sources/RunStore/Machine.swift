// SPDX-License-Identifier: MIT

import Glibc

/// What a trial ran on.
package struct MachineFacts: Codable, Hashable, Sendable {
  /// The processor's model, as `/proc/cpuinfo` names it.
  package var cpu: String
  /// Logical processors that this process may use.
  package var cores: Int
  /// Name and release of the kernel, such as `Linux 6.1.0-28-amd64 x86_64`.
  package var kernel: String
  /// The distribution, such as `Debian GNU/Linux 12 (bookworm)`.
  package var os: String
  /// The widest vector instructions of the processor: `avx512f`, `avx2`, `avx`, `sse4_2`, `asimd`
  /// or `none`.
  package var vectorExtension: String

  /// The machine of the calling process; what it does not tell is `unknown`.
  ///
  /// - Parameter vectorExtension: the instructions that are used; nil for the widest that it has.
  package static func current(vectorExtension: String? = nil) -> MachineFacts {
    let cpuinfo = text("/proc/cpuinfo")
    let release = text("/etc/os-release").isEmpty ? "/usr/lib/os-release" : "/etc/os-release"
    var names = utsname()
    let isKnown = uname(&names) == 0
    let kernel = [string(&names.sysname), string(&names.release), string(&names.machine)]
    return MachineFacts(
      cpu: cpuModel(inCpuinfo: cpuinfo), cores: usableCores,
      kernel: isKnown ? kernel.joined(separator: " ") : "unknown",
      os: osName(inRelease: text(release)), 
      vectorExtension: vectorExtension ?? Self.vectorExtension(inCpuinfo: cpuinfo))
  }

  /// The name of this machine in its network.
  package static var hostName: String {
    var names = utsname()
    return uname(&names) == 0 ? string(&names.nodename) : "unknown"
  }

  /// Logical processors that the calling process may use; at least 1.
  package static var usableCores: Int {
    usableCores(inStatus: text("/proc/self/status"))
      ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The processors of the line `Cpus_allowed` of `/proc/PID/status`, or nil when it names none.
  package static func usableCores(inStatus text: String) -> Int? {
    let mask = value(of: "Cpus_allowed", in: text) ?? ""
    let count = mask.compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
    return count > 0 ? count : nil
  }

  /// The processor's name out of the text of `/proc/cpuinfo`.
  package static func cpuModel(inCpuinfo text: String) -> String {
    let names = ["model name", "Model", "Hardware", "Processor"]
    return names.lazy.compactMap { value(of: $0, in: text) }.first ?? "unknown"
  }

  /// The distribution's name out of the text of `os-release`.
  package static func osName(inRelease text: String) -> String {
    value(of: "PRETTY_NAME", separator: "=", in: text)?.filter { $0 != "\"" } ?? "unknown"
  }

  /// The widest vector instructions that the flags of `/proc/cpuinfo` name.
  package static func vectorExtension(inCpuinfo text: String) -> String {
    let flags = value(of: "flags", in: text) ?? value(of: "Features", in: text) ?? ""
    let known = Set(flags.split(separator: " "))
    return ["avx512f", "avx2", "avx", "sse4_2", "asimd"].first { known.contains($0[...]) } ?? "none"
  }

  private static func string<Field>(_ field: inout Field) -> String {
    withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// What the calling process has used so far.
package struct ResourceUse: Hashable, Sendable {
  /// Processor seconds, user and system, of all its threads.
  package var cpuSeconds: Double
  /// Largest resident memory.
  package var peakMemoryBytes: Int

  /// The calling process until now.
  ///
  /// `ru_maxrss` is not what is wanted where there is `VmHWM`: across `exec` it keeps the peak of
  /// the program that started us.
  package static var current: ResourceUse {
    var usage = rusage()
    // Glibc imports the enumeration and the parameter as two types of the same number.
    _ = getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let peak = value(of: "VmHWM", in: text("/proc/self/status"))
      .flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return ResourceUse(
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMemoryBytes: (peak ?? usage.ru_maxrss) * 1_024)
  }
}

/// A file of the system as text; empty where it cannot be read.
private func text(_ path: String) -> String {
  String(decoding: (try? Disk.read(path)) ?? [], as: UTF8.self)
}

/// What stands behind a key in a text of one key a line, without the spaces around it.
private func value(of key: String, separator: Character = ":", in text: String) -> String? {
  func trimmed(_ text: Substring) -> String {
    let front = text.drop(while: \.isWhitespace)
    return String(front.reversed().drop(while: \.isWhitespace).reversed())
  }
  for line in text.split(separator: "\n") {
    guard let split = line.firstIndex(of: separator) else { continue }
    if trimmed(line[..<split]) == key { return trimmed(line[line.index(after: split)...]) }
  }
  return nil
}
