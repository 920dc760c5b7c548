// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Report
import RunStore

/// `rallybook compare A B…`
struct CompareCommand: ParsableCommand, ChoosesColor {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare runs, or some of their trials, variant by variant.",
    discussion: """
      rallybook compare demo other elsewhere/runs/third
      rallybook compare demo/1a2b3c demo/4d5e6f
      rallybook compare class --handed-out experiments/cartpole.json

      Each is the name of a run, its folder, a trial as RUN/TRIAL with the beginning of its id, or a \
      folder, which means all runs in it, up to four folders down. The score is that of the first. The \
      page is reports/compare-A-B/index.html.
      """)

  @Argument(help: "Runs, trials, or folders of runs: two or more runs.", completion: .runs)
  var runs: [String]
  @Option(
    help: ArgumentHelp("Only trials that meet a condition, as for query.", valueName: "expr"))
  var only: String?
  @Option(
    help: ArgumentHelp(
      "The experiment file that was handed out: says of each run whether it asked the same.",
      valueName: "file"), completion: .file())
  var handedOut: String?
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var folders: FolderOptions
  @Option(help: "Colour on standard output: auto, always or never.")
  var color: ColorChoice = .auto

  func run() throws {
    let query = try only.map { try QueryExpression($0, origin: "--only") }
    var (sides, problems): ([ComparedRun], [String]) = ([], [])
    for text in runs {
      do {
        sides += try found(text)
      } catch let ending as Ending {
        problems.append(ending.text)
      }
    }
    guard problems.isEmpty else {
      throw Ending(2, rendered: problems.joined(separator: "\n"))
    }
    guard sides.count > 1 else {
      throw end(2, "error[one-run]: found only \(sides[0].name); allowed: two runs or more")
    }
    if let query { sides = try sides.map { try limited($0, to: query) } }
    let file = try handedOut.map { path in
      let loaded = loadExperiment(path: path, catalogue: .standard)
      guard let plan = loaded.plan else {
        throw Ending(
          2, rendered: loaded.renderedFindings(usesColor: StandardStream.error.isColored(color)))
      }
      return plan
    }
    let names = sides.map { $0.name.replacing("/", with: "-") }
    let place =
      names.count > 3
      ? "\(names[0])-and-\(names.count - 1)-more" : names.joined(separator: "-")
    let found = try renderComparison(
      of: Self.named(sides, authors: authors(sides)), handedOut: file,
      to: "\(folders.reports)/compare-\(place)")
    try renderIndex(of: folders.reports)
    if json {
      say(json: canonicalJSON(found.json))
    } else {
      say(found.page.pagePath)
      found.show(color)
    }
    for line in [found.page.headline] + found.page.gaps { printError(line: line) }
  }

  // MARK: What is meant

  /// The run or runs that a text means.
  private func found(_ text: String) throws -> [ComparedRun] {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    for run in [RunFolder(runs: folders.runs, name: text), RunFolder(path: text)]
    where Disk.isPresent(run.planPath) {
      return [ComparedRun(run: run, name: run.name)]
    }
    let parent = parts.dropLast().filter { $0 != "trials" }.joined(separator: "/")
    for run in [RunFolder(runs: folders.runs, name: parent), RunFolder(path: parent)]
    where !parent.isEmpty && Disk.isPresent(run.planPath) {
      return [try trial(parts[parts.count - 1], of: run)]
    }
    guard Disk.isFolder(text) else {
      let isPath = parts.count > 1 && Disk.isFolder(parent)
      let folder = isPath ? parent : folders.runs
      throw unknownRun(isPath ? parts[parts.count - 1] : text, in: folder)
    }
    let all = try Self.runs(in: text, depth: 4)
    guard !all.isEmpty else {
      throw end(
        2, "error[unknown-run]: no run in \(text), which is a folder; a run's folder has plan.json")
    }
    return all.map { ComparedRun(run: $0, name: $0.name) }
  }

  private func trial(_ prefix: String, of run: RunFolder) throws -> ComparedRun {
    let ids = try run.readPlan().trials.map(\.id).filter { $0.hasPrefix(prefix) }
    guard let id = ids.first, ids.count == 1, !prefix.isEmpty else {
      throw end(
        2,
        "error[unknown-trial]: run \(run.name) has \(ids.isEmpty ? "no trial" : "\(ids.count) trials")"
          + " whose id begins with \"\(prefix)\"")
    }
    return ComparedRun(run: run, name: "\(run.name)/\(id)", trials: [id])
  }

  /// Runs in a folder, sorted by path; what lies within a run is not looked at.
  private static func runs(in folder: String, depth: Int) throws -> [RunFolder] {
    guard depth > 0 else { return [] }
    return try RunFolder.names(in: folder).sorted().flatMap { name in
      let run = RunFolder(runs: folder, name: name)
      return Disk.isPresent(run.planPath) ? [run] : try runs(in: run.path, depth: depth - 1)
    }
  }

  private func limited(_ side: ComparedRun, to query: QueryExpression) throws -> ComparedRun {
    let chosen = try RunSnapshot(side.run).trials(matching: query, catalogue: .standard)
    let trials = side.trials.map(chosen.intersection) ?? chosen
    guard !trials.isEmpty else {
      throw end(2, "error: no trial of \(side.name) matches --only \(only ?? "")")
    }
    return ComparedRun(run: side.run, name: side.name, trials: trials)
  }

  private func authors(_ sides: [ComparedRun]) throws -> [String] {
    try sides.map { try $0.run.readPlan().about?.author ?? "" }
  }

  /// Runs of one name are called by their authors, and where these are no help by their folders.
  private static func named(_ sides: [ComparedRun], authors: [String]) -> [ComparedRun] {
    let choices = [sides.map(\.name), authors, sides.map(\.run.path)]
    let names = choices.first { !$0.contains("") && Set($0).count == $0.count }
    return zip(sides, names ?? choices[0]).map { side, name in
      var side = side
      side.name = name
      return side
    }
  }
}

