// SPDX-License-Identifier: MIT

import ExperimentSpec
import RunStore
import Statistics
import Testing

@Suite("Episodes to a threshold")
struct ThresholdWindowTests {
  private func score(_ window: Int, _ returns: [Double], threshold: Double) -> Double? {
    trialScore(
      Plan.Score(
        metric: .episodesToThreshold, window: window, goal: .minimize, threshold: threshold),
      returns: returns, evaluationReturns: [])
  }

  @Test("The window is that of the running mean that has to reach it")
  func window() {
    let returns = [0, 30, 0, 0, 30, 30, 30, 30] as [Double]
    #expect(score(1, returns, threshold: 25) == 2)
    #expect(score(2, returns, threshold: 25) == 6)
    #expect(score(4, returns, threshold: 25) == 8)
    #expect(score(5, returns, threshold: 25) == .infinity)
    #expect(score(100, returns, threshold: 25) == .infinity)
  }

  @Test("A threshold beside another score keeps the hundred episodes in use")
  func beside() {
    #expect(Plan.Score(metric: .return, window: 7, threshold: 1).thresholdWindow == 100)
    #expect(
      Plan.Score(metric: .episodesToThreshold, window: 7, threshold: 1).thresholdWindow == 7)
  }
}
