// SPDX-License-Identifier: MIT

import Artifacts
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

/// Which binary the calling process runs: the linker's digest of it (ELF note NT_GNU_BUILD_ID).
package enum BinaryIdentity {
  /// The first 16 hexadecimal digits, or nil in a binary that was linked without one.
  package static let current: String? = {
    let descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // Headers and notes stand at the beginning.
    var head = [UInt8](repeating: 0, count: 16_384)
    let count = pread(descriptor, &head, head.count, 0)
    return count > 0 ? buildID(inELF: Array(head[..<count])) : nil
  }()

  /// The build id in the first bytes of a 64-bit little-endian ELF file, 16 digits of it.
  package static func buildID(inELF file: [UInt8]) -> String? {
    func number(at place: Int, bytes: Int) -> Int? {
      guard place >= 0, place <= file.count - bytes else { return nil }
      return (0..<bytes).reversed().reduce(0) { $0 << 8 | Int(file[place + $1]) }
    }
    guard file.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]),
      let table = number(at: 32, bytes: 4), let size = number(at: 54, bytes: 2),
      let count = number(at: 56, bytes: 2)
    else { return nil }
    for entry in 0..<count {
      let header = table + entry * size
      // PT_NOTE
      guard number(at: header, bytes: 4) == 4, var place = number(at: header + 8, bytes: 4),
        let length = number(at: header + 32, bytes: 4)
      else { continue }
      let end = place + length
      while place < end, let nameSize = number(at: place, bytes: 4),
        let valueSize = number(at: place + 4, bytes: 4), let type = number(at: place + 8, bytes: 4)
      {
        let name = place + 12
        let value = name + (nameSize + 3) / 4 * 4
        guard value + valueSize <= file.count else { break }
        if type == 3 && Array(file[name..<name + nameSize]) == Array("GNU\0".utf8) {
          return file[value..<value + min(8, valueSize)].map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
          }.joined()
        }
        place = value + (valueSize + 3) / 4 * 4
      }
    }
    return nil
  }
}

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
