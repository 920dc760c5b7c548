// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics
import Plotting

/// Games on the page, at most.
private let gameLimit = 3
/// Base64 of all games together: an earlier one is cut where the rest would not fit.
private let textBudget = 110_000
/// Of a game of another variant.
private let otherBudget = 60_000
/// Decisions that the timeline for paper spans.
private let timelineLength = 160

/// The paddle's direction: the post's two actions have names that only the machine explains.
func actionName(_ name: String) -> String {
  switch name {
  case "RIGHT": "up"
  case "LEFT": "down"
  default: name.lowercased()
  }
}

/// One recorded game as a page of its own: a single file that plays without a network.
///
/// - Parameters:
///   - policy: for the pictures of its hidden units; nil leaves them out.
/// - Throws: `ReportError` for a game that the player cannot show.
package func playerPage(
  of replay: ReplayFile, policy: Checkpoint?, title: String
) throws(ReportError) -> String {
  guard let stream = ReplayStream(replay, limit: .max) else {
    throw ReportError(
      .drawing, path: "the game",
      detail: "the page plays Pong with two actions, and this policy has"
        + " \(replay.header.actions.count); animated pictures take it")
  }
  let layer = policy.flatMap { FirstLayer($0, episode: replay.header.checkpoint) }
  let game = try ReportError.catching { try PlayedGame(replay, stream, layer, nil) }
  let player = Player(games: [game], curve: nil)
  return Page(
    title: title, eyebrow: "Rallybook replay",
    lead: "<p class=\"status\">The policy is the green paddle on the right.</p>\n",
    main: """
      <section id="replay">
      <h2 class="visually-hidden">The game</h2>
      \(player.html)</section>

      """, script: Page.replayScript
  ).text
}

extension Section {
  /// A trial's stored games in a player, before them the last of a policy that looks through a window,
  /// where that is another's; nil where there is none that it can play.
  static func replay(
    _ source: ShownTrial, beside gaze: ShownTrial?, _ figures: FigureWriter
  ) throws -> Section? {
    let chosen = chosen(source.replays())
    guard let last = chosen.last else { return nil }
    var games: [PlayedGame] = []
    if let gaze, gaze.variant != source.variant, let replay = gaze.replays().last,
      let stream = ReplayStream(replay, limit: otherBudget)
    {
      games.append(try PlayedGame(replay, stream, nil, nil, variant: gaze.label))
    }
    let others = games.count
    for (replay, stream) in chosen {
      let layer = source.layer(episode: replay.header.checkpoint)
      games.append(try PlayedGame(replay, stream, layer, figures))
    }
    let curve = PlayerCurve(
      source.trial.trace, stops: chosen.map(\.replay.header.checkpoint), first: others)
    let moment = moment(last.stream)
    let filmstrip = try filmstrip(last.replay, last.stream, moment, figures)
    let timeline = try timeline(
      last.stream, moment, action: actionName(last.replay.header.actions[0]), figures)
    let many =
      chosen.count > 1
      ? "The same seed’s policy plays at \(Numbers.count(chosen.count, "point")) of its learning curve."
      : "One game is a sample; the table of final scores has them all."
    let windowed = games.last { $0.replay.header.window != nil }
    let seen = windowed.map { game in
      "\(game.variant.map { " That of \(Wording.quoted($0)), in a game of its own," } ?? " It") sees"
        + " what lies in the yellow frame."
    }
    let arena = source.arenaCommand(episode: last.replay.header.checkpoint)
      .map { "<p class=\"fine\">To play against it: <code>\($0)</code></p>\n" as HTML }
    return Section(
      "replay", games.count > 1 ? "Replays" : "Replay",
      """
      <p class="lead">The policy of \(Wording.quoted(source.label)), seed \(source.seed), is the green \
      paddle on the right. \(many)\(seen ?? "")</p>
      \(Player(games: games, curve: curve).html)\(arena)\(filmstrip)\(timeline)
      """)
  }

