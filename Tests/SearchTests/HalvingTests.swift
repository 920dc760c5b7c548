// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Randomness
import Search
import Testing

@Suite("Successive halving")
struct HalvingTests {
  private func file(
    units: [Int], rungs: String = "[100, 300]", eta: Int = 3, seeds: Int = 2,
    more: String = #""confirm": 0"#, score: String = #""goal": "maximize""#
  ) -> String {
    """
    { "sweep": { "grid": { "policy.units": \(units) } }, "seeds": \(seeds),
      "score": { \(score) },
      "search": { "kind": "halving", "rungs": \(rungs), "eta": \(eta), \(more) } }
    """
  }

  /// Better with more units; more so the longer it trains.
  private func rising(_ c: ConfigValue, _ seed: Int) -> Double {
    c.number("policy.units") * c.number("training.episodes") + Double(seed)
  }

  @Test("The best 1/η go on: 9 → 3 → 1, each continuing to the next rung")
  func nine() throws {
    let found = progress(try space(file(units: Array(1...9))), score: rising)
    let plan = found.plan
    let lengths = plan.variants.map { Int($0.configuration.number("training.episodes")) }
    #expect(lengths == [Int](repeating: 100, count: 9) + [300, 300, 300] + [900])
    #expect(plan.trials.count == 26)
    #expect(plan.trials.map(\.round) == [Int?](repeating: 1, count: 18) + [2, 2, 2, 2, 2, 2, 3, 3])
    #expect(Set(plan.trials.map(\.id)).count == 26)
    #expect(
      plan.variants.suffix(4).map { $0.configuration.number("policy.units") } == [7, 8, 9, 9])
    #expect(plan.variants.last?.label == "units 9")
    #expect(plan.variants.first?.label == "units 1 · 100 episodes")
    #expect(found.isOver && found.record.winner?.variant == 12)
    // Only what trains to the end is evaluated, as the score does not need it.
    #expect(
      plan.variants.map { $0.configuration.number("evaluation.episodes") }
        == [Double](repeating: 0, count: 12) + [10])
    #expect(try Plan(decoding: plan.encoded()) == plan)
  }

  @Test("A variant's last trial is the one that the sweep without a search has")
  func identity() throws {
    let found = progress(try space(file(units: [1, 2, 3])), score: rising)
    let whole = loadExperiment(
      source: SourceText(
        name: "experiments/a.json",
        text:
          #"{ "sweep": { "grid": { "policy.units": [1, 2, 3] } }, "seeds": 2, "score": { "goal": "maximize" } }"#
      ), catalogue: smallCatalogue)
    let ids = Set(try #require(whole.plan).trials.map(\.id))
    #expect(found.plan.trials.suffix(2).allSatisfy { ids.contains($0.id) })
  }

  @Test("Survivors are those of the slow reference", arguments: 0..<50 as Range<UInt64>)
  func reference(seed: UInt64) {
    var random = Xoshiro256(seed: seed)
    let count = 1 + Int(random.next(below: 40))
    let eta = 2 + Int(random.next(below: 4))
    let scores = (0..<count).map { _ -> Double? in
      random.next(below: 6) == 0 ? nil : Double(random.next(below: 10))
    }
    // One after the other, the best of those left.
    var left = scores.indices.filter { scores[$0] != nil }
    var kept: [Int] = []
    while kept.count < max(1, count / eta), !left.isEmpty {
      let best = left.reduce(left[0]) { (scores[$1] ?? 0) > (scores[$0] ?? 0) ? $1 : $0 }
      kept.append(best)
      left.removeAll { $0 == best }
    }
    #expect(survivors(of: scores, eta: eta) == kept.sorted())
  }

  @Test("A variant without a score never goes on; without any score the search ends")
  func failures() throws {
    let found = progress(try space(file(units: [1, 2, 3, 4, 5, 6]))) { c, seed in
      c.number("policy.units") == 6 || (c.number("policy.units") == 5 && seed == 1)
        ? nil : rising(c, seed)
    }
    let first = found.record.rounds[0].entries
    #expect(first.map(\.isKept) == [false, false, false, true, true, false])
    #expect(first[4].scored == 1 && first[4].asked == 2 && first[5].mean == nil)
    let none = progress(try space(file(units: [1, 2, 3]))) { _, _ in nil }
    #expect(none.isOver && none.record.winner == nil)
    #expect(none.plan.trials.count == 6)
  }

  @Test("Small scores win where they are to be small")
  func minimize() throws {
    let found = progress(
      try space(file(units: [1, 2, 3], score: #""goal": "minimize""#)), score: rising)
    #expect(found.plan.variants.last?.configuration.number("policy.units") == 1)
    #expect(found.record.winner?.mean == 900.5)
  }

  @Test("Where the score is of evaluations, every rung is evaluated")
  func evaluated() throws {
    let found = progress(
      try space(
        file(units: [1, 2, 3], score: #""goal": "maximize", "metric": "evaluationReturn""#)),
      score: rising)
    #expect(found.plan.variants.allSatisfy { $0.configuration.number("evaluation.episodes") == 10 })
  }

  @Test("In whatever order trials end, the same is asked for", arguments: 0..<10 as Range<UInt64>)
  func order(seed: UInt64) throws {
    let space = try space(
      file(units: Array(1...9), more: #""confirm": 3, "reference": { "policy.units": 2 }"#))
    let whole = progress(space, score: rising)
    var random = Xoshiro256(seed: seed)
    var done: Set<String> = []
    var looks = 0
    while true {
      let now = SearchProgress(of: space) { plan in
        plan.trials.map {
          done.contains($0.id) ? .scored(rising(plan.configuration(of: $0), $0.seed)) : .open
        }
      }
      looks += 1
      // What was asked for stays asked for, in the same places.
      #expect(now.plan.trials == Array(whole.plan.trials.prefix(now.plan.trials.count)))
      #expect(now.record.rounds == Array(whole.record.rounds.prefix(now.record.rounds.count)))
      if now.isOver {
        #expect(now.plan == whole.plan && now.record == whole.record)
        break
      }
      let open = now.plan.trials.filter { !done.contains($0.id) }
      done.insert(open[Int(random.next(below: UInt32(open.count)))].id)
    }
    #expect(looks == whole.plan.trials.count + 1)
  }

  @Test("The winner and the reference meet seeds that the search never used")
  func confirmation() throws {
    let found = progress(
      try space(
        file(units: [1, 2, 3], more: #""confirm": 8, "reference": { "policy.units": 2 }"#)),
      score: rising)
    let confirmation = try #require(found.record.confirmation)
    #expect(confirmation.seeds == Array(2...9))
    let fresh = found.plan.trials.filter { confirmation.seeds.contains($0.seed) }
    #expect(fresh.count == 16 && fresh.allSatisfy { $0.round == 4 })
    #expect(confirmation.mean == 2705.5)
    let reference = try #require(confirmation.reference)
    #expect(reference.mean == 1805.5 && reference.difference == 900 && reference.pairs == 8)
    #expect(reference.pValue == 2.0 / 256)
    #expect(found.plan.variants.last?.label == "reference")
    #expect(found.plan.variants.last?.differing.map(\.path) == ["policy.units"])
    #expect(try Plan(decoding: found.plan.encoded()) == found.plan)
    #expect(SearchRecord(decoding: found.record.encoded()) == found.record)
  }

  @Test("A winner that is the reference is not compared with itself")
  func sameReference() throws {
    let found = progress(
      try space(
        file(units: [1, 2, 3], more: #""confirm": 8, "reference": { "policy.units": 3 }"#)),
      score: rising)
    #expect(found.plan.trials.count { $0.seed >= 2 } == 8)
    let reference = try #require(found.record.confirmation?.reference)
    #expect(reference.variant == nil && reference.difference == nil)
  }

  @Test("The outline says what comes of it")
  func outline() throws {
    let lines = SearchBudget(try space(file(units: Array(1...9), more: #""confirm": 5"#))).lines
    #expect(
      lines == [
        "round 1: 9 variants × 2 seeds, to 100 episodes; then the best 3 train on",
        "round 2: 3 variants × 2 seeds, to 300 episodes; then the best trains on",
        "round 3: 1 variant × 2 seeds, to 900 episodes; then the best is the winner",
        "confirmation: 5 trials on fresh seeds",
        "at most 31 trials, 8,700 episodes of training; the whole sweep: 18, 16,200",
      ])
  }
}
