// SPDX-License-Identifier: MIT

import Environments
import GymnasiumBridge
import Kernels
import ParameterSchema
import Randomness
import Testing

@Suite(
  "CartPole through the bridge")
struct CartPoleTests {
  private func make(_ count: Int = 1, maxFrames: Int? = nil) throws -> [GymnasiumEnvironment] {
    try GymnasiumEnvironment.start(
      RealPython.configuration(
        "CartPole-v1", kind: "raw", maxFrames: maxFrames.map { .number(Double($0)) } ?? .null),
      count: count, logPath: nil)
  }

  private func episode(_ pole: GymnasiumEnvironment, seed: UInt64) throws -> [[Float]] {
    try pole.reset(draws: Xoshiro256(seed: seed))
    var seen = [pole.numbers()]
    for i in 0..<200 {
      let transition = try pole.step(i % 3 == 0 ? 1 : 0)
      seen.append(pole.numbers() + [Float(transition.reward)])
      if transition.isEnd { break }
    }
    return seen
  }

  @Test("Python is complete, with the versions that are pinned")
  func examination() {
    let (isGood, sentence) = PythonSetup.examination()
    #expect(isGood, "\(sentence)")
    for requirement in PythonSetup.requirements {
      let words = requirement.replacing("==", with: " ")
      #expect(sentence.contains(words), "\(sentence)")
    }
  }

  @Test("An episode is a function of its generator, whichever environment plays it")
  func determinism() throws {
    let poles = try make(2)
    #expect(poles[0].form == ObservationForm(.numbers, width: 4))
    #expect(poles[0].actions == ["0", "1"])
    let first = try episode(poles[0], seed: 3)
    #expect(first.count > 5)
    #expect(try episode(poles[1], seed: 4) != first)
    #expect(try episode(poles[1], seed: 3) == first)
    #expect(try episode(poles[0], seed: 3) == first)
  }

  @Test("The embedded CartPole moves as Gymnasium's does")
  func embedded() throws {
    let pole = try make()[0]
    let twin = CartPole()
    try pole.reset(draws: Xoshiro256(seed: 5))
    twin.reset(draws: Xoshiro256(seed: 5))
    let start = pole.numbers().map { Double($0) }
    twin.state = CartPole.State(
      position: start[0], velocity: start[1], angle: start[2], angularVelocity: start[3])
    for i in 0..<8 {
      let transition = try pole.step(.number(i % 2))
      #expect(transition == twin.step(.number(i % 2)))
      // Gymnasium's state has more digits than the observation that the twin began with.
      for (a, b) in zip(pole.numbers(), twin.numbers()) { #expect(abs(a - b) < 1e-5) }
      if transition.isEnd { break }
    }
  }

  @Test("A pole balanced for 500 decisions is truncated, and so is one at a limit of ours")
  func truncation() throws {
    for (limit, expected) in [(nil, 500), (10, 10)] as [(Int?, Int)] {
      let pole = try make(maxFrames: limit)[0]
      try pole.reset(draws: Xoshiro256(seed: 1))
      var decisions = 0
      while true {
        let seen = pole.numbers()
        let transition = try pole.step(seen[2] + seen[3] > 0 ? 1 : 0)
        decisions += 1
        #expect(transition.frames == 1 && transition.reward == 1)
        if transition.isEnd {
          #expect(transition.ending == .truncated)
          break
        }
      }
      #expect(decisions == expected)
    }
  }
}
