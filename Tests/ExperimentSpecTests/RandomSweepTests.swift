// SPDX-License-Identifier: MIT
import Diagnostics
import Foundation
import ParameterSchema
import Testing

@testable import ExperimentSpec

@Suite("Random sweeps")
struct RandomSweepTests {
  private func planned(_ sweep: String, head: String = "") -> Plan? {
    load("{ \(head) \"sweep\": \(sweep), \"score\": { \"goal\": \"maximize\" } }").plan
  }

  private func random(_ trials: Int, _ set: String, seed: Int = 0) -> String {
    "{ \"random\": { \"trials\": \(trials), \"seed\": \(seed), \"set\": { \(set) } } }"
  }

  private let rate = #""optimizer.learningRate": { "min": 1e-4, "max": 1e-2, "scale": "log" }"#

  private func numbers(_ plan: Plan?, _ path: String) -> [Double] {
    (plan?.variants ?? []).compactMap {
      switch $0.configuration[path: path] {
      case .number(let number): number
      case .array(let elements):
        if case .number(let number)? = elements.first { number } else { nil }
      default: nil
      }
    }
  }

  @Test("The draws are those that they have always been")
  func known() throws {
    let plan = try #require(
      planned(random(4, rate + #", "policy.hidden": { "min": 16, "max": 64 }"#)))
    #expect(plan.arithmetic == "4 draws = 4 variants × 1 seed = 4 trials")
    #expect(numbers(plan, "optimizer.learningRate") == Self.knownRates)
    #expect(numbers(plan, "policy.hidden") == Self.knownWidths)
  }

  static let knownRates = [0.002435206, 0.0002565888, 0.004934738, 0.0003864859]
  static let knownWidths: [Double] = [21, 51, 54, 44]

  @Test("More trials keep the earlier ones; other parts change nothing")
  func prefix() throws {
    let few = try #require(planned(random(20, rate)))
    let many = try #require(planned(random(50, rate)))
    #expect(few.trials.map(\.id) == many.trials.prefix(20).map(\.id))
    let beside = try #require(planned(random(20, #""policy.bias": [true, false], "# + rate)))
    #expect(
      numbers(beside, "optimizer.learningRate") == numbers(few, "optimizer.learningRate"))
    let combined = try #require(
      planned(
        "{ \"product\": [ { \"grid\": { \"returns.discount\": [1, 0.9] } }, \(random(20, rate)) ] }"
      ))
    let rates = numbers(few, "optimizer.learningRate")
    #expect(numbers(combined, "optimizer.learningRate") == rates + rates)
    #expect(combined.arithmetic == "2 discounts × 20 draws = 40 variants × 1 seed = 40 trials")
  }

  @Test("Another seed or root seed gives other draws, more seeds do not")
  func seeds() throws {
    let rates = { (plan: Plan?) in numbers(plan, "optimizer.learningRate") }
    let plain = rates(planned(random(10, rate)))
    #expect(plain.count == 10)
    #expect(rates(planned(random(10, rate, seed: 1))) != plain)
    #expect(rates(planned(random(10, rate), head: #""rootSeed": 1,"#)) != plain)
    #expect(rates(planned(random(10, rate), head: #""seeds": 5,"#)) == plain)
  }

