// SPDX-License-Identifier: MIT

import Foundation
import Randomness

@testable import Artifacts

extension SyntheticRun {
  static let unitCount = 48

  /// Weights of noise, with a stripe in each unit once it is trained.
  static func checkpoint(episode: Int, seed: UInt64) -> Checkpoint {
    var generator = Xoshiro256(seed: seed)
    func noise() -> Float { Float(generator.next() % 2_001) / 1_000 - 1 }
    var input: [Float] = []
    for unit in 0..<unitCount {
      for row in 0..<80 {
        for column in 0..<80 {
          var weight = noise() * 0.0125
          let line = Double(row) - 20 - Double(unit % 8) * 4
          if episode > 0, abs(line - Double(column) / 3) < 5 {
            weight += Float(sin(Double(column) * 0.7)) * 0.06
          }
          input.append(weight)
        }
      }
    }
    let output = (0..<unitCount).map { unit -> Float in
      let size = Float(1 + unit % 7) / 20
      return unit % 2 == 0 ? size : -size
    }
    return Checkpoint(
      metadata: ["format": "rallybook-checkpoint-1", "episode": "\(episode)"],
      tensors: [
        Tensor(name: "policy.w1", shape: [unitCount, 6_400], values: input),
        Tensor(name: "policy.w2", shape: [1, unitCount], values: output),
      ])
  }

  /// A game: a recorded one, else some seconds of a ball between two paddles.
  static func replay(checkpoint: Int, trace: TraceFile?) -> ReplayFile {
    let frames = trace.map(frames(of:)) ?? madeUpFrames
    var decisions: [ReplayFile.Decision] = []
    var last = (computer: 0, player: 0)
    for frame in stride(from: 0, to: frames.count, by: 3) {
      let picture = frames[frame]
      let gap = Double(picture.playerY) - Double(picture.ballY)
      let probability = 1 / (1 + exp(-gap / 12))
      let score = (computer: Int(picture.computerScore), player: Int(picture.playerScore))
      let reward = (score.player - last.player) - (score.computer - last.computer)
      last = score
      let units = (0..<4).map { UInt16((frame / 9 + 5 * $0) % unitCount) }
      decisions.append(
        ReplayFile.Decision(
          frame: frame, probability: probability, action: probability > 0.5 ? 0 : 1,
          reward: Int8(reward), units: units))
    }
    return ReplayFile(
      header: ReplayFile.Header(
        environment: "pong", checkpoint: checkpoint, episode: 1,
        return: Double(last.player - last.computer), actions: ["RIGHT", "LEFT"], units: 4,
        frameCount: frames.count, decisionCount: decisions.count),
      frames: frames, decisions: decisions)
  }

  private static func frames(of trace: TraceFile) -> [ReplayFile.Frame] {
    [
      ReplayFile.Frame(
        playerY: 109, robotY: 22, ballX: 0, ballY: 60, computerScore: 0, playerScore: 0)
    ]
      + trace.acts.map {
        ReplayFile.Frame(
          playerY: $0.rightY, robotY: $0.leftY, ballX: $0.ballX, ballY: $0.ballY,
          computerScore: $0.leftScore, playerScore: $0.rightScore)
      }
  }

  private static var madeUpFrames: [ReplayFile.Frame] {
    var frames: [ReplayFile.Frame] = []
    var (x, y, vx, vy, robot, player) = (127, 128, 1, 1, 128, 109)
    var (computer, human) = (0, 0)
    for frame in 0..<1_200 {
      x += vx
      y += vy
      if y < 50 || y > 200 { vy = -vy }
      if x <= 68 { vx = 1 }
      if x >= 190 {
        if (frame / 300) % 2 == 0 { vx = -1 } else { (x, y, computer) = (127, 128, computer + 1) }
      }
      if frame == 700 { human += 1 }
      robot += (y - robot).signum() * 2
      player = min(203, max(38, player + (y + 6 - player).signum() * (frame % 2 == 0 ? 4 : 0)))
      frames.append(
        ReplayFile.Frame(
          playerY: UInt8(player), robotY: UInt8(robot), ballX: UInt8(x), ballY: UInt8(y),
          computerScore: UInt8(computer), playerScore: UInt8(human)))
    }
    return frames
  }
}
