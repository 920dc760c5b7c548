// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import Plotting
import Statistics

/// What kind of sweep a plan is, which decides what can be said about it.
enum SweepShape {
  /// A grid of few levels, nearly whole: effects of its factors.
  case factorial(FactorialDesign)
  /// Points scattered over parameters: how much each of them matters.
  case scattered([SweptParameter])
  /// Anything else, such as a list of cases.
  case other

  /// Levels of a factor beyond which effects against the first one say little.
  static let mostLevels = 6

  init(_ plan: Plan) {
    let factors = plan.axes.map {
      FactorialDesign.Factor(name: $0.path == "case" ? "" : $0.label, levels: $0.values)
    }
    if factors.allSatisfy({ $0.levels.count <= Self.mostLevels }),
      let design = FactorialDesign(factors: factors, levels: plan.variants.map(\.levels))
    {
      self = .factorial(design)
      return
    }
    let parameters = SweptParameter.all(of: plan)
    // Cases are chosen by hand: what goes with a value there is not the value's doing.
    self =
      plan.variants.count >= ParameterImportance.fewestDraws && parameters.count > 1
        && plan.axes.allSatisfy { $0.path != "case" }
      ? .scattered(parameters) : .other
  }
}

/// A parameter that differs between variants, with its value in each.
struct SweptParameter: Sendable {
  /// The dotted path.
  let path: String
  /// By variant, in the plan's order, as people read them.
  let texts: [String]
  /// By variant, NaN where the value is no number.
  let sizes: [Double]
  /// The values as numbers, where all are; nil else.
  var numbers: [Double]? {
    sizes.allSatisfy(\.isFinite) && Set(sizes).count > 2 ? sizes : nil
  }

  /// - Parameter values: by variant; nil where a variant does not have it.
  private init(path: String, values: [ConfigValue?]) {
    self.path = path
    texts = values.map { shownJSON($0) }
    sizes = values.map { value in
      switch value {
      case .number(let number)?: number
      // A list of one number, such as the units of a single hidden layer.
      case .array(let one)? where one.count == 1:
        if case .number(let number) = one[0] { number } else { .nan }
      default: .nan
      }
    }
  }

  /// All that differ, in the order in which the file sweeps them.
  static func all(of plan: Plan) -> [SweptParameter] {
    plan.variants.flatMap { $0.differing.map(\.path) }.uniqued.map { path in
      SweptParameter(
        path: path,
        values: plan.variants.map { variant in
          variant.differing.first { $0.path == path }?.value ?? variant.configuration[path: path]
        })
    }
  }

  /// For the importance of parameters.
  var draws: ParameterDraws { numbers.map { .numbers($0) } ?? .categories(texts) }

  /// For parallel coordinates.
  var axis: Figure.Parameter {
    if let numbers {
      // Powers of ten show numbers of many sizes better.
      let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 0)
      return (path, numbers, low > 0 && high / low >= 20 ? .logarithmic : .linear, nil)
    }
    let names = texts.uniqued
    let places = Dictionary(uniqueKeysWithValues: zip(names, (0...).lazy.map(Double.init)))
    return (path, texts.map { places[$0] ?? .nan }, .linear, names)
  }
}
