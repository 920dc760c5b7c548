// SPDX-License-Identifier: MIT

import Diagnostics

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
  }

  /// From the picture on.
  package let layers: [Layer]

  /// Outputs of a layer, at most, so that two bytes count them.
  package static let limit = 1 << 16

  /// What does not fit, at which parameter of the policy.
  package struct Misfit: Error, Hashable, Sendable {
    package let parameter: String
    package let sentence: String
  }

  /// - Parameters:
  ///   - filters, kernels, strides: a number for each layer.
  package init(
    channels: Int, height: Int, width: Int, filters: [Int], kernels: [Int], strides: [Int]
  ) throws(Misfit) {
    for (name, list) in [("kernels", kernels), ("strides", strides)]
    where list.count != filters.count {
      throw Misfit(
        parameter: name,
        sentence: """
          \(Numbers.count(list.count, "value")), but policy.filters has \(filters.count); a layer has \
          one of each
          """)
    }
    guard height > 1 && width > 1 else {
      throw Misfit(
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
        throw Misfit(
          parameter: "kernels",
          sentence: """
            layer \(l + 1) has \(layer.kernel), but its input is \(layer.height) × \
            \(layer.width) pixels; allowed: at most \(side)
            """)
      }
      guard layer.outputs <= Self.limit else {
        throw Misfit(
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

  /// The last layer.
  package var last: Layer { layers[layers.count - 1] }
}