  @Test("Logarithmic draws fill every decade alike, linear draws every tenth", arguments: 0..<5)
  func shape(seed: Int) throws {
    let log = random(
      2000, #""optimizer.epsilon": { "min": 1e-6, "max": 1e-2, "scale": "log" }"#, seed: seed)
    let logs = numbers(planned(log), "optimizer.epsilon")
    // A draw may fall on an earlier one, and is kept once then.
    try #require(logs.count > 1990)
    #expect(logs.allSatisfy { (1e-6...1e-2).contains($0) })
    for decade in -6 ..< -2 {
      let inside = logs.count { $0 >= pow(10, Double(decade)) && $0 < pow(10, Double(decade + 1)) }
      // 500 expected; the binomial's deviation is 19.
      #expect((400...600).contains(inside), "seed \(seed), decade \(decade): \(inside)")
    }
    let linear = random(2000, #""returns.discount": { "min": 0.5, "max": 1 }"#, seed: seed)
    let values = numbers(planned(linear), "returns.discount")
    #expect(values.allSatisfy { (0.5...1).contains($0) })
    for tenth in 0..<10 {
      let low = 0.5 + 0.05 * Double(tenth)
      let inside = values.count { $0 >= low && $0 < low + 0.05 }
      #expect((140...260).contains(inside), "seed \(seed), tenth \(tenth): \(inside)")
    }
  }

  @Test("Whole numbers stay whole, and both ends are reached", arguments: ["linear", "log"])
  func whole(scale: String) throws {
    let sweep = random(
      600,
      "\"environment.frameSkip\": { \"min\": 2, \"max\": 5, \"scale\": \"\(scale)\" }, "
        + #""training.episodes": { "min": 1, "max": 10000000 }"#)
    let skips = numbers(planned(sweep), "environment.frameSkip")
    try #require(skips.count == 600)
    #expect(Set(skips) == [2, 3, 4, 5])
    let low = skips.count { $0 == 2 }
    // Linear: 150 expected. Logarithmic: log(3/2) / log(6/2) of 600 = 221.
    #expect(scale == "log" ? (180...265).contains(low) : (110...190).contains(low), "\(low)")
    let episodes = numbers(planned(sweep), "training.episodes")
    #expect(episodes.allSatisfy { $0 == $0.rounded() && (1...1e7).contains($0) })
  }

  @Test("Numbers are short, and labels shorter while they stay apart")
  func labels() throws {
    let plan = try #require(planned(random(300, rate)))
    #expect(Set(plan.variants.map(\.label)).count == 300)
    #expect(plan.variants.allSatisfy { $0.label.hasPrefix("learningRate 0.0") })
    let values = numbers(plan, "optimizer.learningRate")
    #expect(values.allSatisfy { canonicalNumber($0).count <= 12 })
    #expect(plan.axes[0].values.count == 300)
    #expect(plan.axes[0].draw == .logarithmic)
    let few = try #require(planned(random(3, rate)))
    #expect(few.variants.allSatisfy { $0.label.count <= "learningRate 0.000123".count })
    // On the axis, numbers stand in order of size.
    let byLevel = zip(few.variants, numbers(few, "optimizer.learningRate"))
      .sorted { ($0.0.levels[0] ?? 0) < ($1.0.levels[0] ?? 0) }.map(\.1)
    #expect(byLevel == byLevel.sorted())
  }

  @Test("Draws that fall on the same values are kept once")
  func duplicates() throws {
    let loaded = load(
      "{ \"sweep\": \(random(12, #""policy.bias": [true, false]"#)), "
        + "\"score\": { \"goal\": \"maximize\" } }")
    let plan = try #require(loaded.plan)
    #expect(plan.arithmetic == "12 draws − 10 duplicates = 2 variants × 1 seed = 2 trials")
    #expect(loaded.findings.map(\.code) == ["duplicate-variant"])
  }

  @Test("Close ends still give as many different draws as are asked for")
  func closeEnds() throws {
    let near = #""returns.discount": { "min": 0.9999, "max": 0.99999 }"#
    #expect(planned(random(100, near))?.variants.count == 100)
    let nearLog = #""returns.discount": { "min": 0.9999, "max": 0.99999, "scale": "log" }"#
    let values = numbers(planned(random(100, nearLog)), "returns.discount")
    #expect(Set(values).count == 100)
    #expect(values.allSatisfy { (0.9999...0.99999).contains($0) })
    let point = #""returns.discount": { "min": 0.9, "max": 0.9 }"#
    #expect(planned(random(5, point))?.variants.count == 1)
  }

  @Test("A rounded number is the double that its digits are read as", arguments: 1...20)
  func rounding(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    for _ in 0..<200 {
      let power = random.below(60) - 30
      // Of longer numbers not even the last digit is sure after a division.
      let whole = random.below(1 << 50) >> random.below(50)
      let read = try #require(Double("\(whole)e\(power)"))
      #expect(roundedDecimal(read, lastPlace: power) == read, "\(whole)e\(power)")
    }
  }
}
