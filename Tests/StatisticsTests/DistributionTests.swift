// SPDX-License-Identifier: MIT

import Statistics
import Testing

@Suite("Averages, quantiles, histograms")
struct DistributionTests {
  @Test("Quantiles by selection agree with a full sort", arguments: 1...40)
  func quantiles(count: Int) {
    var source = Source(seed: count)
    for values in [source.scores(count), source.ties(count), source.ties(count, below: 1)] {
      for q in [0, 0.025, 0.1, 0.25, 0.5, 0.75, 0.975, 1] {
        #expect(isClose(quantile(values, q), Naive.quantile(values, q)), "\(q) of \(values)")
      }
      #expect(isClose(interquartileMean(values), Naive.interquartileMean(values)))
    }
  }

  @Test("Quantiles of nothing are absent, and infinities stay infinities")
  func edges() {
    #expect(quantile([], 0.5) == nil && median([]) == nil && mean([]) == nil)
    #expect(interquartileMean([]) == nil && standardDeviation([1]) == nil)
    #expect(quantile([1, .infinity], 0) == 1)
    #expect(quantile([.infinity, 1], 0.5) == .infinity)
    #expect(quantile([.infinity, .infinity, 1], 0.75) == .infinity)
    #expect(median([4, 1, 3, 2]) == 2.5)
    #expect(standardDeviation([0.1, 0.1, 0.1]) == 0)
    #expect(isClose(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]), (32.0 / 7).squareRoot()))
  }

  @Test("A range is refused when it has no width or no end")
  func ranges() throws {
    #expect(ScoreRange(minimum: 1, maximum: 1) == nil)
    #expect(ScoreRange(minimum: 2, maximum: 1) == nil)
    #expect(ScoreRange(minimum: 0, maximum: .infinity) == nil)
    #expect(ScoreRange(minimum: -1, maximum: 3)?.normalized(0) == 0.25)
    let pong = try #require(ScoreRange.pong)
    #expect(pong.normalized(-21) == 0 && pong.normalized(21) == 1)
    #expect(ScoreRange(minimum: 0, maximum: 500)?.normalized(250) == 0.5)
  }

  @Test("Every finite value lies in the bin whose edges hold it", arguments: 1...15)
  func histogram(bins: Int) throws {
    var source = Source(seed: bins)
    let values = source.scores(200) + source.ties(50)
    let histogram = try #require(Histogram(values, bins: bins))
    #expect(histogram.edges.count == bins + 1)
    #expect(histogram.excluded == 0)
    for bin in 0..<bins {
      let inside = values.count {
        histogram.edges[bin] <= $0
          && ($0 < histogram.edges[bin + 1] || bin == bins - 1 && $0 == histogram.edges[bins])
      }
      #expect(histogram.counts[bin] == inside)
    }
  }

  @Test("Histograms exclude and count what has no bin")
  func excluded() throws {
    let histogram = try #require(
      Histogram([0, 0.5, 1, 2, .nan, .infinity, -1], bins: 2, range: 0...1))
    #expect(histogram.edges == [0, 0.5, 1])
    #expect(histogram.counts == [1, 2])
    #expect(histogram.excluded == 4)
    #expect(Histogram([], bins: 3) == nil)
    #expect(Histogram([.nan], bins: 3) == nil)
    #expect(Histogram([7, 7], bins: 2)?.edges == [6.5, 7, 7.5])
  }
}
