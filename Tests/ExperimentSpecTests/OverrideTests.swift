// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

@Suite("--set and --seeds")
struct OverrideTests {
  private let text = #"""
    { "sweep": { "grid": { "returns.discount": [null, 0.99] } }, "seeds": 2, "score": { "goal": "maximize" } }
    """#

  @Test("--set wins over everything and is kept in the plan")
  func wins() throws {
    let loaded = load(
      text, set: ["training.episodes=12", "algorithm.kind=\"random\""], seeds: "0..4")
    let plan = try #require(loaded.plan)
    #expect(plan.variants.allSatisfy { $0.configuration[path: "training.episodes"] == 12 })
    #expect(plan.seeds == [0, 1, 2, 3, 4])
    #expect(
      plan.overrides == [
        "--set training.episodes=12", "--set algorithm.kind=\"random\"", "--seeds 0..4",
      ])
  }

  @Test(
    "--seeds takes a number, a list or a range",
    arguments: [("5", [0, 1, 2, 3, 4]), ("7,3", [7, 3]), ("3..5", [3, 4, 5]), ("1", [0])])
  func seeds(option: String, expected: [Int]) {
    #expect(load(text, seeds: option).plan?.seeds == expected)
  }

  @Test(
    "Seeds that make no sense are refused",
    arguments: ["", "0", "4..1", "1,1", "-1", "a", "1..", "0..10000", "10001", "1,,2"])
  func badSeeds(option: String) {
    let loaded = load(text, seeds: option)
    #expect(loaded.plan == nil)
    #expect(loaded.findings.map(\.file) == ["--seeds"])
  }

  @Test(
    "A bad --set says what to write",
    arguments: [
      (
        "algorithm.kind=random",
        #"""
        --set:1:16: error[bare-word]: algorithm.kind: found random; allowed: "reinforce", "kl-line-search" or "random"; a string needs its quotes: --set 'algorithm.kind="random"'
            1 | algorithm.kind=random
              |                ^~~~~~

        """#
      ),
      (
        "returns.normalize=epsiode",
        #"""
        --set:1:19: error[bare-word]: returns.normalize: found epsiode; allowed: "none", "episode" or "batch"; a string needs its quotes: --set 'returns.normalize="episode"'
            1 | returns.normalize=epsiode
              |                   ^~~~~~~

        """#
      ),
      (
        "training.episodes",
        """
        --set:1:1: error[bad-option]: found "training.episodes"; allowed: path=value; such as --set training.episodes=1000
            1 | training.episodes
              | ^~~~~~~~~~~~~~~~~

        """
      ),
      (
        "training.episodes=",
        """
        --set:1:19: error[missing-value]: training.episodes: no value follows "="; allowed: a whole number (episodes), 1 ≤ episodes ≤ 10000000
            1 | training.episodes=
              |                   ^

        """
      ),
      (
        "base.training.episodes=3",
        """
        --set:1:1: error[unknown-key]: base.training.episodes: found "base.training.episodes"; paths here go without "base.": "training.episodes"
            1 | base.training.episodes=3
              | ^~~~~~~~~~~~~~~~~~~~~~

        """
      ),
      (
        "algorithm.maxKL=0.1",
        """
        --set:1:17: error[unused-key]: algorithm.maxKL: --set sets it, but algorithm.kind is "reinforce"; only "kl-line-search" uses it
            1 | algorithm.maxKL=0.1
              |                 ^~~
          note: in variant "discount off" and 1 more

        """
      ),
      (
        "returns.discount=0.5",
        """
        --set:1:18: error[duplicate-variant]: returns.discount: the sweep varies it, and --set makes variants equal; edit the sweep instead
            1 | returns.discount=0.5
              |                  ^~~
          note: "discount off" and "discount 0.99" are one

        """
      ),
    ])
  func badSet(option: String, expected: String) {
    #expect(messages(text, set: [option]) == expected)
  }

  @Test("The second of two for the same path is refused")
  func twice() {
    let shown = messages(text, set: ["training.episodes=1", "training.episodes=2"])
    #expect(
      shown.hasPrefix(
        "--set:2:1: error[duplicate-key]: training.episodes: it is set twice; the first is --set number 1; keep one of them\n"
      ))
  }
}