extension ComparisonSummary {
  /// A table of the variants, and one of their differences.
  fileprivate func show(_ color: ColorChoice) {
    let intervals = rows.compactMap(\.interval)
    let precision = Precision(
      rows.compactMap(\.mean) + intervals.joined(), widths: intervals.map { $0[1] - $0[0] })
    func bounds(_ interval: [Double]?) -> String? {
      interval.map { precision.interval($0[0], $0[1]) }
    }
    func show<Row>(_ columns: [TextTable<Row>.Column], _ rows: [Row]) {
      let stream = StandardStream.output
      let lines = TextTable(columns, rows: rows)
        .lines(width: stream.size?.columns, color: stream.isColored(color))
      for line in rows.isEmpty ? [] : [""] + lines { say(rendered: line) }
    }
    show(
      [
        .init("run", least: 10) { .init($0.run, .strong) },
        .init("author", rank: 6, least: 8) {
          .init($0.author.isEmpty || $0.author == $0.run ? nil : $0.author)
        },
        .init("variant", least: 10) { .init($0.variant) },
        .init("n", right: true, rank: 3) {
          .init($0.seeds == $0.planned ? "\($0.seeds)" : "\($0.seeds) of \($0.planned)")
        },
        .init("mean", right: true) { .init(Shown.score($0.mean, precision), .strong) },
        .init("95 % interval", right: true, rank: 1) { .init(bounds($0.interval)) },
        .init("best seed", right: true, rank: 4) { .init(Shown.score($0.best, precision)) },
        .init("verdicts", rank: 2, least: 12) { .init($0.verdicts.isEmpty ? nil : $0.verdicts) },
        .init("file", rank: 5, least: 12) { .init($0.file) },
      ], rows)
    show(
      [
        .init("variant", least: 10) { .init($0.variant) },
        .init("run over run", least: 10) { .init("\($0.run) over \($0.over)") },
        .init("n", right: true, rank: 2) { .init($0.shownSeeds) },
        .init("difference", right: true) { .init(Shown.score($0.difference, precision), .strong) },
        .init("95 % interval", right: true, rank: 1) { .init(bounds($0.interval)) },
        .init("seeds won", right: true, rank: 3) { row in
          .init(row.seedsWon.map { "\($0) of \(row.seeds[0])" })
        },
        .init("p, Holm", right: true, rank: 4) { .init($0.adjustedP.map(Numbers.probability)) },
      ], differences)
  }

  /// All of it; what is not known, or is infinite, is null.
  fileprivate var json: ConfigValue {
    func number(_ value: Double?) -> ConfigValue {
      value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
    }
    func count(_ value: Int?) -> ConfigValue { number(value.map(Double.init)) }
    return [
      "page": .string(page.pagePath), "answer": .string(page.headline),
      "gaps": .array(page.gaps.map { .string($0) }), "score": .string(score),
      "variants": .array(
        rows.map { row in
          [
            "run": .string(row.run), "author": .string(row.author),
            "variant": .string(row.variant), "seeds": count(row.seeds),
            "planned": count(row.planned), "mean": number(row.mean),
            "lower": number(row.interval?[0]), "upper": number(row.interval?[1]),
            "iqm": number(row.interquartileMean), "best": number(row.best),
            "verdicts": .string(row.verdicts), "file": .text(row.file),
          ]
        }),
      "differences": .array(
        differences.map { row in
          [
            "variant": .string(row.variant), "run": .string(row.run), "over": .string(row.over),
            "paired": .bool(row.isPaired), "seeds": .array(row.seeds.map { count($0) }),
            "difference": number(row.difference), "lower": number(row.interval?[0]),
            "upper": number(row.interval?[1]), "seedsWon": count(row.seedsWon),
            "p": number(row.pValue), "adjustedP": number(row.adjustedP),
          ]
        }),
    ]
  }
}
