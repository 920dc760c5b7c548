// SPDX-License-Identifier: MIT

import Diagnostics
import Foundation

/// Wall-clock seconds that `work` takes.
func seconds(_ work: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(work) / .seconds(1)
}

/// The best of three: what the machine can do when nothing disturbs it.
func bestOfThree(_ work: () -> Double) -> Double { (0..<3).map { _ in work() }.max() ?? 0 }

/// `1,234,567` or `12.3 M`.
func shown(_ value: Double) -> String {
  if value >= 1e7 { return String(format: "%.1f M", value / 1e6) }
  if value < 100 { return String(format: "%.2f", value) }
  return Numbers.whole(Int(value.rounded()))
}

/// One line of the table.
func line(_ what: String, _ value: String, bar: String, note: String = "") {
  let padded = what + String(repeating: " ", count: max(0, 46 - what.count))
  let figure = String(repeating: " ", count: max(0, 14 - value.count)) + value
  print("\(padded)\(figure)   \(bar)\(note.isEmpty ? "" : "   " + note)")
  fflush(nil)
}

/// Runs a program and gives its standard output; nil where it fails.
func output(of path: String, _ arguments: [String], environment: [String: String] = [:]) -> String?
{
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment
    .filter { !$0.key.hasPrefix("OPENBLAS_") }
    .merging(environment, uniquingKeysWith: { $1 })
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return nil }
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
}
