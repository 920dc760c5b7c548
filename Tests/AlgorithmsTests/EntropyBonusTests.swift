// SPDX-License-Identifier: MIT

import Algorithms
import ParameterSchema
import Randomness
import Testing

@Suite("Entropy bonus")
struct EntropyBonusTests {
  private func context(progress: Double, decisions: Int = 0) -> UpdateContext {
    UpdateContext(
      update: 0, decisions: decisions, progress: progress,
      streams: RandomStreams(root: 0, seed: 0))
  }

  private func bonus(_ start: Double, end: Double, boost: Double = 0) -> EntropyBonus {
    let configuration = Setup.configuration(
      "reinforce",
      [
        "algorithm.entropyBonus": .number(start), "algorithm.entropyBonusEnd": .number(end),
        "algorithm.entropyBoost": .number(boost), "algorithm.entropyBoostDecisions": 1000,
      ])
    return EntropyBonus(Settings(configuration, section: "algorithm"))
  }

  @Test("It goes to its end over the whole training, in a straight line")
  func overTheTraining() {
    let bonus = bonus(2, end: 4)
    #expect(
      [-1, 0, 0.25, 1, 3].map { bonus.weight(at: context(progress: $0)) } == [2, 2, 2.5, 4, 4])
  }

  @Test("The boost falls to nothing over its own decisions, however long the training is")
  func boost() {
    let bonus = bonus(2, end: 0, boost: 4)
    let weights = [0, 250, 1000, 9000].map { decisions in
      [0.5, 1].map { bonus.weight(at: context(progress: $0, decisions: decisions)) }
    }
    #expect(weights == [[5, 4], [4, 3], [1, 0], [1, 0]])
  }
}
