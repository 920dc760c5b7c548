// SPDX-License-Identifier: MIT

import Diagnostics
import Environments
import Kernels
import ParameterSchema

/// The sizes that a picture takes on its way through convolutions without padding.
package struct ConvolutionShape: Hashable, Sendable {
  package struct Layer: Hashable, Sendable {
    /// Of its input.
    package let channels: Int
    package let height: Int
    package let width: Int
    /// F, the channels of its output.
    package let filters: Int
    /// Pixels of a filter's side.
    package let kernel: Int
    package let stride: Int

    /// Rows and columns of its output: the windows that fit.
    package var outputHeight: Int { (height - kernel) / stride + 1 }
    package var outputWidth: Int { (width - kernel) / stride + 1 }
    /// P, the positions of its output.
    package var positions: Int { outputHeight * outputWidth }
    package var outputs: Int { positions * filters }
    /// Inputs of one filter.
    package var inputs: Int { channels * kernel * kernel }

    /// Of the windows along a side that has so many of them: the first over a pixel, and how many
    /// there are.
    func windows(over pixel: Int, of outputs: Int) -> (first: Int, count: Int) {
      let first = max(0, (pixel - kernel + stride) / stride)
      return (first, max(0, min(outputs - 1, pixel / stride) - first + 1))
    }
  }

  /// From the picture on.
  package let layers: [Layer]

  /// Outputs of a layer, at most, so that two bytes count them.
  package static let limit = 1 << 16

  /// - Parameters:
  ///   - filters, kernels, strides: a number for each layer.
  package init(
    channels: Int, height: Int, width: Int, filters: [Int], kernels: [Int], strides: [Int]
  ) throws(PolicyMisfit) {
    for (name, list) in [("kernels", kernels), ("strides", strides)]
    where list.count != filters.count {
      throw PolicyMisfit(
        parameter: name,
        sentence: """
          \(Numbers.count(list.count, "value")), but policy.filters has \(filters.count); a layer has \
          one of each
          """)
    }
    guard height > 1 && width > 1 else {
      throw PolicyMisfit(
        parameter: "kind",
        sentence: """
          a convolution looks at pictures; what is observed has \
          \(Numbers.count(channels * height * width, "entry")) and no neighbours
          """)
    }
    var layers: [Layer] = []
    for (l, count) in filters.enumerated() {
      let layer = Layer(
        channels: layers.last?.filters ?? channels, height: layers.last?.outputHeight ?? height,
        width: layers.last?.outputWidth ?? width, filters: count, kernel: kernels[l],
        stride: strides[l])
      let side = min(layer.height, layer.width)
      guard layer.kernel <= side else {
        throw PolicyMisfit(
          parameter: "kernels",
          sentence: """
            layer \(l + 1) has \(layer.kernel), but its input is \(layer.height) × \
            \(layer.width) pixels; allowed: at most \(side)
            """)
      }
      guard layer.outputs <= Self.limit else {
        throw PolicyMisfit(
          parameter: "filters",
          sentence: """
            layer \(l + 1) has \(layer.outputHeight) × \(layer.outputWidth) × \(count) outputs, \
            \(layer.outputs); allowed: at most \(Self.limit)
            """)
      }
      layers.append(layer)
    }
    self.layers = layers
  }

  /// That of a section `policy` over a picture.
  init(
    _ settings: Settings, _ picture: (channels: Int, height: Int, width: Int)
  ) throws(PolicyMisfit) {
    try self.init(
      channels: picture.channels, height: picture.height, width: picture.width,
      filters: settings.integers("filters"), kernels: settings.integers("kernels"),
      strides: settings.integers("strides"))
  }

  /// The last layer.
  package var last: Layer { layers[layers.count - 1] }

  /// The layers as one, a window being all of the picture that an output position depends on.
  var whole: Layer {
    var (kernel, stride) = (1, 1)
    for layer in layers {
      kernel += (layer.kernel - 1) * stride
      stride *= layer.stride
    }
    return Layer(
      channels: layers[0].channels, height: layers[0].height, width: layers[0].width,
      filters: last.filters, kernel: kernel, stride: stride)
  }
}

extension PolicyKind {
  package static let conv = PolicyKind(
    Component(
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
      ] + commonParameters,
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
        fixedDeviation,
      ],
      unused: [unusedDeviation],
      // The units of a preset's fully connected policy say nothing about these.
      bringsDefaults: ["policy.hidden": defaultHidden]),
    check: { (settings, form) throws(PolicyMisfit) in
      _ = try ConvolutionShape(settings, (form.channels, form.height, form.width))
      // A convolution counts the entries of what it sees by two bytes.
      guard form.count > ConvolutionShape.limit else { return }
      throw PolicyMisfit(
        parameter: "kind",
        sentence: """
          "conv" looks at up to \(ConvolutionShape.limit) entries; what is observed has \
          \(form.channels) × \(form.height) × \(form.width); observation.height and width keep \
          fewer
          """)
    },
    make: { (settings, form, outputs, kernels) throws(PolicyMisfit) in
      try ConvolutionalNetwork(
        form: form, filters: settings.integers("filters"), kernels: settings.integers("kernels"),
        strides: settings.integers("strides"), hidden: settings.integers("hidden"),
        outputs: outputs, hasBias: settings.boolean("bias"),
        logDeviation: Float(settings.number("logDeviation")), kernels: kernels)
    })

  private static let defaultHidden: ConfigValue = [64]

  /// What of a policy does not fit its picture, as far as it is known before the game is started.
  private static func misfitConstraint(_ parameter: String, code: String) -> Constraint {
    Constraint(code: code, severity: .error, path: "policy.\(parameter)") { all in
      guard let picture = knownExtents(all) else { return nil }
      do throws(PolicyMisfit) {
        _ = try ConvolutionShape(Settings(all, section: "policy"), picture)
        return nil
      } catch {
        return error.parameter == parameter ? error.sentence : nil
      }
    }
  }
}
