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

  package init(cpu: String, cores: Int, kernel: String, os: String, vectorExtension: String) {
    self.cpu = cpu
    self.cores = cores
    self.kernel = kernel
    self.os = os
    self.vectorExtension = vectorExtension
  }

  /// The machine of the calling process; what it does not tell is `unknown`.
  package static var current: MachineFacts {
    let cpuinfo = text("/proc/cpuinfo")
    let release = text("/etc/os-release").isEmpty ? "/usr/lib/os-release" : "/etc/os-release"
    return MachineFacts(
      cpu: cpuModel(inCpuinfo: cpuinfo), cores: usableCores, kernel: kernelName,
      os: osName(inRelease: text(release)), vectorExtension: vectorExtension(inCpuinfo: cpuinfo))
  }

  /// Logical processors that the calling process may use; at least 1.
  package static var usableCores: Int {
    usableCores(inStatus: text("/proc/self/status"))
      ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The processors of the line `Cpus_allowed` of `/proc/PID/status`, or nil when it names none.
  package static func usableCores(inStatus text: String) -> Int? {
    let mask = value(of: "Cpus_allowed", separator: ":", in: text) ?? ""
    let count = mask.compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
    return count > 0 ? count : nil
  }

  /// The processor's name out of the text of `/proc/cpuinfo`.
  package static func cpuModel(inCpuinfo text: String) -> String {
    let names = ["model name", "Model", "Hardware", "Processor"]
    return names.lazy.compactMap { value(of: $0, separator: ":", in: text) }.first ?? "unknown"
  }

  /// The distribution's name out of the text of `os-release`.
  package static func osName(inRelease text: String) -> String {
    guard let name = value(of: "PRETTY_NAME", separator: "=", in: text) else { return "unknown" }
    return name.filter { $0 != "\"" }
  }

  /// The widest vector instructions that the flags of `/proc/cpuinfo` name.
  package static func vectorExtension(inCpuinfo text: String) -> String {
    let flags =
      value(of: "flags", separator: ":", in: text)
      ?? value(of: "Features", separator: ":", in: text) ?? ""
    let known = Set(flags.split(separator: " "))
    return ["avx512f", "avx2", "avx", "sse4_2", "asimd"].first { known.contains($0[...]) } ?? "none"
  }

  private static var kernelName: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    return [
      string(&names.sysname), string(&names.release), string(&names.machine),
    ].joined(separator: " ")
  }

  /// The name of this machine in its network.
  package static var hostName: String {
    var names = utsname()
    return uname(&names) == 0 ? string(&names.nodename) : "unknown"
  }

  private static func string<Field>(_ field: inout Field) -> String {
    withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private static func text(_ path: String) -> String {
    String(decoding: (try? Disk.read(path)) ?? [], as: UTF8.self)
  }

  private static func value(
    of key: String, separator: Character, in text: String
  ) -> String? {
    for line in text.split(separator: "\n") {
      guard let split = line.firstIndex(of: separator) else { continue }
      guard trimmed(line[..<split]) == key else { continue }
      return trimmed(line[line.index(after: split)...])
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return String(text)
  }
}
