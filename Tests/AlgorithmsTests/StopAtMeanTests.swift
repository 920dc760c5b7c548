// SPDX-License-Identifier: MIT

import Algorithms
import ParameterSchema
import Testing

@Suite("training.stopAtMean")
struct StopAtMeanTests {
  /// The running means behind the updates of a training that ends at 3,000 episodes or before.
  private func means(stopAt: ConfigValue) throws -> [(episodes: Int, mean: Double)] {
    let training = LearnerCase.all[0].training(
      ParityBandit(), with: ["training.episodes": 3000, "training.stopAtMean": stopAt])
    var found: [(Int, Double)] = []
    while !training.isDone {
      _ = try training.advance()
      found.append((training.progress.episodes, try #require(training.progress.smoothedMean)))
    }
    return found
  }

  @Test("It ends with the first update that has the mean, and changes nothing before")
  func first() throws {
    let whole = try means(stopAt: .null)
    #expect(whole.last?.episodes == 3000)
    let early = try means(stopAt: 15)
    let end = try #require(whole.firstIndex { $0.mean >= 15 && $0.episodes >= 100 })
    #expect(early.map(\.episodes) == whole[...end].map(\.episodes))
    #expect(early.map(\.mean) == whole[...end].map(\.mean))
    #expect(end + 1 < whole.count)
  }

  @Test("The mean says nothing before a hundred episodes")
  func notBeforeAHundred() throws {
    #expect(try means(stopAt: -20).last?.episodes == 100)
  }
}
