// SPDX-License-Identifier: MIT

import Artifacts
import Kernels

/// One part of a block of a model's shape, in the layout that people expect: a row per unit.
struct TensorPart {
  let name: String
  /// `[units, inputs]`, `[units]`, or `[filters, channels, height, width]`.
  let shape: [Int]
  /// Where element i of the part stands among a block's floats.
  let place: (Int) -> Int

  var count: Int { shape.reduce(1, *) }
}

/// A model whose block is made of parts, an array per layer.
protocol ModelOfParts: Model {
  var parts: [TensorPart] { get }
}

extension ModelOfParts {
  package func tensors(of block: AlignedFloats, prefix: String) -> [Tensor] {
    let floats = block.floats
    return parts.map { part in
      Tensor(
        name: prefix + part.name, shape: part.shape,
        values: (0..<part.count).map { floats[part.place($0)] })
    }
  }

  package func load(
    _ find: (String) -> Tensor?, prefix: String, into block: AlignedFloats
  ) -> String? {
    let parts = parts
    var found: [[Float]] = []
    for part in parts {
      let name = prefix + part.name
      guard let tensor = find(name) else { return "\(name) is missing" }
      guard tensor.shape == part.shape else {
        return "\(name) is \(tensor.shape); this policy has \(part.shape)"
      }
      if let broken = tensor.brokenNumber { return broken }
      found.append(tensor.values)
    }
    block.clear()
    let floats = block.floats
    for (part, values) in zip(parts, found) {
      for (i, value) in values.enumerated() { floats[part.place(i)] = value }
    }
    if block === parameters { parametersDidChange() }
    return nil
  }
}

extension Network: ModelOfParts {
  var parts: [TensorPart] {
    var parts: [TensorPart] = []
    func add(_ shape: [Int], bias: Int, _ place: @escaping (_ unit: Int, _ input: Int) -> Int) {
      let number = layersBefore + parts.count / (hasBias ? 2 : 1) + 1
      parts.append(
        TensorPart(name: "w\(number)", shape: shape) { place($0 / shape[1], $0 % shape[1]) })
      guard hasBias else { return }
      parts.append(TensorPart(name: "b\(number)", shape: [shape[0]]) { bias * 8 + $0 })
    }
    for layer in layout.layers {
      add([layer.units, layer.inputs], bias: layer.biases) {
        (layer.weights + $1 * layer.lanes) * 8 + $0
      }
    }
    if layout.isDeep {
      let (start, last) = (layout.outputs, layout.last)
      add([layout.outputCount, last.units], bias: layout.outputBiases) {
        (start + $0 * last.lanes) * 8 + $1
      }
    }
    return parts
  }
}

extension ConvolutionalNetwork: ModelOfParts {
  /// Those of the convolutions, then of the layers behind, whose first counts its inputs filter by
  /// filter, as a flattened `[filters, height, width]`.
  var parts: [TensorPart] {
    var parts = layers.enumerated().flatMap { l, layer in
      let weights = TensorPart(
        name: "w\(l + 1)", shape: layer.weightShape, place: layer.weightPlace)
      let biases = TensorPart(name: "b\(l + 1)", shape: [layer.shape.filters]) {
        layer.biases * 8 + $0
      }
      return hasBias ? [weights, biases] : [weights]
    }
    let (last, inputs) = (shape.last, head.layout.first.inputs)
    parts += head.parts
    let first = parts[parts.count - head.parts.count]
    parts[parts.count - head.parts.count] = TensorPart(name: first.name, shape: first.shape) {
      let input = $0 % inputs
      return first.place(
        $0 - input + input % last.positions * last.filters + input / last.positions)
    }
    return parts
  }
}

extension ConvolutionLayer {
  var weightShape: [Int] { [shape.filters, shape.channels, shape.kernel, shape.kernel] }

  /// Where weight i stands among a block's floats, in the order of `weightShape`.
  func weightPlace(_ i: Int) -> Int {
    let (x, y) = (i % shape.kernel, i / shape.kernel % shape.kernel)
    let filter = i / shape.inputs
    let channel = i / (shape.kernel * shape.kernel) % shape.channels
    return (weights + row(channel, y, x) * lanes) * 8 + filter
  }
}
