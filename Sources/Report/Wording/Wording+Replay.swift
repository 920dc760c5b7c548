// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
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

  static func replayLead(_ source: ShownTrial, games: Int) -> String {
    "The policy of \(quoted(source.label)), seed \(source.seed), is the green paddle on the right."
      + (games > 1
        ? " The same seed’s policy plays at \(count(games, "point")) of its learning curve."
        : " One game is a sample; the table of final scores has them all.")
  }

  static let playerLead = "The policy is the green paddle on the right."

  /// Whose game it is and how it ends.
  static func game(_ header: ReplayFile.Header, isCut: Bool) -> String {
    let verb = header.return > 0 ? "wins" : header.return < 0 ? "loses" : "draws"
    let end =
      header.return == 0 ? "" : " by \(count(Int(abs(header.return)), "point"))"
    return "Evaluation game \(count(header.episode)) of the policy"
      + " \(stop(header.checkpoint)). It \(verb)\(end)."
      + (isCut ? " The end of the game is left out here." : "")
  }

  /// `before training`, `after 500 episodes`.
  static func stop(_ episode: Int) -> String {
    episode == 0 ? "before training" : "after \(count(episode, "episode"))"
  }

  static func curveOfGames(from first: Double, to last: Double) -> String {
    "This seed’s running mean return over the training, from \(score(first)) to \(score(last)), with"
      + " the points that have a game"
  }

  /// `1:05` after so many frames.
  static func clock(frame: Int) -> String {
    let seconds = frame / 60
    return "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
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
    frames == 0 ? "the point" : "−\(Numbers.fixed(Double(frames) / 60, decimals: 1)) s"
  }

  static func filmstripCaption(isWon: Bool) -> String {
    isWon
      ? "The seconds before the first point that the policy wins."
      : "The seconds before the last point, which the policy loses: it wins none in this game."
  }

  static func filmstripAlternative(isWon: Bool) -> String {
    "Eight pictures of the game a third of a second apart, up to a point"
      + " \(isWon ? "won" : "lost") by the policy, the green paddle on the right."
  }

  static func timelineCaption(_ action: String, first: Int, last: Int) -> String {
    "P(\(action)) at decisions \(count(first)) to \(count(last)), around the same point. Above one"
      + " half the policy tends \(action); triangles mark points won and lost."
  }
}
