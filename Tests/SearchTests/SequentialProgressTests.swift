// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Search
import Statistics
import Testing

@Suite("Seeds until the claims are decided")
struct SequentialProgressTests {
  private func file(_ hypotheses: String, from: Int = 8, to: Int = 30) -> String {
    """
    { "sweep": { "grid": { "policy.units": [1, 2, 3] } }, "seeds": { "from": \(from), "to": \(to) },
      "score": { "range": [0, 100] }, "hypotheses": [\(hypotheses)] }
    """
  }

  private func claim(_ better: Int, _ than: Int, _ more: String = "") -> String {
    #"{ "claim": "\#(better) over \#(than)", "better": { "policy.units": \#(better) }, "#
      + #""than": { "policy.units": \#(than) }\#(more) }"#
  }

  private func space(_ text: String) throws -> SequentialSpace {
    let loaded = loadExperiment(
      source: SourceText(name: "experiments/a.json", text: text), catalogue: smallCatalogue)
    guard let space = loaded.sequence else {
      throw Unreadable(description: loaded.renderedFindings())
    }
    return space
  }

  /// - Parameter score: nil for a trial that failed.
  private func progress(
    _ text: String, score: (_ units: Int, _ seed: Int) -> Double?
  ) throws -> SequentialProgress {
    SequentialProgress(of: try space(text)) { plan, _ in
      plan.trials.map { trial in
        let units = Int(plan.configuration(of: trial).number("policy.units"))
        return score(units, trial.seed).map { .scored($0) } ?? .failed
      }
    }
  }

  /// Uneven numbers from −0.5 to 0.5.
  private func noise(_ units: Int, _ seed: Int) -> Double {
    Double((seed * 7_919 + units * 104_729) % 1_009) / 1_009 - 0.5
  }

  @Test("A clear claim is decided at the first look, and only what an open one needs goes on")
  func onlyWhatIsOpen() throws {
    let found = try progress(file(claim(3, 1) + "," + claim(2, 1))) { units, seed in
      units == 3 ? 50 : 10 + noise(units, seed)
    }
    #expect(found.isOver)
    let claims = found.record.claims
    #expect(claims[0].outcome == .supported && claims[0].looks.count == 1)
    #expect(claims[1].outcome != .supported && claims[1].looks.last?.pairs == 30)
    let first = found.record.pairs[0]
    let seeds = Dictionary(grouping: found.plan.trials, by: \.variant).mapValues(\.count)
    #expect(seeds == [0: 30, 1: 30, 2: first])
    // All variants of a seed before the next seed, so that whatever is there can be compared.
    #expect(found.plan.trials.prefix(6).map(\.seed) == [0, 0, 0, 1, 1, 1])
  }

  @Test("What no claim compares is trained with the seeds of the first look, and no further")
  func uncompared() throws {
    let found = try progress(file(claim(2, 1))) { units, seed in 10 + noise(units, seed) }
    let seeds = Dictionary(grouping: found.plan.trials, by: \.variant).mapValues(\.count)
    #expect(seeds == [0: 30, 1: 30, 2: found.record.pairs[0]])
  }

  @Test("A failed seed is replaced by the next, and counted")
  func replaced() throws {
    let found = try progress(file(claim(3, 1))) { units, seed in
      seed == 2 ? nil : units == 3 ? 50 : 10 + noise(units, seed)
    }
    let claim = found.record.claims[0]
    #expect(claim.outcome == .supported)
    #expect(claim.looks[0].pairs == found.record.pairs[0])
    #expect(claim.looks[0].seeds == found.record.pairs[0] + 1)
    #expect(claim.failedBetter == 1 && claim.failedThan == 1)
    #expect(claim.differences.count == claim.looks[0].pairs)
  }

  @Test("A verdict that would not stand with the failed seeds at the low end is none")
  func hangs() throws {
    let text = file(claim(3, 1))
    let found = try progress(text) { units, seed in
      units == 3 && seed % 3 == 0 ? nil : units == 3 ? 50 : 45 + noise(units, seed)
    }
    #expect(found.record.claims[0].outcome == .undecided)
    #expect(found.record.claims[0].looks.allSatisfy { $0.hangsOnFailures == true })
    // Equal failures on both sides flatter none.
    let fair = try progress(text) { units, seed in
      seed % 3 == 0 ? nil : units == 3 ? 50 : 45 + noise(units, seed)
    }
    #expect(fair.record.claims[0].outcome == .supported)
  }

  @Test("A claim most of whose seeds fail is given up")
  func failing() throws {
    let found = try progress(file(claim(3, 1))) { units, _ in units == 3 ? nil : 10 }
    #expect(found.isOver && found.record.claims[0].outcome == .failing)
    #expect(found.plan.trials.count <= 5 * found.record.pairs[0])
  }

  @Test("No difference within a margin is a claim of its own, and can be refuted")
  func within() throws {
    let found = try progress(
      file(claim(2, 1, #", "within": 1"#) + "," + claim(3, 1, #", "within": 1"#))
    ) { units, seed in (units == 3 ? 50 : 10) + noise(units, seed) }
    #expect(found.record.claims.map(\.outcome) == [.supported, .refuted])
  }

  @Test("The probability of improvement is looked at once, with all pairs")
  func once() throws {
    let found = try progress(
      file(claim(3, 1, #", "measure": "probabilityOfImprovement", "atLeast": 0.75"#), to: 12)
    ) { units, seed in (units == 3 ? 50 : 10) + noise(units, seed) }
    #expect(found.record.claims[0].looks.map(\.pairs) == [12])
    #expect(found.record.claims[0].outcome == .supported)
  }

  @Test("A plan that changed after a look says that its level is lost; later claims are marked")
  func changed() throws {
    let score = { (units: Int, seed: Int) -> Double? in (units == 3 ? 50 : 10) + Double(seed % 5) }
    let first = try progress(file(claim(3, 1)), score: score)
    var more = try progress(file(claim(3, 1) + "," + claim(3, 2)), score: score)
    more.follow(first.record)
    #expect(more.record.claims.map(\.addedAfter) == [nil, first.record.pairs[0]])
    var longer = try progress(file(claim(3, 1), to: 60), score: score)
    longer.follow(first.record)
    #expect(
      longer.record.changes.count == 1 && longer.record.changes[0].contains("became 8 and 60"))
    var same = try progress(file(claim(3, 1)), score: score)
    same.follow(longer.record)
    #expect(same.record.changes.count == 2)
    let read = SequentialRecord(decoding: same.record.encoded())
    #expect(read == same.record)
  }

  @Test("A look waits for a slow seed and never overtakes it")
  func waits() throws {
    let space = try space(file(claim(3, 1)))
    let found = SequentialProgress(of: space) { plan, _ in
      plan.trials.map { $0.seed == 3 ? .open : .scored(Double($0.variant)) }
    }
    #expect(!found.isOver && found.record.claims[0].looks.isEmpty)
    #expect(found.record.round == "look 1 of \(space.looks.pairs.count)")
    #expect(found.plan.trials.count == 3 * space.looks.pairs[0])
  }
}
