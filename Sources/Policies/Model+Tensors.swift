// SPDX-License-Identifier: MIT

import Artifacts
import Kernels

/// One part of a block of a model's shape, in the layout that people expect: a row per unit.
struct TensorPart {
  let name: String
  /// `[units, inputs]`, `[units]`, or `[filters, channels, height, width]`.
  let shape: [Int]
  /// Where the floats of row 0 stand in a block, a place a column: a column is all that is not the row.
  var places: [Int]
  /// From the place of one row to that of the next.
  var rowStride = 1

  /// The part's values, taken from a block.
  func values(in floats: UnsafeMutableBufferPointer<Float>) -> [Float] {
    Array(unsafeUninitializedCapacity: shape[0] * places.count) { values, count in
      forEach { values[$0] = floats[$1] }
      count = shape[0] * places.count
    }
  }

  /// Puts the part's values into a block.
  func put(_ values: [Float], into floats: UnsafeMutableBufferPointer<Float>) {
    values.withUnsafeBufferPointer { values in forEach { floats[$1] = values[$0] } }
  }

  /// Calls `body` with the index of each value and its place.
  @inline(__always)
  private func forEach(_ body: (_ index: Int, _ place: Int) -> Void) {
    places.withUnsafeBufferPointer { places in
      // In stripes, since neighbours in a block are a column's.
      for start in stride(from: 0, to: places.count, by: 16) {
        let end = min(start &+ 16, places.count)
        for row in 0..<shape[0] {
          for column in start..<end {
            body(row &* places.count &+ column, places[column] &+ row &* rowStride)
          }
        }
      }
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
    func add(_ units: Int, _ places: [Int], bias: Int, rowStride: Int = 1) {
      let number = layersBefore + parts.count / (hasBias ? 2 : 1) + 1
      parts.append(
        TensorPart(
          name: "w\(number)", shape: [units, places.count], places: places, rowStride: rowStride))
      guard hasBias else { return }
      parts.append(TensorPart(name: "b\(number)", shape: [units], places: [bias * 8]))
    }
    for layer in layout.layers {
      add(
        layer.units, (0..<layer.inputs).map { (layer.weights + $0 * layer.lanes) * 8 },
        bias: layer.biases)
    }
    if layout.isDeep {
      let last = layout.last
      add(
        layout.outputCount, (0..<last.units).map { layout.outputs * 8 + $0 },
        bias: layout.outputBiases, rowStride: last.lanes * 8)
    }
    if layout.deviationCount > 0 {
      parts.append(
        TensorPart(
          name: "logDeviation", shape: [layout.deviationCount], places: [layout.deviations * 8]))
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
        name: "w\(l + 1)", shape: layer.weightShape,
        places: (0..<layer.shape.inputs).map { layer.weightPlace(0, $0) })
      let biases = TensorPart(
        name: "b\(l + 1)", shape: [layer.shape.filters], places: [layer.biases * 8])
      return hasBias ? [weights, biases] : [weights]
    }
    let last = shape.last
    parts += head.parts
    let first = parts.count - head.parts.count
    let places = parts[first].places
    parts[first].places = places.indices.map {
      places[$0 % last.positions * last.filters + $0 / last.positions]
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
