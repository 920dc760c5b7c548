// SPDX-License-Identifier: MIT

import Algorithms
import Environments
import Kernels
import ParameterSchema
import Randomness

/// What is measured, each on one core.
enum Measures {
  /// The post's configuration (preset `karpathy-2016`).
  static let post: ConfigValue = [
    "policy": ["kind": "mlp", "hidden": [200], "bias": false],
    "returns": ["discount": 0.99, "normalize": "episode", "resetAtPoint": true],
    "algorithm": ["kind": "reinforce", "episodesPerUpdate": 10],
    "optimizer": [
      "kind": "rmsprop", "learningRate": 1e-4, "decay": 0.99, "epsilon": 1e-5, "l2": 0,
    ],
  ]

  private static func pong() -> PongEnvironment {
    PongEnvironment(
      skip: 2...4, stickyActions: 0.25, frameLimit: 108_000, actions: ["RIGHT", "LEFT"],
      observation: .difference)
  }

  /// Frames a second of the game's rules alone, random moves.
  static func rules() -> Double {
    var game = PongGame()
    var draws = Xoshiro256(seed: 1)
    var score: Int32 = 0
    let count = 20_000_000
    let time = seconds {
      for _ in 0..<count / 50 {
        var bits = draws.next()
        for _ in 0..<50 {
          score &+= game.act(bits & 1 == 0 ? .up : .down)
          bits >>= 1
        }
        if game.isOver { game = PongGame() }
      }
    }
    precondition(score < 0, "a random player loses")
    return Double(count) / time
  }

  /// Decisions a second with skip, stickiness and the sparse difference written, random actions.
  static func decisions() -> Double {
    let environment = pong()
    let batch = SparseSignBatch(width: environment.form.count)
    var draws = Xoshiro256(seed: 2)
    environment.reset(draws: Xoshiro256(seed: 3))
    let count = 3_000_000
    let time = seconds {
      for i in 0..<count {
        let transition = environment.step(Int(draws.next() & 1))
        batch.append { environment.observe(&$0) }
        if transition.isEnd {
          environment.reset(draws: Xoshiro256(seed: UInt64(i)))
          batch.removeAll()
        }
      }
    }
    return Double(count) / time
  }

  /// Trains the post's configuration: decisions made, and seconds.
  static func training(episodes: Int) -> (decisions: Int, seconds: Double) {
    let training = Training(
      configuration: post, streams: RandomStreams(root: 0, seed: 0), environment: pong())
    let time = seconds {
      while training.progress.episodes < episodes {
        _ = try? training.advance(limit: episodes - training.progress.episodes)
      }
    }
    return (training.progress.decisions, time)
  }
}
