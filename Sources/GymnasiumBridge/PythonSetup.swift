// SPDX-License-Identifier: MIT

import Environments
import FoundationEssentials
import Glibc

/// Where Python with gymnasium and ale-py is, and how to get it.
package enum PythonSetup {
  /// The Python that runs workers: `RALLYBOOK_PYTHON`; `.venv` of the current folder, or of the
  /// clone that the program was built in; the user's own, for an installed program; any `python3`.
  package static var python: String {
    if let asked = variable("RALLYBOOK_PYTHON") { return asked }
    let homes = [".venv"] + (clone.map { [$0 + "/.venv"] } ?? []) + [userFolder]
    return homes.map { $0 + "/bin/python3" }.first { access($0, X_OK) == 0 } ?? "python3"
  }

  /// The command that installs what is missing.
  package static var mendingCommand: String {
    if let clone {
      return clone == currentFolder ? "make setup-gymnasium" : "make -C \(clone) setup-gymnasium"
    }
    return """
      python3 -m venv \(userFolder) && \(userFolder)/bin/pip install \
      \(requirements.joined(separator: " "))
      """
  }

  /// What pip is asked for, such as `gymnasium==1.2.1`.
  package static var requirements: [String] {
    String(decoding: PackageResources.requirements_txt, as: UTF8.self)
      .split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  /// The worker's program: what is kept of observations, what actions are, how games are played and
  /// made, who serves them.
  package static var script: [UInt8] { scriptParts + PackageResources.worker_py }

  /// The same without what serves, for tests.
  package static var scriptParts: [UInt8] {
    PackageResources.observing_py + PackageResources.acting_py + PackageResources.playing_py
      + PackageResources.making_py
  }

  /// Starts a worker for real Pong, and says in a sentence what it found or what is missing.
  package static func examination() -> (isGood: Bool, sentence: String) {
    do throws(EnvironmentError) {
      let worker = try GymnasiumWorker(id: "ALE/Pong-v5", logPath: "/dev/null")
      let versions = worker.facts.versions.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      return (true, "\(versions) (\(python))")
    } catch {
      var sentence = error.description
      if !sentence.contains(mendingCommand) {
        sentence += "\n  mend with: \(mendingCommand)"
      }
      return (false, sentence)
    }
  }

  /// The clone whose build the running program is.
  private static let clone: String? = {
    let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    var folder = program ?? ""
    while let slash = folder.lastIndex(of: "/") {
      folder = String(folder[..<slash])
      let marks = ["Package.swift", "Sources/GymnasiumBridge"]
      if !folder.isEmpty, marks.allSatisfy({ access("\(folder)/\($0)", R_OK) == 0 }) {
        return folder
      }
    }
    return nil
  }()

  static var currentFolder: String { FileManager.default.currentDirectoryPath }

  private static var userFolder: String {
    (variable("XDG_DATA_HOME") ?? (variable("HOME") ?? "") + "/.local/share") + "/rallybook/venv"
  }

  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
