// SPDX-License-Identifier: MIT

import Environments
import Kernels
import ParameterSchema
import Randomness
import Testing

@Suite("Recorded games of Pong, as a policy meets them") struct RecordedPongTests {
  private static func configuration(
    _ actions: ConfigValue = ["RIGHT", "LEFT"], skip: ConfigValue = ["min": 2, "max": 4],
    kind: ConfigValue = "difference"
  ) -> ConfigValue {
    [
      "environment": [
        "id": "pong", "game": 1, "frameSkip": skip, "stickyActions": 0, "maxFrames": 108_000,
        "actions": actions,
      ],
      "observation": [
        "kind": kind, "crop": nil, "height": 80, "width": 80, "frames": 2,
        "background": [144, 109], "channels": nil, "permutePixels": false,
      ],
    ]
  }

  private static func rows(_ environment: any Environment, _ batch: ObservationBatch) {
    batch.signs.append { environment.observe(&$0) }
  }

  @Test(
    "A game that a policy played has the same decisions, observations and rewards again",
    arguments: ["difference", "stack"] as [ConfigValue])
  func same(kind: ConfigValue) {
    let configuration = Self.configuration(["RIGHT", "LEFT", "NOOP"], kind: kind)
    let pong = PongEnvironment(configuration)
    var hands: [RecordedPong.Hands] = []
    pong.onFrame = { [unowned pong] _ in hands.append((pong.heldHand, PongGame.Hand())) }
    var draws = Xoshiro256(seed: 7)
    pong.reset(draws: Xoshiro256(seed: 3))
    // The first call is of the reset.
    hands.removeAll()
    let first = ObservationBatch(form: pong.form)
    var played: [(action: Int, transition: Transition)] = []
    while played.last?.transition.isEnd != true {
      Self.rows(pong, first)
      let action = Int(draws.next(below: 3))
      played.append((action, pong.step(.number(action))))
    }
    let recorded = RecordedPong(configuration, number: 1, hands: hands)
    let second = ObservationBatch(form: recorded.form)
    recorded.reset(draws: Xoshiro256(seed: 3))
    for (number, expected) in played.enumerated() {
      Self.rows(recorded, second)
      #expect(recorded.choice == expected.action, "decision \(number)")
      #expect(recorded.step(0) == expected.transition, "decision \(number)")
    }
    #expect(first.count == second.count && played.count > 500)
    for row in 0..<first.count where first.dense(row) != second.dense(row) {
      Issue.record("row \(row) differs")
    }
  }

  @Test("A choice is what the hand did in most frames, by turn where FIRE is not offered")
  func choices() {
    func hand(_ action: Int) -> RecordedPong.Hands {
      (PongGame.Hand(action: action), PongGame.Hand())
    }
    func choice(_ actions: ConfigValue, _ frames: [Int]) -> Int? {
      let recorded = RecordedPong(
        Self.configuration(actions, skip: 4), number: 1, hands: frames.map(hand))
      recorded.reset(draws: Xoshiro256(seed: 0))
      return recorded.choice
    }
    let (noop, right, left, rightFire) = (0, 3, 4, 11)
    #expect(choice(["RIGHT", "LEFT"], [right, left, left, left]) == 1)
    #expect(choice(["RIGHT", "LEFT"], [noop, noop, noop, left]) == 1)
    #expect(choice(["RIGHT", "LEFT"], [noop, noop, noop, noop]) == nil)
    #expect(choice(["RIGHT", "LEFT"], [rightFire, rightFire, rightFire, noop]) == 0)
    #expect(choice(["RIGHT", "RIGHTFIRE", "LEFT"], [rightFire, rightFire, right, left]) == 1)
    #expect(choice(["RIGHT", "LEFT", "NOOP"], [noop, noop, right, left]) == 2)
  }
}
