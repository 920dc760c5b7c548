// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import Diagnostics
import Glibc
import RunStore
import Statistics

/// `rallybook stats FILE.csv`
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Apply the report's statistics to any scores.",
    discussion: """
      FILE.csv has the columns variant,seed,task,score (without task: one task), in UTF-8; an empty \
      score, nan or an absent row is a run that failed: it is left out and counted. Intervals are \
      95 % percentile bootstrap intervals, every resample enumerated up to 100,000. Variants are \
      compared apart unless --paired says that equal seeds are pairs. Greater scores are better: \
      negate those that are to be small.
      """)

  @Argument(help: "The scores; - for standard input.") var file: String
  @Flag(help: "One JSON object on standard output.") var json = false
  @Flag(
    help: "Rows with the same seed share random numbers: compare variants seed by seed.")
  var paired = false
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

  @Option(
    help: ArgumentHelp(
      "Numbers of pairs at which you look, fixed beforehand, such as 8,10,13; pairs are counted in the "
        + "order of the rows' seeds. Implies --paired, needs --max-seeds.", valueName: "n,n,…"))
  var looks: String?
  @Option(help: ArgumentHelp("Pairs at which you stop in any case.", valueName: "n"))
  var maxSeeds: Int?

  func validate() throws {
    if (looks == nil) != (maxSeeds == nil) {
      throw ValidationError("--looks and --max-seeds go together")
    }
    _ = try sequentialLooks()
  }

  private func sequentialLooks() throws -> SequentialStudy.Looks? {
    guard let looks, let maxSeeds else { return nil }
    let pairs = try looks.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let number = Int(part), (1...1_000_000).contains(number) else {
        throw ValidationError(
          "--looks: found \"\(part)\"; allowed: whole numbers with commas between, such as 8,10,13")
      }
      return number
    }
    do throws(StatsError) {
      return try SequentialStudy.Looks(pairs: pairs, most: maxSeeds)
    } catch {
      throw ValidationError(error.sentence)
    }
  }

  func run() throws {
    let thresholds = try at.map { try Self.numbers($0, option: "--at", example: "0,0.25,0.5") }
    let options = ScoreStudy.Options(
      range: try scoreRange(), gamma: gamma, thresholds: thresholds,
      isPaired: paired || looks != nil, looks: try sequentialLooks())
    let bytes: [UInt8]
    do throws(RunStoreError) {
      bytes = try Disk.read(file == "-" ? "/dev/stdin" : file)
    } catch {
      throw end(2, error.description)
    }
    let scores = ScoreFile(bytes)
    guard scores.problems.isEmpty else {
      for problem in scores.problems.prefix(20) {
        let place = [problem.line, problem.column].filter { $0 > 0 }.map { ":\($0)" }.joined()
        printError("\(file)\(place): error: \(problem.sentence)")
      }
      if scores.problems.count > 20 { printError("and \(scores.problems.count - 20) more") }
      throw ExitCode(2)
    }
    if !scores.unused.isEmpty {
      let names = scores.unused.prefix(6).map { "\"\($0)\"" }.joined(separator: ", ")
      let more = scores.unused.count > 6 ? " and \(scores.unused.count - 6) more" : ""
      printError("\(file): note: not read: columns \(names)\(more)")
    }
    var progress = ResamplingProgress()
    let study = ScoreStudy(scores, options) { progress.show($0) }
    progress.end()
    if json { say(json: study.json(file: file)) } else { say(lines: study.text) }
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

/// How far a long study has come, on standard error: a line that changes on a terminal, elsewhere a
/// line every ten seconds.
private struct ResamplingProgress {
  private let isTerminal = isatty(2) == 1
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private var isShown = false

  init() { last = clock.now }

  mutating func show(_ share: Double) {
    guard clock.now - last > (isTerminal ? .milliseconds(300) : .seconds(10)) else { return }
    last = clock.now
    isShown = true
    let text = "resampling: \(Int((100 * min(1, max(0, share))).rounded(.down)))\u{A0}%"
    if isTerminal { StandardStream.error.write("\r\(text) ") } else { printError(text) }
  }

  /// Takes the line away.
  mutating func end() {
    if isTerminal && isShown { StandardStream.error.write("\r\u{1B}[K") }
  }
}