  /// The newest game and earlier ones spread over the training, earliest first; the newest is
  /// whole, and the others share what is left of the budget.
  private static func chosen(
    _ replays: [ReplayFile]
  ) -> [(replay: ReplayFile, stream: ReplayStream)] {
    guard let newest = replays.last, let stream = ReplayStream(newest) else { return [] }
    let earlier = replays.dropLast()
    let end = newest.header.checkpoint
    var picked: [Int] = []
    for part in 0..<gameLimit - 1 {
      let wanted = end * part / (gameLimit - 1)
      let nearest = earlier.indices.min {
        abs(earlier[$0].header.checkpoint - wanted) < abs(earlier[$1].header.checkpoint - wanted)
      }
      if let nearest, !picked.contains(nearest) { picked.append(nearest) }
    }
    let share = max(20_000, (textBudget - stream.base64.utf8.count) / max(1, picked.count))
    return picked.sorted().compactMap { place in
      ReplayStream(earlier[place], limit: share).map { (earlier[place], $0) }
    } + [(newest, stream)]
  }

  /// The decision of the first point won, else of the last point of the game.
  private static func moment(_ stream: ReplayStream) -> Int {
    stream.decisions.firstIndex { $0.reward > 0 }
      ?? stream.decisions.lastIndex { $0.reward != 0 } ?? stream.decisions.count - 1
  }

  /// Eight pictures over the two seconds or so before a point.
  private static func filmstrip(
    _ replay: ReplayFile, _ stream: ReplayStream, _ moment: Int, _ figures: FigureWriter
  ) throws -> HTML {
    let end = min(stream.frames.count - 1, stream.decisions[moment].frame)
    let isWon = stream.decisions[moment].reward > 0
    let frames = (0..<8).map { place in
      let index = max(0, end - (7 - place) * 20)
      let seconds = Numbers.fixed(Double(end - index) / 60, decimals: 1)
      let decision = stream.decisions.lastIndex { $0.frame <= index }
      return (
        image: PongPicture.image(stream.frames[index], replay.window(at: decision ?? 0)),
        caption: index == end ? "the point" : "−\(seconds) s"
      )
    }
    return try figures.figure(
      "filmstrip",
      caption: isWon
        ? "The seconds before the first point that the policy wins."
        : "The seconds before the last point, which the policy loses: it wins none in this game.",
      table: nil, withoutVectors: true,
      Figure.filmstrip(
        alternative: "Eight pictures of the game a third of a second apart, up to a point"
          + " \(isWon ? "won" : "lost") by the policy, the green paddle on the right"
          + (replay.header.window == nil ? "." : ", which sees what lies in the yellow frame."),
        frames: frames))
  }

  private static func timeline(
    _ stream: ReplayStream, _ moment: Int, action: String, _ figures: FigureWriter
  ) throws -> HTML {
    let count = min(timelineLength, stream.decisions.count)
    let first = max(0, min(moment - count * 3 / 4, stream.decisions.count - count))
    let part = stream.decisions[first..<first + count]
    var table = CSVTable(["decision", "frame", "probability", "action", "reward"])
    for (index, decision) in zip(part.indices, part) {
      table.add([
        index + 1, decision.frame, decision.probability, Int(decision.action),
        "\(decision.reward)",
      ])
    }
    let start = Numbers.whole(first + 1)
    return try figures.figure(
      "timeline",
      caption:
        "P(\(action)) at decisions \(start) to \(Numbers.whole(first + count)), around the same"
        + " point. Above one half the policy tends \(action); triangles mark points won and lost.",
      table: table, withPNG: false,
      Figure.probabilityTimeline(
        probabilities: part.map(\.probability),
        points: part.enumerated().filter { $0.element.reward != 0 }.map {
          ($0.offset, $0.element.reward > 0)
        }, yLabel: "P(\(action))", xLabel: "decision from \(start) on"))
  }
}
