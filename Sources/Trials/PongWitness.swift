// SPDX-License-Identifier: MIT

import Environments
import GymnasiumBridge

/// Shows the frames of a game of Pong, embedded or real.
///
/// Of the real game the frame-by-frame actions are known, and the embedded game is equal to it frame
/// for frame: its twin is played beside it, and every decision's reward held against it.
enum PongWitness {
  case embedded(PongEnvironment)
  case real(GymnasiumEnvironment)

  var id: String {
    switch self {
    case .embedded: "pong"
    case .real(let environment): "gymnasium:\(environment.worker.id)"
    }
  }

  /// Calls `show` after reset and after every frame.
  func begin(_ show: @escaping (PongGame) -> Void) {
    switch self {
    case .embedded(let pong): pong.onFrame = show
    case .real(let environment):
      var twin = PongGame()
      environment.onFrames = { actions, reward in
        guard let actions else {
          twin = PongGame()
          show(twin)
          return true
        }
        var sum: Int32 = 0
        for action in actions where !twin.isOver {
          let (move, fire) = PongEnvironment.meaning(ofAction: Int(action))
          sum += twin.act(move, fire: fire)
          show(twin)
        }
        return Double(sum) == reward
      }
    }
  }

  func end() {
    switch self {
    case .embedded(let pong): pong.onFrame = nil
    case .real(let environment): environment.onFrames = nil
    }
  }
}
