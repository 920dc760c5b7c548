// SPDX-License-Identifier: MIT

import Environments
package import Kernels
package import ParameterSchema

/// The choices of `policy.kind`; the first is the default.
package let policies: [PolicyKind] = [.mlp, .conv, .linear]

/// A kind of policy: its description, and what makes its model.
package struct PolicyKind: ComponentKind {
  package let component: Component
  /// Throws what of a section `policy` does not fit what is seen.
  let check: @Sendable (Settings, ObservationForm) throws(PolicyMisfit) -> Void
  /// Makes the model of a section `policy` with those outputs.
  package let make:
    @Sendable (Settings, ObservationForm, ModelOutputs, LaneKernels) throws(PolicyMisfit)
      -> any Model

  init(
    _ component: Component,
    check: @escaping @Sendable (Settings, ObservationForm) throws(PolicyMisfit) -> Void = {
      (_, _) throws(PolicyMisfit) in
    },
    make:
      @escaping @Sendable (Settings, ObservationForm, ModelOutputs, LaneKernels)
      throws(PolicyMisfit) -> any Model
  ) {
    self.component = component
    self.check = check
    self.make = make
  }

  /// What every kind of network has.
  static let commonParameters = [
    Parameter(
      "bias", .boolean, default: false,
      doc: "Whether units and outputs have biases. The post has none."),
    Parameter(
      "initialization", .choice(Initialization.Kind.allCases.map(\.rawValue)), default: "post",
      doc: """
        How weights are drawn: N(0,1)/√inputs as in the post, or orthogonal with gain √2 in hidden \
        layers and 0.01 in the last (1 for a value baseline).
        """, silentValue: "post"),
    Parameter(
      "logDeviation", .number(.closed(-20, 5)), default: 0,
      doc: """
        Where actions are numbers, log σ of each at the start. It is the same for every observation, \
        and learned unless learnDeviation says otherwise.
        """, silentValue: 0),
    Parameter(
      "learnDeviation", .boolean, default: true,
      doc: """
        Where actions are numbers, whether σ is learned as well; otherwise it stays what \
        logDeviation says.
        """, silentValue: true),
  ]

  /// The actions of most embedded environments are choices.
  static let unusedDeviation = UnusedKeys(
    ["policy.logDeviation", "policy.learnDeviation"], because: ["environment.id"]
  ) {
    embeddedEnvironments.first(named: $0[path: "environment.id"])?.choosesNumbers == false
  }

  /// A deviation that is not learned must not move by other ways either.
  static let fixedDeviation = Constraint(
    code: "fixed-deviation", severity: .error, path: "policy.learnDeviation"
  ) { all in
    guard all[path: "policy.learnDeviation"] == false else { return nil }
    if all[path: "algorithm.kind"] == "cem" {
      return "cem draws every parameter, log σ too; allowed: true"
    }
    guard let decay = all[path: "optimizer.l2"], decay != 0,
      all[path: "policy.logDeviation"] != 0
    else { return nil }
    return "optimizer.l2 would pull log σ to 0; allowed: true, or optimizer.l2 0"
  }
}

/// What does not fit, at which parameter of the policy.
package struct PolicyMisfit: Error, Hashable, Sendable {
  package let parameter: String
  package let sentence: String
}

/// What the policy of a validated configuration cannot do with what it sees; nil where all fits.
package func policyMisfit(_ configuration: ConfigValue, form: ObservationForm) -> PolicyMisfit? {
  let kind = policies.chosen(by: "policy.kind", in: configuration)
  do throws(PolicyMisfit) {
    try kind.check(Settings(configuration, section: "policy"), form)
    return nil
  } catch {
    return error
  }
}

/// The model of a validated configuration.
///
/// - Precondition: the policy fits the form; see `policyMisfit`.
package func makeModel(
  configuration: ConfigValue, form: ObservationForm, outputs: ModelOutputs,
  kernels: LaneKernels = LaneWidth.widest.kernels
) -> any Model {
  let kind = policies.chosen(by: "policy.kind", in: configuration)
  do throws(PolicyMisfit) {
    return try kind.make(Settings(configuration, section: "policy"), form, outputs, kernels)
  } catch {
    fatalError("policy.\(error.parameter): \(error.sentence)")
  }
}
