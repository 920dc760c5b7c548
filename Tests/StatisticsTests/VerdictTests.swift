// SPDX-License-Identifier: MIT

import Statistics
import Testing

@Suite("Verdicts")
struct VerdictTests {
  private let better = [10, 12, 11, 14, 9, 13, 12, 11, 10, 15].map(Double.init)
  private let worse = [1, 3, 2, 4, 1, 2, 5, 3, 2, 1].map(Double.init)

  @Test("A clear advantage supports the claim in each measure")
  func supported() throws {
    let difference = try verdict(.difference, atLeast: 5, better, worse)
    #expect(difference.outcome == .supported)
    #expect(difference.n == 10)
    #expect(difference.coverage == [Coverage(used: 10, planned: 10)])
    #expect(isClose(difference.estimate, 9.3))
    #expect(try #require(difference.interval).lower >= 5)
    #expect(difference.test?.pValue == 2.0 / 1024)
    let probability = try verdict(.probabilityOfImprovement, atLeast: 0.75, better, worse)
    #expect(probability.outcome == .supported)
    #expect(probability.estimate == 1)
  }

  @Test("A whole interval below the margin refutes the claim, also when there is no effect at all")
  func refuted() throws {
    #expect(try verdict(.difference, atLeast: 0, worse, better).outcome == .refuted)
    #expect(try verdict(.difference, atLeast: 15, better, worse).outcome == .refuted)
    #expect(
      try verdict(.probabilityOfImprovement, atLeast: 0.75, worse, better).outcome == .refuted)
    var source = Source(seed: 6)
    let x = source.scores(10)
    #expect(try verdict(.difference, atLeast: 3, x, x.reversed()).outcome == .refuted)
  }

  @Test("Spread ratios are judged")
  func spread() throws {
    let narrow = (0..<12).map { 10 + 0.1 * Double($0 % 5) }
    let wide = (0..<12).map { Double(($0 * 7) % 12) }
    let verdict = try verdict(.spreadRatio, atLeast: 2, narrow, wide)
    #expect(verdict.outcome == .supported)
    #expect(try #require(verdict.estimate) > 20)
    #expect(try self.verdict(.spreadRatio, atLeast: 2, wide, narrow).outcome == .refuted)
  }

  @Test("Fewer than six seeds never decide and need the more", arguments: 1...5)
  func tooFew(count: Int) throws {
    let verdict = try verdict(
      .difference, atLeast: 0, Array(better[..<count]), Array(worse[..<count]))
    #expect(verdict.outcome == .undecided(.tooFewSeeds(more: 6 - count)))
    #expect(verdict.n == count)
    #expect(verdict.estimate != nil)
    #expect((verdict.interval == nil) == (count == 1))
  }

  @Test("Six seeds decide a single hypothesis; two hypotheses need a seventh")
  func familySize() throws {
    let six = PairedScores(x: Array(better[..<6]), y: Array(worse[..<6]))
    let one = PairedHypothesis(name: "a", measure: .difference, atLeast: 5, scores: six)
    let two = PairedHypothesis(name: "b", measure: .difference, atLeast: 5, scores: six)
    #expect(verdicts(on: [one], experiment: "e").map(\.outcome) == [.supported])
    let both = verdicts(on: [one, two], experiment: "e")
    #expect(both.map(\.adjustedP) == [0.0625, 0.0625])
    #expect(both.allSatisfy { $0.outcome == .undecided(.tooFewSeeds(more: 1)) })
  }

  @Test("Tasks share their seeds: two pairs of variants with five seeds are five, not ten")
  func seedsCountOnce() throws {
    let scores = PairedScores(
      x: [Array(better[..<5]), Array(better[5...])], y: [Array(worse[..<5]), Array(worse[5...])])
    let hypothesis = PairedHypothesis(
      name: "a", measure: .difference, atLeast: 0, scores: scores)
    let verdict = try #require(verdicts(on: [hypothesis], experiment: "e").first)
    #expect(verdict.n == 5)
    #expect(verdict.test?.count == 5)
    #expect(verdict.coverage.count == 2)
    #expect(verdict.outcome == .undecided(.tooFewSeeds(more: 1)))
  }

  @Test("Failed runs lower n and are counted")
  func failed() throws {
    var scores = better
    scores[3] = .nan
    let verdict = try verdict(.difference, atLeast: 5, scores, worse)
    #expect(verdict.n == 9)
    #expect(verdict.coverage == [Coverage(used: 9, planned: 10)])
    #expect(verdict.outcome == .supported)
    let none = try self.verdict(
      .difference, atLeast: 5, Array(repeating: .nan, count: 10), worse)
    #expect(none.outcome == .undecided(.noPairs))
    #expect(none.estimate == nil && none.interval == nil && none.adjustedP == nil)
  }

  @Test("An unclear case is undecided, and the estimate of seeds falls as the effect grows")
  func inconclusive() throws {
    var source = Source(seed: 11)
    let x = source.scores(10)
    let y = source.scores(10)
    let shift = x.reduce(0, +) / 10 - y.reduce(0, +) / 10
    func seeds(effect: Double) throws -> Int? {
      let verdict = try verdict(.difference, atLeast: 0, x.map { $0 - shift + effect }, y)
      guard case .undecided(.inconclusive(let seeds)) = verdict.outcome else {
        Issue.record("expected an undecided verdict, found \(verdict.outcome)")
        return nil
      }
      return seeds
    }
    let small = try #require(try seeds(effect: 0.2))
    let larger = try #require(try seeds(effect: 0.4))
    #expect(10 < larger && larger < small)
    #expect(try seeds(effect: 0.001) == nil)
  }

  @Test("Small is good where the goal says so")
  func minimize() throws {
    let verdict = try verdict(.difference, atLeast: 5, worse, better, goal: .minimize)
    #expect(verdict.outcome == .supported)
    #expect(isClose(verdict.estimate, 9.3))
    let probability = try self.verdict(
      .probabilityOfImprovement, atLeast: 0.75, worse, better, goal: .minimize)
    #expect(probability.estimate == 1)
  }

  @Test("Censored runs rank last, and leave a difference undecided")
  func censored() throws {
    let slow = [900, .infinity, 950, .infinity, 920, 990, .infinity, 940, 930, .infinity]
    let fast = (0..<10).map { 100 + Double($0) }
    let probability = try verdict(
      .probabilityOfImprovement, atLeast: 0.75, fast, slow, goal: .minimize)
    #expect(probability.outcome == .supported)
    let difference = try verdict(.difference, atLeast: 10, fast, slow, goal: .minimize)
    #expect(difference.outcome == .undecided(.censored(pairs: 4)))
  }

  @Test("Holm runs over the file's hypotheses, and verdicts keep their order")
  func family() throws {
    var source = Source(seed: 12)
    let strong = PairedScores(x: better, y: worse)
    let weak = PairedScores(x: source.scores(10, centre: 0.3), y: source.scores(10))
    let found = verdicts(
      on: [
        PairedHypothesis(name: "weak", measure: .difference, atLeast: 0, scores: weak),
        PairedHypothesis(name: "strong", measure: .difference, atLeast: 0, scores: strong),
        PairedHypothesis(
          name: "none", measure: .difference, atLeast: 0, scores: PairedScores(x: [], y: [Double]())
        ),
      ], experiment: "e")
    #expect(found.map(\.name) == ["weak", "strong", "none"])
    #expect(found[1].adjustedP == 3 * 2.0 / 1024)
    #expect(found[2].outcome == .undecided(.noPairs))
    #expect(verdicts(on: [], experiment: "e") == [])
  }

  private func verdict(
    _ measure: TwoSampleMeasure, atLeast: Double, _ x: [Double], _ y: [Double],
    goal: ScoreGoal = .maximize
  ) throws -> Verdict {
    let hypothesis = PairedHypothesis(
      name: "claim", measure: measure, atLeast: atLeast, goal: goal,
      scores: PairedScores(x: x, y: y))
    return try #require(verdicts(on: [hypothesis], experiment: "e").first)
  }
}
