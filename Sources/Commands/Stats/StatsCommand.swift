// SPDX-License-Identifier: MIT

import ArgumentParser
import RunStore
import Statistics

/// `rallybook stats FILE.csv`
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "The report's statistics on anyone's scores.",
    discussion: """
      FILE.csv has the columns variant,seed,task,score (without task: one task); an empty score or \
      nan is a run that failed: it is left out and counted. Intervals are 95 % percentile bootstrap \
      intervals, every resample enumerated up to 100,000. Greater scores are better: negate those \
      that are to be small.
      """)

  @Argument(help: "The scores; - for standard input.") var file: String
  @Flag(help: "One JSON object on standard output.") var json = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The scores that become 0 and 1, such as -21,21; 0,1 where they are normalized already.",
      valueName: "low,high"))
  var range: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The optimality gap's target; 1 with --range.", valueName: "score"))
  var gamma: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Thresholds of the performance profile; 0 to 1 by 0.05 with --range.",
      valueName: "score,score,…"))
  var at: String?

  func run() throws {
    let options = ScoreStudy.Options(
      range: try scoreRange(), gamma: gamma, thresholds: try thresholds())
    let scores = ScoreFile(try text())
    guard scores.problems.isEmpty else {
      for problem in scores.problems.prefix(20) {
        printError(
          "\(file)\(problem.line > 0 ? ":\(problem.line)" : ""): error: \(problem.sentence)")
      }
      if scores.problems.count > 20 { printError("and \(scores.problems.count - 20) more") }
      throw end(2)
    }
    for column in scores.unused { printError("\(file): note: column \"\(column)\" is not read") }
    let study = ScoreStudy(scores, options)
    print(json ? study.json(file: file) : study.text)
  }

  private func text() throws -> String {
    do throws(RunStoreError) {
      let bytes = try Disk.read(file == "-" ? "/dev/stdin" : file)
      return String(decoding: bytes, as: UTF8.self)
    } catch {
      throw end(2, error.description)
    }
  }

  private func scoreRange() throws -> ScoreRange? {
    guard let range else { return nil }
    let ends = try Self.numbers(range, option: "--range", example: "-21,21")
    guard ends.count == 2, let found = ScoreRange(minimum: ends[0], maximum: ends[1]) else {
      throw ValidationError(
        "--range: found \"\(range)\"; allowed: two numbers, the lesser first, such as -21,21")
    }
    return found
  }

  private func thresholds() throws -> [Double]? {
    try at.map { try Self.numbers($0, option: "--at", example: "0,0.25,0.5") }
  }

  private static func numbers(_ text: String, option: String, example: String) throws -> [Double] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let number = Double(part), number.isFinite else {
        throw ValidationError(
          "\(option): found \"\(part)\"; allowed: numbers with commas between, such as \(example)")
      }
      return number
    }
  }
}
