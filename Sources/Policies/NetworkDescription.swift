// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema

extension Network {
  private static let biasParameter = Parameter(
    "bias", .boolean, default: false,
    doc: "Whether units and outputs have biases. The post has none.")
  private static let initializationParameter = Parameter(
    "initialization", .choice(["post", "orthogonal"]), default: "post",
    doc: """
      How weights are drawn: N(0,1)/√inputs as in the post, or orthogonal with gain √2 in hidden \
      layers and 0.01 in the last (1 for a value baseline).
      """, silentValue: "post")

  /// What every kind of network has.
  static let commonParameters = [biasParameter, initializationParameter]

  /// `policy.kind: mlp` for the catalogue.
  package static let mlp = Component(
    id: "mlp",
    doc: """
      A fully connected network of rectified layers: one logit for two actions, a logit each for \
      more. The post has one layer of 200 units.
      """,
    parameters: [
      Parameter(
        "hidden", .list(of: .integer(1...4096), count: 1...8), default: [200], unit: "units",
        doc: "Units of each hidden layer, from input to output. The post has [200].")
    ] + commonParameters)

  /// `policy.kind: linear` for the catalogue.
  package static let linear = Component(
    id: "linear", doc: "Logits that are linear in the observation; no hidden units.",
    parameters: commonParameters)

  /// The network of a validated configuration.
  package convenience init(
    configuration: ConfigValue, form: ObservationForm, outputs: Int, kernels: LaneKernels = .init()
  ) {
    let settings = Settings(configuration, section: "policy")
    self.init(
      form: form,
      hidden: settings.string("kind") == Self.linear.id ? [] : settings.integers("hidden"),
      outputs: outputs, hasBias: settings.boolean("bias"), kernels: kernels)
  }
}

extension Initialization {
  /// The initialization of a validated configuration.
  ///
  /// - Parameter outputGain: of the last layer, where orthogonal.
  package init(configuration: ConfigValue, outputGain: Double = 0.01) {
    let kind = Settings(configuration, section: "policy").string("initialization")
    self = kind == "orthogonal" ? .orthogonal(outputGain: outputGain) : .post
  }
}
