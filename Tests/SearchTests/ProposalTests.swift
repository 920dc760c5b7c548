// SPDX-License-Identifier: MIT

import ExperimentSpec
import Glibc
import ParameterSchema
import Randomness
import Search
import Testing

@Suite("Proposals (TPE)")
struct ProposalTests {
  private func file(
    _ set: String, trials: Int, rootSeed: Int = 0, search: String = #""startup": 10"#,
    score: String = #""goal": "minimize""#
  ) -> String {
    """
    { "sweep": { "random": { "trials": \(trials), "set": { \(set) } } },
      "rootSeed": \(rootSeed), "score": { \(score) },
      "search": { "kind": "tpe", \(search), "confirm": 0 } }
    """
  }

  private let learningRate =
    #""optimizer.learningRate": { "min": 0.00001, "max": 1, "scale": "log" }"#
  private let branin =
    #""policy.x": { "min": -5, "max": 10 }, "policy.y": { "min": 0, "max": 15 }"#

  /// Branin's function: three minima of 0.397887.
  private func branin(_ c: ConfigValue) -> Double {
    let (x, y) = (c.number("policy.x"), c.number("policy.y"))
    let a = y - 5.1 / (4 * Double.pi * Double.pi) * x * x + 5 / Double.pi * x - 6
    return a * a + 10 * (1 - 1 / (8 * Double.pi)) * cos(x) + 10
  }

  private func parabola(_ c: ConfigValue) -> Double {
    let x = log10(c.number("optimizer.learningRate")) + 2.5
    return x * x
  }

  /// In how many of 50 searches the proposals find a better minimum than as many random draws, of
  /// which the first ten are the same.
  private func wins(_ set: String, _ value: @escaping (ConfigValue) -> Double) throws -> Int {
    var wins = 0
    for rootSeed in 0..<50 {
      let searched = progress(try space(file(set, trials: 40, rootSeed: rootSeed))) { c, _ in
        value(c)
      }
      let drawn = progress(
        try space(file(set, trials: 40, rootSeed: rootSeed, search: #""startup": 40"#))
      ) { c, _ in value(c) }
      #expect(drawn.plan.variants.count == 40)
      let shared = zip(searched.plan.variants, drawn.plan.variants).prefix(10)
      #expect(shared.allSatisfy { $0.configuration == $1.configuration })
      let best = { (progress: SearchProgress) in
        progress.plan.variants.map { value($0.configuration) }.min() ?? .infinity
      }
      if best(searched) < best(drawn) { wins += 1 }
    }
    return wins
  }

  @Test("On a parabola over the logarithm of the learning rate they beat random draws in 42 of 50")
  func parabola() throws {
    #expect(try wins(learningRate, parabola) >= 42)
  }

  @Test("On Branin's function they beat random draws in 38 of 50")
  func braninFunction() throws {
    #expect(try wins(branin, branin) >= 38)
  }

  @Test("Among levels and whole numbers they gather at the good ones")
  func levels() throws {
    let set =
      #""optimizer.kind": ["rmsprop", "adam", "sgd"], "policy.units": { "min": 1, "max": 1024, "scale": "log" }"#
    let value = { (c: ConfigValue) -> Double in
      let x = log2(c.number("policy.units")) - 6
      return x * x + (c[path: "optimizer.kind"] == "adam" ? 0 : 4)
    }
    var good = 0
    for rootSeed in 0..<10 {
      let found = progress(try space(file(set, trials: 40, rootSeed: rootSeed))) { c, _ in value(c)
      }
      let proposed = found.plan.variants.dropFirst(10)
      good += proposed.count { $0.configuration[path: "optimizer.kind"] == "adam" }
      #expect(
        proposed.allSatisfy {
          let units = $0.configuration.number("policy.units")
          return units == units.rounded() && (1...1024).contains(units)
        })
      #expect(Set(found.plan.trials.map(\.id)).count == found.plan.trials.count)
    }
    // A third of 300 would be 100.
    #expect(good > 180, "\(good) of 300")
  }

  @Test("What was proposed does not change when more draws are allowed")
  func prefix() throws {
    let short = progress(try space(file(learningRate, trials: 20))) { c, _ in parabola(c) }
    let long = progress(try space(file(learningRate, trials: 30))) { c, _ in parabola(c) }
    #expect(
      short.plan.variants.map(\.configuration)
        == long.plan.variants.prefix(20).map(\.configuration))
  }

  @Test("A failed trial is left out, and nothing is proposed near it for that")
  func failures() throws {
    let found = progress(try space(file(learningRate, trials: 30))) { c, _ in
      c.number("optimizer.learningRate") > 0.01 ? nil : parabola(c)
    }
    #expect(found.isOver)
    let rounds = found.record.rounds
    let failed = rounds.flatMap(\.entries).filter { $0.scored == 0 }
    #expect(!failed.isEmpty && failed.allSatisfy { !$0.isKept && $0.mean == nil })
    #expect(found.record.winner.map { $0.scored == 1 } == true)
    let nothing = progress(try space(file(learningRate, trials: 14))) { _, _ in nil }
    #expect(nothing.isOver && nothing.record.winner == nil && nothing.record.problem != nil)
    #expect(nothing.plan.variants.count == 14)
  }

  @Test("The promise of values is the ratio of the two densities, as computed by hand")
  func promise() throws {
    let space = try space(
      file(
        #""policy.x": { "min": 0, "max": 10 }, "optimizer.kind": ["rmsprop", "adam"]"#, trials: 20))
    let model = ParzenModel(
      space.axes, good: [[.number(2), "adam"]],
      rest: [[.number(7), "rmsprop"], [.number(9), "adam"]])
    let l = UnitDensity([0.2]).density(at: 0.4) * 0.25
    let g = UnitDensity([0.7, 0.9]).density(at: 0.4) * 0.5
    #expect(abs(model.promise(of: [.number(4), "rmsprop"]) - log(l / g)) < 1e-12)
  }
}
