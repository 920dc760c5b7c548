// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import Trials

/// `rallybook trace check FILE…`
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Hold the embedded game against games recorded from ALE.",
    subcommands: [TraceCheckCommand.self])
}

/// `rallybook trace check FILE…`
struct TraceCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Replay recorded games; exit status 3 at the first difference.")

  @Argument(help: "Traces (*.pongtrace).") var files: [String]

  func run() throws {
    var status: Int32 = 0
    for file in files {
      do throws(ArtifactError) {
        let trace = try TraceFile(contentsOf: file)
        if let difference = firstDifference(from: trace) {
          print("\(file): \(difference)")
          status = max(status, 3)
        } else {
          print("\(file): \(trace.acts.count) frames, 0 differences")
        }
      } catch {
        printError(String(describing: error))
        status = max(status, 2)
      }
    }
    if status != 0 { throw ExitCode(status) }
  }
}
