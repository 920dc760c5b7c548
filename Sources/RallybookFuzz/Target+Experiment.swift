// SPDX-License-Identifier: MIT

import Commands
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Query
import RunStore

extension Target {
  /// The experiment file, expanded and shown by `plan`; a plan must read back as it was written.
  static let experiment = Target(
    name: "experiment",
    accepts: { input in
      guard plan(input) != nil else { return false }
      let file = Scratch.write(input, to: "experiments/fuzz.json")
      Scratch.run("plan", file, "--runs", Scratch.path("runs"))
      return true
    },
    mutated: { input, draws in
      let source = ConfigValue(json: String(decoding: input, as: UTF8.self)) ?? smallest
      var changed = source
      // Most of what is drawn at random is refused; then something else is drawn.
      for _ in 0..<6 {
        changed = source
        for _ in 0...draws.index(3) { ExperimentMutation().apply(to: &changed, &draws) }
        if draws.happens(1, in: 16) || plan(Array(canonicalJSON(changed).utf8)) != nil { break }
      }
      return Array(canonicalJSON(changed).utf8)
    })

  private static let smallest: ConfigValue = ["score": ["goal": "maximize"]]

  private static func plan(_ input: [UInt8]) -> Plan? {
    let loaded = loadExperiment(
      source: SourceText(name: "experiments/fuzz.json", bytes: input), catalogue: .standard)
    _ = loaded.renderedFindings()
    guard let plan = loaded.plan else { return nil }
    let bytes = plan.encoded()
    guard let again = try? Plan(decoding: bytes), again.encoded() == bytes else {
      preconditionFailure("a plan that does not read back")
    }
    return plan
  }

  /// `query` and `--only`: read, checked, written and read again, asked of a trial.
  static let query = Target(
    name: "query",
    accepts: { input in
      guard let query = try? QueryExpression(String(decoding: input, as: UTF8.self)) else {
        return false
      }
      let again = try? QueryExpression(query.text)
      precondition(again?.text == query.text, "a condition that does not read back")
      try? query.check(TrialFacts.vocabulary(.standard, plans: []))
      _ = query.matches { name in name.count % 2 == 0 ? .number(Double(name.count)) : nil }
      return true
    })

  /// Anyone's scores: `stats`.
  static let stats = Target(
    name: "stats",
    accepts: { input in
      let file = Scratch.write(input, to: "scores.csv")
      Scratch.run("stats", file, "--json")
      return Scratch.run("stats", file)
    },
    mutated: { input, draws in
      draws.happens(2, in: 3) ? TextMutation.fields(input, &draws) : nil
    })
}
