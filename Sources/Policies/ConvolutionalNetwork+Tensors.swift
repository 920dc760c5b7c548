// SPDX-License-Identifier: MIT

package import Artifacts
package import Kernels
package import Randomness

/// A block of a convolutional network's shape in the layout that people expect: weights
/// `[filters, channels, height, width]` of each convolution, a row per unit of the layers behind,
/// whose first counts its inputs filter by filter, as a flattened `[filters, height, width]`.
extension ConvolutionalNetwork {
  package func tensors(of block: AlignedFloats, prefix: String) -> [Tensor] {
    let floats = block.floats
    var tensors: [Tensor] = []
    for (l, layer) in layers.enumerated() {
      tensors.append(
        Tensor(
          name: "\(prefix)w\(l + 1)", shape: layer.weightShape,
          values: layer.weightPlaces.map { floats[$0] }))
      if hasBias {
        tensors.append(
          Tensor(
            name: "\(prefix)b\(l + 1)", shape: [layer.shape.filters],
            values: layer.biasPlaces.map { floats[$0] }))
      }
    }
    let (name, inputs) = (prefix + headName, head.layout.first.inputs)
    return tensors
      + head.tensors(of: block, prefix: prefix).map { tensor in
        guard tensor.name == name else { return tensor }
        let values = tensor.values.indices.map { i in
          tensor.values[i / inputs * inputs + headInput(flattened: i % inputs)]
        }
        return Tensor(name: name, shape: tensor.shape, values: values)
      }
  }

  package func load(
    _ find: (String) -> Tensor?, prefix: String, into block: AlignedFloats
  ) -> String? {
    var found: [(values: [Float], places: [Int])] = []
    for (l, layer) in layers.enumerated() {
      var parts = [("w\(l + 1)", layer.weightShape, layer.weightPlaces)]
      if hasBias { parts.append(("b\(l + 1)", [layer.shape.filters], layer.biasPlaces)) }
      for (name, shape, places) in parts {
        guard let part = find(prefix + name) else { return "\(prefix)\(name) is missing" }
        guard part.shape == shape else {
          return "\(prefix)\(name) is \(part.shape); this policy has \(shape)"
        }
        if let broken = part.brokenNumber { return broken }
        found.append((part.values, places))
      }
    }
    if let misfit = head.load({ headTensor(find, $0, prefix) }, prefix: prefix, into: block) {
      return misfit
    }
    for (values, places) in found {
      for (i, place) in places.enumerated() { block.floats[place] = values[i] }
    }
    if block === parameters { parametersDidChange() }
    return nil
  }

  /// A part of the head, its inputs in the head's own order.
  private func headTensor(
    _ find: (String) -> Tensor?, _ name: String, _ prefix: String
  ) -> Tensor? {
    let inputs = head.layout.first.inputs
    guard let tensor = find(name), name == prefix + headName, tensor.shape.last == inputs else {
      return find(name)
    }
    var values = tensor.values
    for i in values.indices {
      values[i / inputs * inputs + headInput(flattened: i % inputs)] = tensor.values[i]
    }
    return Tensor(name: name, shape: tensor.shape, values: values)
  }

  /// Each layer is drawn from a stream of its own, filter by filter; biases start at 0.
  package func initialize(_ kind: Initialization, streams: RandomStreams) {
    head.initialize(kind, streams: streams)
    for (l, layer) in layers.enumerated() {
      let drawn = Network.draw(
        kind, units: layer.shape.filters, inputs: layer.shape.inputs, isOutput: false,
        NormalDraws(streams.generator(.initialWeights, index: UInt64(l))))
      for (i, place) in layer.weightPlaces.enumerated() { parameters.floats[place] = drawn[i] }
    }
    parametersDidChange()
  }

  /// The name of the weights that read the last convolution.
  private var headName: String { "w\(layers.count + 1)" }

  /// The head's input for entry `index` of a flattened `[filters, height, width]`.
  private func headInput(flattened index: Int) -> Int {
    let last = shape.last
    return index % last.positions * last.filters + index / last.positions
  }
}

extension ConvolutionLayer {
  fileprivate var weightShape: [Int] {
    [shape.filters, shape.channels, shape.kernel, shape.kernel]
  }

  /// Where each weight stands among a block's floats, in the order of `weightShape`.
  fileprivate var weightPlaces: [Int] {
    var places: [Int] = []
    places.reserveCapacity(shape.filters * shape.inputs)
    for f in 0..<shape.filters {
      for c in 0..<shape.channels {
        for y in 0..<shape.kernel {
          for x in 0..<shape.kernel { places.append((weights + row(c, y, x) * lanes) * 8 + f) }
        }
      }
    }
    return places
  }

  fileprivate var biasPlaces: [Int] { (0..<shape.filters).map { biases * 8 + $0 } }
}
