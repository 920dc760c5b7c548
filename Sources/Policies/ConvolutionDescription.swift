// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema

extension ConvolutionalNetwork {
  /// `policy.kind: conv` for the catalogue.
  package static let conv = Component(
    id: "conv",
    doc: """
      A small convolutional network for pictures: filters that are the same everywhere, without \
      padding, each layer rectified, then fully connected layers as in mlp.
      """,
    parameters: [
      Parameter(
        "filters", .list(of: .integer(1...256), count: 1...8), default: [16], unit: "filters",
        doc: """
          Filters of each convolution, from input to output. Mnih et al. 2013 have [16, 32], with \
          kernels [8, 4], strides [4, 2] and 256 hidden units; the first of them alone learned Pong \
          faster here.
          """),
      Parameter(
        "kernels", .list(of: .integer(1...64), count: 1...8), default: [8], unit: "pixels",
        doc: "Side of each convolution's filters."),
      Parameter(
        "strides", .list(of: .integer(1...64), count: 1...8), default: [4], unit: "pixels",
        doc: "How far apart the places are at which each convolution is taken."),
      Parameter(
        "hidden", .list(of: .integer(1...4096), count: 0...8), default: defaultHidden,
        unit: "units",
        doc: "Units of each fully connected layer behind the convolutions; there may be none."),
    ] + Network.commonParameters,
    constraints: [
      misfitConstraint("kind", code: "no-picture"),
      misfitConstraint("kernels", code: "does-not-fit"),
      misfitConstraint("strides", code: "does-not-fit"),
      misfitConstraint("filters", code: "too-large"),
      Constraint(
        code: "permuted-picture", severity: .warning, path: "observation.permutePixels"
      ) { all in
        guard all[path: "observation.permutePixels"] == true else { return nil }
        return "a convolution looks at neighbours, and permuted pixels have none"
      },
    ],
    // The units of a preset's fully connected policy say nothing about these.
    bringsDefaults: ["policy.hidden": defaultHidden])

  private static let defaultHidden: ConfigValue = [64]

  /// What of a policy does not fit its picture, as far as it is known before the game is started.
  private static func misfitConstraint(_ parameter: String, code: String) -> Constraint {
    Constraint(code: code, severity: .error, path: "policy.\(parameter)") { all in
      guard let (channels, height, width) = picture(all),
        let misfit = misfit(all, channels: channels, height: height, width: width),
        misfit.parameter == parameter
      else { return nil }
      return misfit.sentence
    }
  }

  /// What a policy of this configuration that is a `conv` cannot do with what it sees; nil where
  /// all fits.
  package static func misfit(
    _ configuration: ConfigValue, form: ObservationForm
  ) -> ConvolutionShape.Misfit? {
    misfit(configuration, channels: form.channels, height: form.height, width: form.width)
  }

  private static func misfit(
    _ configuration: ConfigValue, channels: Int, height: Int, width: Int
  ) -> ConvolutionShape.Misfit? {
    let settings = Settings(configuration, section: "policy")
    guard settings.string("kind") == conv.id else { return nil }
    do throws(ConvolutionShape.Misfit) {
      _ = try ConvolutionShape(
        channels: channels, height: height, width: width, filters: settings.integers("filters"),
        kernels: settings.integers("kernels"), strides: settings.integers("strides"))
      return nil
    } catch {
      return error
    }
  }

  /// Channels, height and width of what is seen; nil where only the game knows them.
  private static func picture(_ all: ConfigValue) -> (channels: Int, height: Int, width: Int)? {
    func number(_ path: String) -> Int? {
      guard case .number(let value)? = all[path: path] else { return nil }
      return Int(exactly: value)
    }
    if all[path: "observation.kind"] == "objects" { return (1, 1, 8) }
    if all[path: "environment.id"] == "cartpole" { return (1, 1, 4) }
    guard let height = number("observation.height") ?? number("observation.crop.height"),
      let width = number("observation.width") ?? number("observation.crop.width")
    else { return nil }
    return (number("observation.frames") ?? 1, height, width)
  }

  /// The network of a validated configuration.
  ///
  /// - Throws: where its layers do not fit the picture.
  package convenience init(
    configuration: ConfigValue, form: ObservationForm, outputs: Int, kernels: LaneKernels = .init()
  ) throws(ConvolutionShape.Misfit) {
    let settings = Settings(configuration, section: "policy")
    try self.init(
      form: form, filters: settings.integers("filters"), kernels: settings.integers("kernels"),
      strides: settings.integers("strides"), hidden: settings.integers("hidden"),
      outputs: outputs, hasBias: settings.boolean("bias"), kernels: kernels)
  }
}

/// The model of a validated configuration.
///
/// - Precondition: the policy fits the form; see `ConvolutionalNetwork.misfit`.
package func makeModel(
  configuration: ConfigValue, form: ObservationForm, outputs: Int, kernels: LaneKernels = .init()
) -> any Model {
  guard configuration[path: "policy.kind"] == .string(ConvolutionalNetwork.conv.id) else {
    return Network(configuration: configuration, form: form, outputs: outputs, kernels: kernels)
  }
  do throws(ConvolutionShape.Misfit) {
    return try ConvolutionalNetwork(
      configuration: configuration, form: form, outputs: outputs, kernels: kernels)
  } catch {
    fatalError("policy.\(error.parameter): \(error.sentence)")
  }
}
