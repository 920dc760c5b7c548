// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Plotting
import RunStore

/// Where a policy looked during a recorded game, and where the ball was, in cells of the field.
private struct GazeGame {
  /// Cells of a side, of 16 × 16 pixels of the screen.
  static let cells = 10
  private static let cell = 16
  /// The field's first row on the screen.
  private static let top = 34

  /// Training episodes behind the policy.
  let checkpoint: Int
  /// Share of the decisions at which a cell's middle was in sight, by row and column.
  let seen: [[Double]]
  /// Decisions at which the ball was there, and those of them at which its middle was in sight.
  private(set) var withBall = 0
  private(set) var inSight = 0
  /// Decisions at which the ball was in a cell.
  private(set) var balls = [[Int]](
    repeating: [Int](repeating: 0, count: cells), count: cells)

  /// - Returns: nil where the policy saw all of the picture.
  init?(_ replay: ReplayFile) {
    guard replay.header.window != nil, !replay.decisions.isEmpty else { return nil }
    checkpoint = replay.header.checkpoint
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: Self.cells), count: Self.cells)
    for (index, decision) in replay.decisions.enumerated() {
      guard let window = replay.window(at: index), replay.frames.indices.contains(decision.frame)
      else { return nil }
      for row in 0..<Self.cells {
        for column in 0..<Self.cells
        where window.rows.contains(Self.top + row * Self.cell + Self.cell / 2)
          && window.columns.contains(column * Self.cell + Self.cell / 2)
        { counts[row][column] += 1 }
      }
      let ball = PongPicture.objects(replay.frames[decision.frame]).last { $0.ink == .field }
      guard let ball, let column = ball.columns.first, !ball.rows.isEmpty else { continue }
      let row = ball.rows.lowerBound + ball.rows.count / 2
      withBall += 1
      inSight += window.rows.contains(row) && window.columns.contains(column) ? 1 : 0
      let place = (row - Self.top) / Self.cell
      if balls.indices.contains(place) { balls[place][column / Self.cell] += 1 }
    }
    let total = Double(replay.decisions.count)
    seen = counts.map { $0.map { Double($0) / total } }
  }
}

extension Section {
  /// Variants whose gazes are drawn, at most: with the ball's they fill a row.
  private static let gazes = 5

  /// Where policies that see by glimpses look: at the start, half way and at the end of their first
  /// finished seed; nil where none does.
  static func gaze(_ run: RunSummary, _ figures: FigureWriter) throws -> Section? {
    let glimpsing = run.ranked.filter {
      $0.variant.configuration[path: "observation.kind"] == "glimpse" && $0.firstFinished != nil
    }.prefix(gazes).sorted { $0.variant.index < $1.variant.index }
    let shown = glimpsing.map { (variant: $0, games: $0.firstFinished.map(stages) ?? []) }
      .filter { !$0.games.isEmpty }
    guard !shown.isEmpty else { return nil }
    var table = CSVTable([
      "variant", "seed", "checkpoint", "row", "column", "seen", "ball", "decisionsWithBall",
      "ballInSight",
    ])
    for (variant, games) in shown {
      for (place, game) in games.enumerated()
      where place == 0 || game.checkpoint != games[place - 1].checkpoint {
        for (row, column) in everyCell {
          table.add([
            variant.label, variant.firstFinished?.planned.seed ?? 0, game.checkpoint, row + 1,
            column + 1, game.seen[row][column], game.balls[row][column], game.withBall,
            game.inSight,
          ])
        }
      }
    }
    let names = ["At the start", "Half way", "At the end"]
    let drawn = try names.enumerated().map { stage, name in
      let games = shown.map { (label: $0.variant.label, game: $0.games[stage]) }
      let sizes = games.map { "\(Wording.quoted($0.label)) \(Wording.stop($0.game.checkpoint))" }
      return try figures.figure(
        "gaze-\(stage + 1)", caption: "\(name): \(sizes.joined(separator: ", ")).",
        table: stage == 0 ? table : nil, tableName: "gaze", withPNG: stage == 2,
        Figure.fieldMaps(games.map { map($0.label, $0.game) } + [ballMap(games.map(\.game))]))
    }
    return Section(
      "gaze", "Where it looks",
      """
      <p class="lead">How often each part of the field was in sight over evaluation game 1, beside how \
      often the ball was there. A policy that moves its gaze learns so by the same gradient as what to \
      do. Of each variant the first finished seed.</p>
      \(stopped(drawn, names: names))
      """)
  }

  /// The recorded games nearest to the start, the middle and the end of a training; none where one
  /// cannot be read.
  private static func stages(of trial: TrialSummary) -> [GazeGame] {
    guard let stored = try? trial.folder.replays(), let end = stored.last?.episodes else {
      return []
    }
    let games = [0, end / 2, end].compactMap { wanted in
      stored.min { abs($0.episodes - wanted) < abs($1.episodes - wanted) }
    }.compactMap { try? ReplayFile(contentsOf: $0.path) }.compactMap(GazeGame.init)
    return games.count == 3 ? games : []
  }

  private static var everyCell: [(Int, Int)] {
    (0..<GazeGame.cells).flatMap { row in (0..<GazeGame.cells).map { (row, $0) } }
  }

  private static func map(_ label: String, _ game: GazeGame) -> FieldMap {
    let share = game.withBall > 0 ? Double(game.inSight) / Double(game.withBall) : 0
    return FieldMap(
      title: label, caption: "the ball is in sight at \(Numbers.percent(share)) of its decisions",
      shares: game.seen)
  }

  private static func ballMap(_ games: [GazeGame]) -> FieldMap {
    let total = games.reduce(0) { $0 + $1.withBall }
    let sums = (0..<GazeGame.cells).map { row in
      (0..<GazeGame.cells).map { column in
        Double(games.reduce(0) { $0 + $1.balls[row][column] }) / Double(max(1, total))
      }
    }
    return FieldMap(
      title: "The ball", caption: "in these games, \(Numbers.count(total, "decision"))",
      shares: sums)
  }
}
