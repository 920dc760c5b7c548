// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import Glibc
import RunStore
import Runner
import Serving

/// `rallybook serve`
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show the reports in a browser.",
    discussion: """
      It prints the address to open, reads and changes nothing, and ends with Ctrl-C. On 127.0.0.1 it \
      is reached from this machine alone. Listening elsewhere, it puts a random word into the \
      address, without which nothing is shown; the connection is not encrypted.
      """)

  @OptionGroup var folders: FolderOptions
  @Option(help: "The port; 0 for any that is free.") var port: UInt16 = 7321
  @Option(help: "The address of this machine on which it listens; 0.0.0.0 for all.")
  var host = "127.0.0.1"

  func run() async throws {
    let server = try WebServer(host: host, port: port, site: site)
    let signals = RunnerSignals.stream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run { say($0) } }
      group.addTask {
        for await number in signals {
          guard number == SIGTSTP else { return }
          RunnerSignals.pause()
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private var site: WebServer.Site {
    let reports = StaticFolder(folders.reports)
    return { path, _ in
      switch path.first {
      case "" where path.count == 1: .moved(to: "reports/")
      case "reports" where path.count == 1: .moved(to: "reports/")
      case "reports": reports.answer(Array(path.dropFirst()))
      default: .nothing
      }
    }
  }
}
