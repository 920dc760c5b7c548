// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Plotting

extension ReplayView {
  /// Games on the page, at most.
  static let gameLimit = 3
  /// Base64 of all games together: an earlier one is cut where the rest would not fit.
  static let textBudget = 110_000
  /// Decisions that the timeline for paper spans.
  static let timelineLength = 160
  /// Bytes of the picture file of one game's units.
  static let unitsBudget = 10_000

  /// Draws the trial's stored games; nil where there is none that the page can play.
  init?(_ source: ShownTrial, press: inout FigurePress) throws(ReportError) {
    let chosen = Self.chosen(source.replays())
    guard let last = chosen.last else { return nil }
    var games: [Game] = []
    for (index, (replay, stream)) in chosen.enumerated() {
      games.append(
        Game(
          replay, stream, index: index, isShown: index == chosen.count - 1,
          sentence: Wording.game(replay.header, isCut: stream.isCut),
          units: try Self.units(
            source.layer(episode: replay.header.checkpoint), stream,
            named: "replay-units-\(replay.header.checkpoint)", press: &press)))
    }
    let moment = Self.moment(last.stream)
    self.init(
      heading: games.count > 1 ? "Replays" : "Replay",
      lead: Wording.replayLead(source, games: games.count), gameLabel: Wording.gameLabel,
      unitsLabel: Wording.unitsLabel(perDecision: last.replay.header.units), games: games,
      hasChoice: games.count > 1,
      curve: Curve(source.trial.trace, stops: chosen.map(\.replay.header.checkpoint)),
      filmstrip: try Self.filmstrip(last.stream, moment, press: &press),
      timeline: try Self.timeline(
        last.stream, moment, action: Wording.action(last.replay.header.actions[0]), press: &press))
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

  /// The pictures of the units that fire, side by side in one file.
  static func units(
    _ layer: FirstLayer?, _ stream: ReplayStream, named name: String, press: inout FigurePress
  ) throws(ReportError) -> [Unit] {
    guard let layer, !stream.units.isEmpty, stream.units.allSatisfy({ $0 < layer.unitCount })
    else { return [] }
    let sheet = try FilterSheet(
      layer, units: stream.units, white: layer.whiteLevel(stream.units), named: name,
      budget: unitsBudget, press: &press)
    return sheet.units(in: stream)
  }

  /// Eight pictures over the two seconds or so before a point.
  private static func filmstrip(
    _ stream: ReplayStream, _ moment: Int, press: inout FigurePress
  ) throws(ReportError) -> FigureView {
    let end = min(stream.frames.count - 1, stream.decisions[moment].frame)
    let isWon = stream.decisions[moment].reward > 0
    let indices = (0..<8).map { max(0, end - (7 - $0) * 20) }
    return try press.figure(
      "filmstrip", caption: Wording.filmstripCaption(isWon: isWon), isNarrow: true, table: nil,
      withoutVectors: true
    ) {
      Filmstrip(
        text: FigureText(alternative: Wording.filmstripAlternative(isWon: isWon)),
        frames: indices.map { index in
          Filmstrip.Frame(
            image: PongPicture.image(stream.frames[index]),
            caption: Wording.secondsBefore(frames: end - index))
        }, leastFrameWidth: 72
      )
    }
  }

  private static func timeline(
    _ stream: ReplayStream, _ moment: Int, action: String, press: inout FigurePress
  ) throws(ReportError) -> FigureView {
    let count = min(timelineLength, stream.decisions.count)
    let first = max(0, min(moment - count * 3 / 4, stream.decisions.count - count))
    let part = stream.decisions[first..<first + count]
    var table = CSVTable(["decision", "frame", "probability", "action", "reward"])
    for (index, decision) in zip(part.indices, part) {
      table.addRow([
        "\(index + 1)", "\(decision.frame)", CSVTable.text(decision.probability),
        "\(decision.action)", "\(decision.reward)",
      ])
    }
    return try press.figure(
      "timeline", caption: Wording.timelineCaption(action, first: first + 1, last: first + count),
      table: table, withPNG: false
    ) {
      ProbabilityTimeline(
        probabilities: part.map(\.probability),
        points: part.enumerated().filter { $0.element.reward != 0 }.map {
          ProbabilityTimeline.PointMark(decision: $0.offset, isWon: $0.element.reward > 0)
        }, yLabel: "P(\(action))", xLabel: "decision from \(Wording.count(first + 1)) on"
      )
    }
  }
}

extension ReplayView.Game {
  init(
    _ replay: ReplayFile, _ stream: ReplayStream, index: Int, isShown: Bool, sentence: String,
    units: [ReplayView.Unit]
  ) {
    let actions = replay.header.actions.map(Wording.action)
    let points = stream.decisions.filter { $0.reward != 0 }
    self.init(
      index: index, isFirst: isShown, title: Wording.stop(replay.header.checkpoint),
      sentence: sentence, frameCount: stream.frames.count, lastFrame: stream.frames.count - 1,
      decisionCount: stream.decisions.count, unitSlots: stream.units.count,
      firstAction: actions[0], secondAction: actions[1],
      stripWindow: Wording.stripWindow(stream),
      pointsLabel: Wording.pointsLabel(
        won: points.count { $0.reward > 0 }, lost: points.count { $0.reward < 0 }),
      units: units, data: stream.base64)
  }
}

extension ReplayView.Curve {
  /// Pixels of the drawing's height, and what is left free above and below.
  static let height = 72.0
  static let margin = 8.0

  /// - Parameter stops: training episodes behind the games, rising.
  /// - Returns: nil where there is no curve, or no game to choose.
  init?(_ trace: LearningTrace, stops: [Int]) {
    let known = zip(trace.episodes, trace.runningMeans).filter { $0.1.isFinite }
    guard stops.count > 1, let end = known.last?.0, known.count > 1 else { return nil }
    let values = known.map(\.1)
    let (low, high) = (values.min() ?? 0, max(values.max() ?? 1, (values.min() ?? 0) + 1))
    func y(_ value: Double) -> String {
      let share = low < high ? fraction(value, from: low, to: high) : 0.5
      return Numbers.fixed(
        Self.height - Self.margin - share * (Self.height - 2 * Self.margin), decimals: 1)
    }
    self.init(
      points: known.map { "\(Int(($0.0 / end * 1_000).rounded())),\(y($0.1))" }
        .joined(separator: " "),
      stops: stops.enumerated().map { index, episode in
        let nearest = known.min { abs($0.0 - Double(episode)) < abs($1.0 - Double(episode)) }
        return ReplayView.Stop(
          index: index, x: percent(Double(episode), in: 0...end), y: y(nearest?.1 ?? low))
      },
      label: Wording.curveOfGames(from: values.first ?? 0, to: values.last ?? 0),
      first: Wording.score(values.first ?? 0), last: Wording.score(values.last ?? 0))
  }
}
