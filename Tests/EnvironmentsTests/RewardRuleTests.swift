// SPDX-License-Identifier: MIT

import Environments
import Testing

@Suite("What learning sees in place of the game's rewards")
struct RewardRuleTests {
  private func rewards(
    _ rule: RewardRule, _ decisions: [(reward: Double, action: Int)]
  ) -> [Float] {
    var rule = rule
    rule.reset()
    return decisions.map {
      rule.learningReward(
        Transition(reward: $0.reward, frames: 3, ending: .none), action: .number($0.action))
    }
  }

  @Test("Without a rule it sees the game's own")
  func own() {
    let rule = RewardRule(actions: ["RIGHT", "LEFT"])
    #expect(rule.isOwn)
    #expect(rewards(rule, [(0, 0), (-1, 1), (400, 0)]) == [0, -1, 400])
  }

  @Test("Rewards are cut to the bound on both sides")
  func clip() {
    let rule = RewardRule(clip: 1, actions: ["NOOP", "FIRE", "RIGHT"])
    #expect(!rule.isOwn)
    #expect(rewards(rule, [(7, 0), (-30, 1), (0.5, 2), (0, 0)]) == [1, -1, 0.5, 0])
  }

  @Test("Where resting is offered, every action that is none costs")
  func moving() {
    let rule = RewardRule(movementPenalty: 0.25, actions: ["NOOP", "RIGHT", "LEFT", "FIRE"])
    #expect(
      rewards(rule, [(0, 1), (0, 1), (1, 2), (0, 0), (0, 3)]) == [-0.25, -0.25, 0.75, 0, 0])
  }

  @Test("Where every action moves, turning round costs, the first decision nothing")
  func turning() {
    let rule = RewardRule(movementPenalty: 0.5, actions: ["RIGHT", "LEFT"])
    let decisions: [(reward: Double, action: Int)] = [(0, 1), (0, 1), (-1, 0), (0, 0), (0, 1)]
    #expect(rewards(rule, decisions) == [0, 0, -1.5, 0, -0.5])
    var again = rule
    _ = again.learningReward(Transition(reward: 0, frames: 1, ending: .none), action: 0)
    #expect(rewards(again, decisions) == [0, 0, -1.5, 0, -0.5], "an episode starts afresh")
  }

  @Test("A random reward function is fixed, in range, 0 where nothing happens, and one of many")
  func random() {
    let every: [(reward: Double, action: Int)] = [(-1, 0), (-1, 1), (1, 0), (1, 1), (0, 0), (0, 1)]
    var seen: Set<[Float]> = []
    for number in 0..<50 {
      let rule = RewardRule(randomized: number, actions: ["RIGHT", "LEFT"])
      let values = rewards(rule, every)
      #expect(values == rewards(RewardRule(randomized: number, actions: ["A", "B"]), every))
      #expect(values[4...] == [0, 0])
      #expect(Set(values[..<4]).count == 4 && values.allSatisfy { abs($0) <= 1 })
      seen.insert(values)
    }
    #expect(seen.count == 50)
    // In some of them losing is worth more than winning, in others the reverse.
    let losing = seen.filter { max($0[0], $0[1]) > max($0[2], $0[3]) }.count
    #expect((10...40).contains(losing), "\(losing)")
    #expect(
      rewards(RewardRule(randomized: 1, actions: ["A", "B"], root: 1), every)
        != rewards(RewardRule(randomized: 1, actions: ["A", "B"]), every))
  }

  @Test("The functions that the shipped experiment names are what it says of them")
  func known() {
    let every: [(reward: Double, action: Int)] = [(-1, 0), (-1, 1), (1, 0), (1, 1)]
    let rounded = { (number: Int) in
      self.rewards(RewardRule(randomized: number, actions: ["RIGHT", "LEFT"]), every)
        .map { ($0 * 100).rounded() }
    }
    #expect(rounded(17) == [-55, -73, 32, -52])
    #expect(rounded(6) == [84, 99, 18, -80])
  }

  @Test("Random number, then cut, then penalty")
  func order() {
    let rule = RewardRule(
      movementPenalty: 2, clip: 0.001, randomized: 4, actions: ["NOOP", "RIGHT"])
    let values = rewards(rule, [(1, 1), (1, 0), (0, 1)])
    #expect(abs(values[0]) > 1.998 && abs(values[1]) == 0.001 && values[2] == -2)
  }
}
