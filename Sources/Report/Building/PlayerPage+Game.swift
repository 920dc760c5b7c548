// SPDX-License-Identifier: MIT

package import Artifacts
import Plotting

/// One recorded game as a page of its own: a single file that plays without a network.
///
/// - Parameters:
///   - policy: for the pictures of its hidden units; nil leaves them out.
/// - Throws: `ReportError` for a game that the player cannot show.
package func playerPage(
  of replay: ReplayFile, policy: Checkpoint?, title: String
) throws(ReportError) -> String {
  try playerView(of: replay, policy: policy, title: title).finished()
}

/// What that page shows.
package func playerView(
  of replay: ReplayFile, policy: Checkpoint?, title: String
) throws(ReportError) -> PlayerPage {
  guard let stream = ReplayStream(replay, limit: .max) else {
    throw ReportError(
      .drawing, path: "the game",
      detail: "the page plays Pong with two actions; found \(replay.header.environment) with"
        + " \(replay.header.actions.count)")
  }
  return try PlayerPage(replay, stream, policy: policy, title: title)
}

extension PlayerPage {
  init(
    _ replay: ReplayFile, _ stream: ReplayStream, policy: Checkpoint?, title: String
  ) throws(ReportError) {
    let layer = policy.flatMap { FirstLayer($0, episode: replay.header.checkpoint) }
    let game = ReplayView.Game(
      replay, stream, index: 0, isShown: true,
      sentence: Wording.game(replay.header, isCut: stream.isCut),
      units: try Self.units(layer, stream))
    self.init(
      title: title, lead: Wording.playerLead,
      replay: ReplayView(
        heading: "", lead: "", gameLabel: Wording.gameLabel,
        unitsLabel: Wording.unitsLabel(perDecision: replay.header.units), games: [game],
        hasChoice: false, curve: nil, filmstrip: nil, timeline: nil))
    styleSheet = PageTemplates.styleSheet + ReportPage.colours()
    script = PageTemplates.replayScript
    securityPolicy = ReportPage.policy(style: styleSheet, script: script)
    icon = ReportPage.icon
  }

  /// The page's text.
  func finished() throws(ReportError) -> String { try PageTemplates.rendered(self, "game") }

  /// Pictures within the page itself, since it is one file.
  private static func units(
    _ layer: FirstLayer?, _ stream: ReplayStream
  ) throws(ReportError) -> [ReplayView.Unit] {
    guard let layer, !stream.units.isEmpty, stream.units.allSatisfy({ $0 < layer.unitCount })
    else { return [] }
    let sheet = try FilterSheet(
      layer, units: stream.units, white: layer.whiteLevel(stream.units),
      budget: ReplayView.unitsBudget, notes: []
    ) { bytes in "data:image/png;base64,\(base64Text(bytes))" }
    return sheet.units(in: stream)
  }
}

extension FilterSheet {
  /// The units that a game's stream has bits for.
  func units(in stream: ReplayStream) -> [ReplayView.Unit] {
    stream.units.enumerated().compactMap { slot, unit in
      tile(unit).map { ReplayView.Unit(slot: slot, number: unit, tile: $0) }
    }
  }
}
