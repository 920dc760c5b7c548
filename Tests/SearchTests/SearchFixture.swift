// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Glibc
import ParameterSchema
import Search
import Testing

/// A small catalogue with every kind of axis that a random sweep can draw.
let smallCatalogue = Catalogue(
  sections: [
    Section(
      name: "optimizer", selector: "kind",
      components: ["rmsprop", "adam", "sgd"].map {
        Component(
          id: $0, doc: "Steps.",
          parameters: [
            Parameter("learningRate", .number(.above(0)), default: 0.001, doc: "How long."),
            Parameter("momentum", .number(NumberRange()), default: 0, doc: "Any number."),
          ])
      }, doc: "Steps."),
    Section(
      name: "policy", selector: nil,
      components: [
        Component(
          doc: "Who chooses.",
          parameters: [
            Parameter("units", .integer(1...4096), default: 64, doc: "Width."),
            Parameter("x", .number(NumberRange()), default: 0, doc: "Of Branin."),
            Parameter("y", .number(NumberRange()), default: 0, doc: "Of Branin."),
          ])
      ], doc: "Who chooses."),
    Section(
      name: "training", selector: nil,
      components: [
        Component(
          doc: "How long.",
          parameters: [
            Parameter("episodes", .integer(1...10_000_000), default: 900, doc: "Games."),
            Parameter(
              "decisions", .nullable(.integer(1...10_000_000)), default: .null, doc: "Or these."),
          ])
      ], doc: "How long."),
    Section(
      name: "evaluation", selector: nil,
      components: [
        Component(
          doc: "After it.",
          parameters: [Parameter("episodes", .integer(0...1_000), default: 10, doc: "Games.")])
      ], entersIdentity: false, doc: "After it."),
  ], presets: [])

struct Unreadable: Error, CustomStringConvertible { let description: String }

/// What a file searches in.
func space(_ text: String) throws -> SearchSpace {
  let loaded = loadExperiment(
    source: SourceText(name: "experiments/a.json", text: text), catalogue: smallCatalogue)
  guard let space = loaded.search else { throw Unreadable(description: loaded.renderedFindings()) }
  return space
}

/// The whole search where each trial has the score that a function gives it; nil for a failed one.
func progress(
  _ space: SearchSpace, score: (ConfigValue, _ seed: Int) -> Double?
) -> SearchProgress {
  SearchProgress(of: space) { plan in
    plan.trials.map { trial in
      score(plan.configuration(of: trial), trial.seed).map { .scored($0) } ?? .failed
    }
  }
}

extension ConfigValue {
  /// The number at a path; NaN where there is none.
  func number(_ path: String) -> Double {
    if case .number(let number)? = self[path: path] { number } else { .nan }
  }
}
