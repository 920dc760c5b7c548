// SPDX-License-Identifier: MIT

import Algorithms
package import Artifacts
import Digest
package import Environments
import GymnasiumBridge
import Policies

/// Games of Pong, recorded frame by frame.
extension Evaluator {
  /// Plays evaluation episode `number` and records what was seen and thought.
  ///
  /// - Returns: nil where the environment is not Pong.
  package func record(_ number: Int, units: Int = 5) throws(EnvironmentError) -> ReplayFile? {
    var frames: [ReplayFile.Frame] = []
    var decisions: [ReplayFile.Decision] = []
    var seen = 0
    guard let id = watchFrames({ frames.append(ReplayFile.Frame($0)) }) else { return nil }
    defer { _ = watchFrames(nil) }
    let glimpse = environment.glimpse
    // All games of Pong show the post's picture.
    func part(_ place: GlimpseEnvironment.Place?) -> PictureRule.Crop? {
      place.flatMap { glimpse?.screenPart($0, own: .post) }
    }
    var looked = part(glimpse?.start)
    let model = player.model
    let named = min(units, model.lastContributions().count)
    let summary = try playEpisode(number) { decision in
      var strength = model.lastContributions().map(abs)
      let strongest = (0..<named).map { _ in
        var first = 0
        for unit in strength.indices where strength[unit] > strength[first] { first = unit }
        strength[first] = -1
        return UInt16(first)
      }
      decisions.append(
        ReplayFile.Decision(
          frame: seen, probability: decision.firstProbability,
          action: UInt8(decision.action.first),
          reward: Int8(max(-128, min(127, decision.reward.rounded()))),
          units: strongest,
          gaze: looked.map { ReplayFile.Gaze(top: UInt8($0.top), left: UInt8($0.left)) }))
      looked = part(glimpse?.place)
      seen = frames.count - 1
    }
    return ReplayFile(
      environment: id, checkpoint: checkpointEpisodes, episode: number, return: summary.return,
      actions: environment.innermost.actions.names, units: named,
      window: looked.map { ReplayFile.Window(height: $0.height, width: $0.width) },
      frames: frames, decisions: decisions)
  }

  /// Plays evaluation episode `number` in the embedded Pong and keeps every frame as a trace, whose
  /// actions can be played on the real machine.
  ///
  /// - Returns: nil where the environment is not the embedded Pong.
  package func trace(_ number: Int) throws(EnvironmentError) -> TraceFile? {
    guard let pong = environment.innermost as? PongEnvironment else { return nil }
    var acts: [TraceFile.Act] = []
    var resetFrameCRC: UInt32?
    var difference: Int32 = 0
    _ = watchFrames { [unowned pong] game in
      defer { difference = game.rightScore - game.leftScore }
      if resetFrameCRC == nil {
        resetFrameCRC = CRC32.zlib.checksum(PongScreen.render(game))
        return
      }
      let reward = game.rightScore - game.leftScore - difference
      acts.append(
        TraceFile.Act(actions: [pong.heldHand.action], rewards: (reward, -reward), game))
    }
    defer { _ = watchFrames(nil) }
    _ = try play(number)
    return TraceFile(
      resetFrameCRC: resetFrameCRC ?? 0, seed: UInt32(truncatingIfNeeded: number),
      policyName: "checkpoint", acts: acts)
  }

  /// Calls `show` after reset and after every frame of a game of Pong, embedded or real.
  ///
  /// Of the real game the frame-by-frame actions are known, and the embedded game is equal to it
  /// frame for frame: its twin is played beside it, and every decision's reward held against it.
  ///
  /// - Returns: the environment's id; nil where it is not Pong.
  private func watchFrames(_ show: ((PongGame) -> Void)?) -> String? {
    switch environment.innermost {
    case let pong as PongEnvironment:
      pong.onFrame = show
      return "pong"
    case let real as GymnasiumEnvironment where real.isPong:
      var twin = PongGame()
      real.onFrames = show.map { show in
        { actions, reward in
          guard let actions else {
            twin = PongGame()
            show(twin)
            return true
          }
          var sum: Int32 = 0
          for action in actions where !twin.isOver {
            sum += twin.act([action]).right
            show(twin)
          }
          return Double(sum) == reward
        }
      }
      return real.id
    default: return nil
    }
  }
}

extension ReplayFile.Frame {
  /// What a game now displays.
  package init(_ game: PongGame) {
    let (left, right) = PongGeometry.ballColumns(game)
    // Before the first frame is drawn the ball lies in a corner that belongs to no serve.
    let x = game.isResetFrame ? 51 : Int(game.ballX)
    let isDisplayed = PongGeometry.isBallDisplayed(game)
    let y = game.isResetFrame ? 59 : isDisplayed ? Int(game.ballY) : 0
    var lift: UInt8 = 0
    for (column, shift) in [(left, 0), (right, 2)] where y > 0 {
      let rows = PongGeometry.ballRows(game, column: column)
      if rows.lowerBound < y - 14 { lift |= 1 << shift }
      if rows.upperBound < y - 10 { lift |= 2 << shift }
    }
    self.init(
      playerY: UInt8(game.rightY), robotY: UInt8(game.leftY), ballX: UInt8(x), ballY: UInt8(y),
      computerScore: UInt8(game.shownLeftScore), playerScore: UInt8(game.shownRightScore),
      lift: lift)
  }
}
