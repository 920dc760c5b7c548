// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import RunStore

/// `rallybook query EXPR [NAME…]`
struct QueryCommand: ParsableCommand, ChoosesColor {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Find trials by what is known about them.",
    discussion: """
      rallybook query 'score > 0 and algorithm.kind = "reinforce"'
      rallybook query 'state in ["failed", "interrupted"] or score = null' demo

      Operators: = != < <= > >= in [ … ], not in, contains, and, or, not, parentheses. Names: \
      configuration paths, and \(TrialFacts.kinds.keys.sorted().joined(separator: ", ")). A fact \
      that a trial does not have is null.
      """)

  @Argument(help: "The condition.") var expression: String
  @Argument(help: "Names of runs; without any, all runs.", completion: .runs)
  var names: [String] = []
  @OptionGroup var store: StoreOptions
  @Flag(help: "Print one JSON object a line.") var json = false
  @Flag(help: "Print RUN/TRIAL only, one a line.") var ids = false

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
    noteOlderNames(query.names)
    let found = runs.flatMap(\.trials).filter { facts in query.matches { facts.value(of: $0) } }
    if json {
      for facts in found { say(json: facts.json) }
    } else if ids {
      for facts in found { say("\(facts.experiment)/\(facts.id)") }
    } else {
      store.say(
        trialColumns(found, names: query.names, showsRun: runs.count > 1), rows: found)
    }
    let total = runs.reduce(0) { $0 + $1.trials.count }
    printError("\(found.count) of \(total) trials")
  }
}
