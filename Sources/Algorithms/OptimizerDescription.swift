// SPDX-License-Identifier: MIT

package import ParameterSchema
package import Policies

extension Optimizer {
  private static func common(learningRate: ConfigValue, note: String) -> [Parameter] {
    [
      Parameter(
        "learningRate", .number(.openClosed(0, 10)), default: learningRate,
        doc: "Length of a step; \(note)."),
      Parameter(
        "schedule", .choice(["constant", "linear", "exponential"]), default: "constant",
        doc: "How the learning rate changes over the training, to scheduleEnd times itself.",
        silentValue: "constant"),
      Parameter(
        "scheduleEnd", .number(.closed(0, 1)), default: 0.1,
        doc: "Share of the learning rate that is left at the end, for linear and exponential.",
        silentValue: 0.1),
      Parameter(
        "l2", .number(.closed(0, 1)), default: 0,
        doc: "L2 regularization: −l2·θ is added to the gradient before the step."),
      Parameter(
        "clipNorm", .nullable(.number(.above(0))), default: .null,
        doc: "The gradient is shortened to this Euclidean norm; null leaves it.",
        silentValue: .null),
    ]
  }

  private static let scheduleEnds = Constraint(
    code: "exponential-to-zero", severity: .error, path: "optimizer.scheduleEnd"
  ) { all in
    guard all[path: "optimizer.schedule"] == "exponential",
      all[path: "optimizer.scheduleEnd"] == 0
    else { return nil }
    return "equal factors never reach 0; give a positive end, or the linear schedule"
  }

  private static let unusedSchedule = UnusedKeys(
    ["optimizer.scheduleEnd"], because: ["optimizer.schedule"]
  ) { $0[path: "optimizer.schedule"] == "constant" }

  /// `optimizer.kind: rmsprop` for the catalogue.
  package static let rmsprop = Component(
    id: "rmsprop",
    doc: "RMSProp in the post's form: θ ← θ + learningRate·g/(√c + epsilon).",
    parameters: common(learningRate: 1e-3, note: "the post has 1e-4") + [
      Parameter(
        "decay", .number(.closedOpen(0, 1)), default: 0.99,
        doc: "Share of the running mean of squared gradients that each update keeps."),
      Parameter(
        "epsilon", .number(.above(0)), default: 1e-5,
        doc: "Added outside the root, against division by 0."),
    ], constraints: [scheduleEnds], unused: [unusedSchedule])

  /// `optimizer.kind: adam` for the catalogue.
  package static let adam = Component(
    id: "adam", doc: "Adam (Kingma and Ba 2015), with its bias corrections.",
    parameters: common(learningRate: 1e-3, note: "the paper has 1e-3") + [
      Parameter(
        "beta1", .number(.closedOpen(0, 1)), default: 0.9,
        doc: "Share of the running mean of gradients that each step keeps."),
      Parameter(
        "beta2", .number(.closedOpen(0, 1)), default: 0.999,
        doc: "Share of the running mean of squared gradients that each step keeps."),
      Parameter(
        "epsilon", .number(.above(0)), default: 1e-5,
        doc: "Added outside the root, against division by 0."),
    ], constraints: [scheduleEnds], unused: [unusedSchedule])

  /// `optimizer.kind: sgd` for the catalogue.
  package static let sgd = Component(
    id: "sgd",
    doc: "The gradient itself, with momentum: m ← momentum·m + g; θ ← θ + learningRate·m.",
    parameters: common(learningRate: 1e-3, note: "depends on the gradient's scale") + [
      Parameter(
        "momentum", .number(.closedOpen(0, 1)), default: 0.9,
        doc: "Share of the last step's direction that is kept; 0 is the plain gradient.")
    ], constraints: [scheduleEnds], unused: [unusedSchedule])

  /// The optimizer of a validated configuration.
  package convenience init(configuration: ConfigValue, model: any Model) {
    let settings = Settings(configuration, section: "optimizer")
    let rule: Rule =
      switch settings.string("kind") {
      case Self.adam.id:
        .adam(
          beta1: Float(settings.number("beta1")), beta2: Float(settings.number("beta2")),
          epsilon: Float(settings.number("epsilon")))
      case Self.sgd.id: .sgd(momentum: Float(settings.number("momentum")))
      default:
        .rmsprop(
          decay: Float(settings.number("decay")), epsilon: Float(settings.number("epsilon")))
      }
    let end = settings.number("scheduleEnd")
    let schedule: Schedule =
      switch settings.string("schedule") {
      case "linear": .linear(to: end)
      case "exponential": .exponential(to: end)
      default: .constant
      }
    self.init(
      rule: rule, learningRate: settings.number("learningRate"), schedule: schedule,
      l2: Float(settings.number("l2")), clipNorm: settings.optionalNumber("clipNorm"), model: model)
  }
}
