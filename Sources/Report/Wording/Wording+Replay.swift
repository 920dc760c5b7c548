// SPDX-License-Identifier: MIT

import Artifacts
import Plotting

/// What is said about a game.
extension Wording {
  /// The paddle's direction: the post's two actions have names that only the machine explains.
  static func action(_ name: String) -> String {
    switch name {
    case "RIGHT": "up"
    case "LEFT": "down"
    default: name.lowercased()
    }
  }

  static func replayLead(
    _ source: ShownTrial, _ header: ReplayFile.Header, isCut: Bool
  ) -> String {
    let verb = header.return > 0 ? "wins" : "loses"
    let text =
      "The policy of \(quoted(source.label)), seed \(source.seed), after"
      + " \(count(header.checkpoint, "training episode")), plays evaluation game"
      + " \(count(header.episode)): the green paddle on the right. It \(verb) by"
      + " \(count(Int(abs(header.return)), "point")). One game is a sample; the table of final"
      + " scores has them all."
    return isCut ? text + " The game is too long for the page, so its end is left out." : text
  }

  /// The strip shows 120 decisions, 60 to each side.
  static func stripWindow(_ stream: ReplayStream) -> String {
    let span = Double(stream.frames.count) / Double(stream.decisions.count) * 120 / 60
    return "\(count(max(1, Int(span.rounded())), "second"))"
  }

  static let gameLabel =
    "The game of Pong. The policy is the green paddle on the right. Press Space to play or pause."

  static func unitsLabel(perDecision: Int) -> String {
    "Hidden units that fire most in this game; lit: among the \(perDecision) strongest now"
  }

  static func pointsLabel(won: Int, lost: Int) -> String {
    "Points over the game: \(won) won, \(lost) lost"
  }

  static func secondsBefore(frames: Int) -> String {
    frames == 0 ? "the point" : "−\(fixedNumber(Double(frames) / 60, decimals: 1)) s"
  }

  static func filmstripCaption(isWon: Bool) -> String {
    isWon
      ? "The seconds before the first point that the policy wins."
      : "The seconds before the last point, which the policy loses: it wins none in this game."
  }

  static func filmstripAlternative(isWon: Bool) -> String {
    "Eight pictures of the game at a third of a second's distance, up to a point"
      + " \(isWon ? "won" : "lost") by the policy, the green paddle on the right."
  }

  static func timelineCaption(_ action: String, first: Int, last: Int) -> String {
    "P(\(action)) at decisions \(count(first)) to \(count(last)), around the same point. Above one"
      + " half the policy tends \(action); triangles mark points won and lost."
  }
}
