// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import RunStore
import Statistics
import TestSupport
import Testing

@Suite("Episodes to a threshold, and trials without a score")
struct ThresholdWindowTests {
  private func records(_ returns: [Double]) throws -> TrialRecords {
    let temporary = try TemporaryFolder()
    let folder = TrialFolder(path: temporary.path)
    let rows = returns.enumerated().map {
      EpisodeRecord(
        episode: $0.offset + 1, decisions: $0.offset, frames: 0, return: $0.element, length: 1)
    }
    let text = EpisodeRecord.headerLine + rows.map(\.line).joined()
    try AtomicFile.write(Array(text.utf8), to: folder.episodesPath)
    return TrialRecords(folder)
  }

  private func score(_ window: Int, _ returns: [Double], threshold: Double) throws -> Double? {
    try records(returns).score(
      Plan.Score(
        metric: .episodesToThreshold, window: window, goal: .minimize, threshold: threshold))
  }

  @Test("A trial without a score says why; infinity is one for a threshold alone")
  func without() throws {
    let short = try records([1, 2, 3])
    let cases: [(Plan.Score, String)] = [
      (
        Plan.Score(at: .init(episodes: 4)),
        "it ended before 4 episodes, at which it would have its score"
      ),
      (
        Plan.Score(at: .init(passes: 1e5)),
        "it ended before 100,000 passes, at which it would have its score"
      ),
      (Plan.Score(metric: .evaluationReturn), "it played no evaluation games"),
    ]
    for (rule, reason) in cases {
      #expect(short.score(rule) == nil && short.lackOfScore(rule) == reason)
    }
    #expect(short.score(Plan.Score()) == 2 && short.lackOfScore(Plan.Score()) == nil)
    for broken in [Double.infinity, -.infinity, .nan] {
      let found = try records([1, broken])
      #expect(found.score(Plan.Score()) == nil)
      #expect(found.lackOfScore(Plan.Score()) == "its score is not a number")
    }
  }

  @Test("The window is that of the running mean that has to reach it")
  func window() throws {
    let returns = [0, 30, 0, 0, 30, 30, 30, 30] as [Double]
    #expect(try score(1, returns, threshold: 25) == 2)
    #expect(try score(2, returns, threshold: 25) == 6)
    #expect(try score(4, returns, threshold: 25) == 8)
    #expect(try score(5, returns, threshold: 25) == .infinity)
    #expect(try score(100, returns, threshold: 25) == .infinity)
  }

  @Test("A threshold beside another score keeps the hundred episodes in use")
  func beside() {
    #expect(Plan.Score(metric: .return, window: 7, threshold: 1).thresholdWindow == 100)
    #expect(
      Plan.Score(metric: .episodesToThreshold, window: 7, threshold: 1).thresholdWindow == 7)
  }
}
