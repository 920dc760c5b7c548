// SPDX-License-Identifier: MIT

import Artifacts
import Plotting

extension ReplayView {
  /// Decisions that the timeline for paper spans.
  static let timelineLength = 160

  /// Draws the trial's newest stored game; nil where there is none that the page can play.
  init?(_ source: ShownTrial, press: inout FigurePress) throws(ReportError) {
    guard let replay = source.replay(), let stream = ReplayStream(replay) else { return nil }
    let actions = replay.header.actions.map(Wording.action)
    let moment = Self.moment(stream)
    let last = stream.frames.count - 1
    let points = stream.decisions.filter { $0.reward != 0 }
    self.init(
      heading: "Replay", lead: Wording.replayLead(source, replay.header, isCut: stream.isCut),
      frameCount: stream.frames.count, lastFrame: last, decisionCount: stream.decisions.count,
      unitSlots: stream.units.count, firstAction: actions[0], secondAction: actions[1],
      gameLabel: Wording.gameLabel, stripWindow: Wording.stripWindow(stream),
      unitsLabel: Wording.unitsLabel(perDecision: replay.header.units),
      units: try Self.units(source, stream, press: &press),
      points: points.map {
        Point(
          side: $0.reward > 0 ? "won" : "lost",
          x: percent(Double($0.frame), in: 0...Double(max(1, last))))
      },
      pointsLabel: Wording.pointsLabel(
        won: points.count { $0.reward > 0 }, lost: points.count { $0.reward < 0 }),
      data: stream.base64, filmstrip: try Self.filmstrip(stream, moment, press: &press),
      timeline: try Self.timeline(stream, moment, action: actions[0], press: &press))
  }

  /// The decision of the first point won, else of the last point of the game.
  private static func moment(_ stream: ReplayStream) -> Int {
    stream.decisions.firstIndex { $0.reward > 0 }
      ?? stream.decisions.lastIndex { $0.reward != 0 } ?? stream.decisions.count - 1
  }

  /// The pictures of the units that fire, side by side in one file.
  private static func units(
    _ source: ShownTrial, _ stream: ReplayStream, press: inout FigurePress
  ) throws(ReportError) -> [Unit] {
    guard let layer = source.layers().last, !stream.units.isEmpty,
      stream.units.allSatisfy({ $0 < layer.unitCount })
    else { return [] }
    let sheet = filterGridPixels(
      tiles: stream.units.map { layer.clamped($0, to: layer.whiteLevel([$0])) },
      tileWidth: FirstLayer.side,
      tileHeight: FirstLayer.side, columns: stream.units.count, gap: 0, grey: .perTile)
    let path = try press.pixels(sheet, named: "replay-units")
    return stream.units.enumerated().map { slot, unit in
      Unit(
        slot: slot, x: slot * FirstLayer.side, number: unit, sheet: path, sheetWidth: sheet.width,
        alternative: "Filter of hidden unit \(unit)")
    }
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
    ) { theme, width in
      Filmstrip(
        text: FigureText(alternative: Wording.filmstripAlternative(isWon: isWon)),
        frames: indices.map { index in
          Filmstrip.Frame(
            image: PongPicture.image(stream.frames[index]),
            caption: Wording.secondsBefore(frames: end - index))
        }, leastFrameWidth: 72
      ).scene(theme: theme, width: width)
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
      table: table
    ) { theme, width in
      ProbabilityTimeline(
        probabilities: part.map(\.probability),
        points: part.enumerated().filter { $0.element.reward != 0 }.map {
          ProbabilityTimeline.PointMark(decision: $0.offset, isWon: $0.element.reward > 0)
        }, yLabel: "P(\(action))", xLabel: "decision from \(Wording.count(first + 1)) on"
      ).scene(theme: theme, width: width)
    }
  }
}
