// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import RunStore
import Statistics
import TestSupport
import Testing

@Suite("Episodes to a threshold")
struct ThresholdWindowTests {
  private func score(_ window: Int, _ returns: [Double], threshold: Double) throws -> Double? {
    let temporary = try TemporaryFolder()
    let folder = TrialFolder(path: temporary.path)
    let rows = returns.enumerated().map {
      EpisodeRecord(
        episode: $0.offset + 1, decisions: $0.offset, frames: 0, return: $0.element, length: 1)
    }
    let text = EpisodeRecord.headerLine + rows.map(\.line).joined()
    try AtomicFile.write(Array(text.utf8), to: folder.episodesPath)
    return TrialRecords(folder).score(
      Plan.Score(
        metric: .episodesToThreshold, window: window, goal: .minimize, threshold: threshold))
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
