// SPDX-License-Identifier: MIT

import Foundation

/// The programs that tests run beside ours. A test asks for what it needs and fails where that is
/// missing: `make setup-test` installs all of them, so nothing is skipped.
package enum Tools {
  /// The Python that `make setup-test` fills with gymnasium, ale-py and the rest.
  package static let python: String = {
    if let named = ProcessInfo.processInfo.environment["RALLYBOOK_PYTHON"] { return named }
    let own = FileManager.default.currentDirectoryPath + "/.venv/bin/python3"
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }()

  /// The path of a program.
  ///
  /// - Parameter names: what it is called on different systems.
  /// - Throws: `ChildProcess.Failure` that says how to install it.
  package static func path(_ names: String...) throws -> String {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in names {
      for folder in folders + ["/usr/sbin", "/usr/local/bin"] {
        let path = "\(folder)/\(name)"
        if FileManager.default.isExecutableFile(atPath: path) { return path }
      }
    }
    throw ChildProcess.Failure(
      description: "\(names[0]) is missing; `make setup-test` installs what the tests use")
  }

  /// Runs a Python script.
  ///
  /// - Returns: what it printed.
  package static func runPython(
    _ script: String, _ arguments: [String] = [], input: String = ""
  ) throws -> String {
    try ChildProcess.output([python, "-c", script] + arguments, input: input)
  }

  /// The Python of `docs/reference/safetensors.md`, which reads an exported policy.
  package static func policyReader() throws -> String {
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let page = try String(
      contentsOf: root.appending(path: "docs/reference/safetensors.md"), encoding: .utf8)
    guard let code = page.components(separatedBy: "```").first(where: { $0.hasPrefix("python\n") })
    else { throw ChildProcess.Failure(description: "the page has no Python") }
    return String(code.dropFirst(7))
  }
}
