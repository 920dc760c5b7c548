// SPDX-License-Identifier: MIT

import Artifacts
import Kernels

/// One part of a block of a model's shape, in the layout that people expect: a row per unit.
struct TensorPart {
  let name: String
  /// `[units, inputs]`, `[units]`, or `[filters, channels, height, width]`.
  let shape: [Int]
  /// Where the float of a row and a column stands in a block; a column is all that is not the row.
  let place: (_ row: Int, _ column: Int) -> Int

  var rows: Int { shape[0] }
  var columns: Int { shape.dropFirst().reduce(1, *) }

  /// The part's values, taken from a block.
  func values(in floats: UnsafeMutableBufferPointer<Float>) -> [Float] {
    let (rows, columns) = (rows, columns)
    return Array(unsafeUninitializedCapacity: rows * columns) { values, count in
      // In stripes, since neighbours in a block are a column's.
      for start in stride(from: 0, to: columns, by: 16) {
        for row in 0..<rows {
          for column in start..<min(start + 16, columns) {
            values[row * columns + column] = floats[place(row, column)]
          }
        }
      }
      count = rows * columns
    }
  }

  /// Puts the part's values into a block.
  func put(_ values: [Float], into floats: UnsafeMutableBufferPointer<Float>) {
    let columns = columns
    for row in 0..<rows {
      for column in 0..<columns { floats[place(row, column)] = values[row * columns + column] }
    }
  }
}

/// A model whose block is made of parts, an array per layer.
protocol ModelOfParts: Model {
  var parts: [TensorPart] { get }
}

extension ModelOfParts {
  package func tensors(of block: AlignedFloats, prefix: String) -> [Tensor] {
    let floats = block.floats
    return parts.map { part in
      Tensor(name: prefix + part.name, shape: part.shape, values: part.values(in: floats))
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
    for (part, values) in zip(parts, found) { part.put(values, into: floats) }
    if block === parameters { parametersDidChange() }
    return nil
  }
}

extension Network: ModelOfParts {
  var parts: [TensorPart] {
    var parts: [TensorPart] = []
    func add(_ shape: [Int], bias: Int, _ place: @escaping (_ unit: Int, _ input: Int) -> Int) {
      let number = layersBefore + parts.count / (hasBias ? 2 : 1) + 1
      parts.append(TensorPart(name: "w\(number)", shape: shape, place: place))
      guard hasBias else { return }
      parts.append(TensorPart(name: "b\(number)", shape: [shape[0]]) { row, _ in bias * 8 + row })
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
    if layout.deviationCount > 0 {
      let start = layout.deviations * 8
      parts.append(
        TensorPart(name: "logDeviation", shape: [layout.deviationCount]) { row, _ in start + row })
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
      let biases = TensorPart(name: "b\(l + 1)", shape: [layer.shape.filters]) { row, _ in
        layer.biases * 8 + row
      }
      return hasBias ? [weights, biases] : [weights]
    }
    let last = shape.last
    parts += head.parts
    let first = parts[parts.count - head.parts.count]
    parts[parts.count - head.parts.count] = TensorPart(name: first.name, shape: first.shape) {
      first.place($0, $1 % last.positions * last.filters + $1 / last.positions)
    }
    return parts
  }
}

extension ConvolutionLayer {
  var weightShape: [Int] { [shape.filters, shape.channels, shape.kernel, shape.kernel] }

  /// Where a filter's weight stands among a block's floats, counted as in `weightShape`.
  func weightPlace(_ filter: Int, _ i: Int) -> Int {
    let (x, y) = (i % shape.kernel, i / shape.kernel % shape.kernel)
    let channel = i / (shape.kernel * shape.kernel)
    return (weights + row(channel, y, x) * lanes) * 8 + filter
  }
}
