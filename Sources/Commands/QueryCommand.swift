// SPDX-License-Identifier: MIT

import ArgumentParser
import Query
import RunStore

/// `rallybook query EXPR [NAME…]`
struct QueryCommand: ParsableCommand, ChoosesColor {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Find trials by what is known about them.",
    discussion: """
      rallybook query 'score > 0 and algorithm.kind = "reinforce"'
      rallybook query 'state in ["failed", "interrupted"] or score = null' demo

      Operators: = != < <= > >= in [ … ], not in, contains, and, or, not, parentheses. Names: \
      configuration paths, and \(TrialFacts.kinds.keys.sorted().joined(separator: ", ")). What a \
      trial has no value for is null.
      """)

  @Argument(help: "The condition.") var expression: String
  @Argument(help: "Names of runs; all without.") var names: [String] = []
  @OptionGroup var store: StoreOptions
  @Flag(help: "One JSON object a line.") var json = false
  @Flag(help: "Only RUN/TRIAL, one a line.") var ids = false

  var color: ColorChoice { store.color }

  func run() throws {
    // What cannot be read is refused before any run is.
    let query = try QueryExpression(expression)
    let runs = try store.storedRuns(names)
    var vocabulary = TrialFacts.vocabulary(.standard, plans: runs.compactMap(\.plan))
    for facts in runs.flatMap(\.unplanned) {
      vocabulary.add(configuration: facts.configuration)
    }
    try query.check(vocabulary)
    for line in Wording.olderNames(query.names) { printError(line) }
    let found = runs.flatMap(\.trials).filter { facts in query.matches { facts.value(of: $0) } }
    if json {
      for facts in found { say(json: facts.json) }
    } else if ids {
      for facts in found { say("\(facts.experiment)/\(facts.id)") }
    } else if !found.isEmpty {
      var table = TrialTable(
        names: query.names.filter { !Self.shown.contains($0) }, showsRun: runs.count > 1)
      for facts in found { table.append(facts) }
      table.say(store)
    }
    let total = runs.reduce(0) { $0 + $1.trials.count }
    printError("\(found.count) of \(total) trials")
  }

  /// Names that the table shows anyway.
  private static let shown: Set<String> = [
    "experiment", "trial", "state", "label", "seed", "score", "smoothedMean", "episodes",
    "updatedAt", "decisionsPerSecond",
  ]
}
