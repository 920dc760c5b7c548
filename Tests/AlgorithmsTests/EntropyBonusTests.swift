// SPDX-License-Identifier: MIT

import Algorithms
import Randomness
import Testing

@Suite("Entropy bonus")
struct EntropyBonusTests {
  private func context(progress: Double, decisions: Int = 0) -> UpdateContext {
    UpdateContext(
      update: 0, decisions: decisions, progress: progress,
      streams: RandomStreams(root: 0, seed: 0))
  }

  @Test("It goes to its end over the whole training, in a straight line")
  func overTheTraining() {
    let bonus = EntropyBonus(start: 2, end: 4)
    #expect(
      [-1, 0, 0.25, 1, 3].map { bonus.weight(at: context(progress: $0)) } == [2, 2, 2.5, 4, 4])
  }

  @Test("The boost falls to nothing over its own decisions, however long the training is")
  func boost() {
    let bonus = EntropyBonus(start: 2, end: 0, boost: 4, boostDecisions: 1000)
    let weights = [0, 250, 1000, 9000].map { decisions in
      [0.5, 1].map { bonus.weight(at: context(progress: $0, decisions: decisions)) }
    }
    #expect(weights == [[5, 4], [4, 3], [1, 0], [1, 0]])
  }
}
