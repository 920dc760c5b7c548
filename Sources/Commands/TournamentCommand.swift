// SPDX-License-Identifier: MIT

import Algorithms
import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Statistics
import Trials

/// `rallybook tournament CHECKPOINT CHECKPOINT…`
struct TournamentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tournament",
    abstract: "Let policies play Pong for two against each other, and rate them.",
    discussion: """
      Every pair plays, changing sides. Ratings are Bradley and Terry's on Elo's scale, with mean 0 and \
      95 % intervals by the bootstrap over games: 100 points more are 64 wins of 100. Then come the \
      shares of games won, the points made in a game, and cycles in which A beats B, B beats C and C beats A.

      Policies may differ in what they see and in their networks; each needs FIRE among its actions, \
      and frames are played as the first one's training did.
      """)

  @Argument(
    help: "Checkpoints of trials, or exported policies; at least two.", completion: .policies)
  var checkpoints: [String]
  @Option(help: "The cartridge's game, 3 or 4; by default that of the first one's training, or 3.")
  var game: Int?
  @Option(help: "Games of each pair.") var games = 20
  @Option(help: "Seed of the games.") var seed: UInt64 = 0
  @Option(help: "How to choose actions from the probabilities: sample or greedy.")
  var mode = ActionChoice.sample
  @Flag(help: "Write the results as JSON.") var json = false

  func validate() throws {
    if !(2...100).contains(checkpoints.count) {
      throw ValidationError("\(checkpoints.count) policies; allowed: 2 to 100")
    }
    if let game, game != 3, game != 4 {
      throw ValidationError("--game \(game): allowed are 3 and 4")
    }
    if !(1...100_000).contains(games) {
      throw ValidationError("--games \(games): allowed are 1 to 100,000")
    }
  }

  func run() throws {
    let players = try checkpoints.map { try TrialPlayer(checkpoint: $0, mode: mode) }
    for (path, player) in zip(checkpoints, players) {
      if let misfit = Tournament.misfit(player.configuration) {
        throw end(2, "error: \(path) fits no game for two: \(misfit)")
      }
    }
    let first = players[0].configuration
    let trained = first[path: "environment.id"] == "pong-two-player"
    let number = game ?? (trained ? Settings(first, section: "environment").integer("game") : 3)
    let frames = ["frameSkip", "stickyActions", "maxFrames"].map { "environment.\($0)" }
    let entrants = players.map { player in
      var configuration = player.configuration
      for path in frames { configuration[path: path] = first[path: path] }
      return Tournament.Entrant(player.evaluator, configuration)
    }
    let tournament = Tournament(entrants, game: number, seed: seed)
    var pairs: [Pair] = []
    for a in players.indices {
      for b in players.indices.dropFirst(a + 1) {
        pairs.append((a, b, try tournament.play(a, b, games: games)))
      }
    }
    let meetings = pairs.map {
      BradleyTerry.Meeting(first: $0.first, second: $0.second, outcomes: $0.scores.map(\.outcome))
    }
    let table = BradleyTerry(players: players.count, meetings: meetings, seed: seed)
    let cycles = BradleyTerry.cycles(players: players.count, meetings: meetings)
    if json {
      say(json: canonicalJSON(results(number, table, pairs, cycles)))
    } else {
      say(lines: text(number, players.map(\.title), table, pairs, cycles))
    }
  }

  private typealias Pair = (first: Int, second: Int, scores: [Tournament.Score])

  /// Means over the games of row against column; nil on the diagonal.
  private func means(
    _ pairs: [Pair], _ value: (Tournament.Score) -> (first: Double, second: Double)
  ) -> [[Double?]] {
    var means = checkpoints.map { _ in [Double?](repeating: nil, count: checkpoints.count) }
    for (first, second, scores) in pairs {
      let values = scores.map(value)
      means[first][second] = values.map(\.first).reduce(0, +) / Double(scores.count)
      means[second][first] = values.map(\.second).reduce(0, +) / Double(scores.count)
    }
    return means
  }

  private func shares(_ pairs: [Pair]) -> [[Double?]] {
    means(pairs) { ($0.outcome, 1 - $0.outcome) }
  }

  private func points(_ pairs: [Pair]) -> [[Double?]] {
    means(pairs) { (Double($0.first), Double($0.second)) }
  }

  private func results(
    _ number: Int, _ table: BradleyTerry, _ pairs: [Pair], _ cycles: [[Int]]
  ) -> ConfigValue {
    let ratings = checkpoints.indices.map { i -> ConfigValue in
      [
        "checkpoint": .string(checkpoints[i]), "rating": .number(table.ratings[i]),
        "low": .number(table.intervals[i].lowerBound),
        "high": .number(table.intervals[i].upperBound),
      ]
    }
    func matrix(_ means: [[Double?]]) -> ConfigValue {
      .array(means.map { row in .array(row.map { $0.map(ConfigValue.number) ?? .null }) })
    }
    let circular = cycles.map { ConfigValue.array($0.map { .number(Double($0)) }) }
    return [
      "game": .number(Double(number)), "gamesPerPair": .number(Double(games)),
      "ratings": .array(ratings), "shares": matrix(shares(pairs)), "points": matrix(points(pairs)),
      "cycles": .array(circular),
    ]
  }

  private func text(
    _ number: Int, _ titles: [String], _ table: BradleyTerry, _ pairs: [Pair],
    _ cycles: [[Int]]
  ) -> String {
    func padded(_ text: String) -> String {
      String(repeating: " ", count: max(0, 7 - text.count)) + text
    }
    func whole(_ rating: Double) -> String { Numbers.text(rating.rounded(), digits: 6) }
    var lines = ["game \(number), \(games) games of each pair"]
    for i in table.ratings.indices.sorted(by: { table.ratings[$0] > table.ratings[$1] }) {
      let interval = table.intervals[i]
      lines.append(
        padded(whole(table.ratings[i]))
          + " [\(whole(interval.lowerBound)), \(whole(interval.upperBound))]  \(i + 1): \(titles[i])"
      )
    }
    for (title, digits, means) in [
      ("share of games that the row won against the column", 2, shares(pairs)),
      ("points that the row made against the column, a game", 3, points(pairs)),
    ] {
      lines += ["", title, padded("") + checkpoints.indices.map { padded("\($0 + 1)") }.joined()]
      for (i, row) in means.enumerated() {
        let cells = row.map { padded($0.map { Numbers.text($0, digits: digits) } ?? "–") }
        lines.append(padded("\(i + 1)") + cells.joined())
      }
    }
    lines.append("")
    lines += cycles.map { cycle in
      cycle.map { "\($0 + 1)" }.joined(separator: " beats ") + " beats \(cycle[0] + 1)"
    }
    if cycles.isEmpty { lines.append("no cycle") }
    return lines.joined(separator: "\n")
  }
}
