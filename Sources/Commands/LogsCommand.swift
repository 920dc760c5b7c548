// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import Glibc
import RunStore

/// `rallybook logs TRIAL`
struct LogsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Print a trial's log.")

  @Argument(help: "The trial: its first digits, or RUN/DIGITS.", completion: .trials)
  var trial: String
  @OptionGroup var store: StoreOptions
  @Flag(name: .shortAndLong, help: "Keep printing what is written until the trial's process ends.")
  var follow = false
  @Option(name: .shortAndLong, help: "Print this many last lines only.") var lines: Int?

  func validate() throws {
    if let lines, lines < 0 { throw ValidationError("--lines \(lines): allowed is 0 or more") }
  }

  func run() throws {
    let found = try FoundTrial(trial, in: store)
    let path = found.folder.logPath
    guard Disk.isPresent(path) || follow else {
      throw end(
        1, "no log yet: \(found.run.folder.name)/\(found.facts.id) is \(found.facts.state.words)")
    }
    var shown = 0
    var isFirst = true
    while true {
      // Looked at before the log, so that its last lines are not missed.
      let isRunning = TrialState((try? found.folder.readStatus()) ?? nil) == .running
      let bytes = (try? Disk.readIfPresent(path)) ?? []
      if bytes.count < shown { shown = 0 }
      var new = bytes[shown...]
      if isFirst, let lines { new = Self.last(lines, of: new) }
      Self.write(new)
      shown = bytes.count
      isFirst = false
      guard follow && isRunning && StandardStream.output.problem == nil else { return }
      usleep(200_000)
    }
  }

  private static func last(_ count: Int, of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
    let breaks = text.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
    if count == 0 { return bytes.suffix(0) }
    return breaks.count < count ? bytes : bytes[(breaks[breaks.count - count] + 1)...]
  }

  private static func write(_ bytes: ArraySlice<UInt8>) {
    // What an environment printed moves no cursor of ours; a file gets the bytes as they are.
    guard isatty(1) == 1 else { return StandardStream.output.writeAll(bytes) }
    StandardStream.output.writeAll(DisplayText.escapedLines(String(decoding: bytes, as: UTF8.self)))
  }
}
