// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema

extension TwoLayerPolicy {
  /// `policy.kind: mlp` for the catalogue.
  package static let component = Component(
    id: "mlp",
    doc: "A fully connected network with one layer of rectified units and one logit; the post's.",
    parameters: [
      Parameter(
        "hidden", .list(of: .integer(1...4096), count: 1...1), default: [200], unit: "units",
        doc: "Units of the hidden layer. The post has 200."),
      Parameter(
        "bias", .boolean, default: false,
        doc: "Whether units and logit have biases. The post has none."),
    ])

  /// The policy of a validated configuration.
  package convenience init(
    configuration: ConfigValue, inputCount: Int, kernels: SparseKernels = .init()
  ) {
    let settings = Settings(configuration, section: "policy")
    self.init(
      inputCount: inputCount, hiddenCount: settings.integers("hidden")[0],
      hasBias: settings.boolean("bias"), kernels: kernels)
  }
}
