// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import Glibc
import Report
import RunStore
import Runner
import Search
import Serving

/// `rallybook serve`
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show what runs now, and the reports, in a browser.",
    discussion: """
      It prints the address to open, reads and changes nothing, and ends with Ctrl-C. On 127.0.0.1 it \
      is reached from this machine alone. Listening elsewhere, it puts a random word into the \
      address, without which nothing is shown; the connection is not encrypted. `run --open` starts \
      one for its own run.
      """)

  @OptionGroup var folders: FolderOptions
  @Option(help: "The port; 0 for any that is free.") var port: UInt16 = 7321
  @Option(help: "The address of this machine on which it listens; 0.0.0.0 for all.")
  var host = "127.0.0.1"
  @Flag(help: "Open the page in a browser: $BROWSER, or xdg-open.") var open = false
  @Option(
    help: ArgumentHelp(
      "End when no page has asked for so long: 90 (seconds), 15m, 2h or 1d; else never.",
      valueName: "time"))
  var idleAfter: DurationArgument?

  func run() async throws {
    let feed = LiveFeed(
      runs: folders.runs, reports: folders.reports,
      decisions: { run in
        run.readRounds().map { $0.decisions + $0.ended + ($0.next.map { ["now \($0)"] } ?? []) }
          ?? []
      }, answer: answer(ofReportIn:))
    // What begins from here on is shown.
    await feed.lookAgain()
    let server = try WebServer(host: host, port: port, site: site(feed))
    let signals = RunnerSignals.stream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await server.run { address in
          say(address)
          if open { openBrowser(at: address) }
        }
      }
      group.addTask {
        for await number in signals {
          guard number == SIGTSTP else { return }
          RunnerSignals.pause()
        }
      }
      if let idleAfter {
        group.addTask {
          while await feed.idleSeconds < idleAfter.seconds {
            try await Task.sleep(for: .seconds(min(1, idleAfter.seconds)))
          }
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func site(_ feed: LiveFeed) -> WebServer.Site {
    let reports = StaticFolder(folders.reports)
    let page = Answer(Array(livePage().utf8), type: "text/html; charset=utf-8")
    return { path, query in
      await feed.isAsked()
      switch path.first {
      case "" where path.count == 1: return page
      case "live.json" where path.count == 1: return await feed.answer(to: query)
      case "reports" where path.count == 1: return .moved(to: "reports/")
      case "reports": return reports.answer(Array(path.dropFirst()))
      default: return .nothing
      }
    }
  }
}

extension FolderOptions {
  /// Starts `serve` for the same folders, which ends some time after its last page was closed, and
  /// opens the page of a run.
  func openPage(of run: String) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let words = [
      "serve", "--runs", runs, "--reports", reports, "--port", "0", "--idle-after", "10m",
    ]
    let pid = startDetached([executablePath()] + words, output: ends[1])
    close(ends[1])
    var text: [UInt8] = []
    var byte = UInt8(0)
    while true {
      let count = read(ends[0], &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1, byte != UInt8(ascii: "\n") else { break }
      text.append(byte)
    }
    let line = String(decoding: text, as: UTF8.self)
    guard pid != nil, line.hasPrefix("http") else {
      return printError("the page could not be opened: \(line)")
    }
    printError(line: "shown at \(line)")
    openBrowser(at: "\(line)#run-\(run)")
  }
}
