// SPDX-License-Identifier: MIT

import Kernels
package import Randomness

extension Network {
  /// Each layer is drawn unit by unit from a stream of its own, so networks that differ in the
  /// width of one layer share the units that both have. Biases start at 0.
  package func initialize(_ kind: Initialization, streams: RandomStreams) {
    parameters.clear()
    let floats = parameters.floats
    for (l, layer) in layout.layers.enumerated() {
      let isOutput = !layout.isDeep
      let rows = Self.draw(
        kind, units: layer.units, inputs: layer.inputs, isOutput: isOutput,
        NormalDraws(streams.generator(.initialWeights, index: UInt64(layersBefore + l))))
      for h in 0..<layer.units {
        for d in 0..<layer.inputs {
          floats[(layer.weights + d * layer.lanes) * 8 + h] = rows[h * layer.inputs + d]
        }
      }
    }
    if layout.isDeep {
      let layer = layout.last
      let rows = Self.draw(
        kind, units: layout.outputCount, inputs: layer.units, isOutput: true,
        NormalDraws(
          streams.generator(
            .initialWeights, index: UInt64(layersBefore + layout.layers.count))))
      for o in 0..<layout.outputCount {
        for h in 0..<layer.units {
          floats[(layout.outputs + o * layer.lanes) * 8 + h] = rows[o * layer.units + h]
        }
      }
    }
    parametersDidChange()
  }

  /// Shape `[units, inputs]`.
  static func draw(
    _ kind: Initialization, units: Int, inputs: Int, isOutput: Bool, _ normal: NormalDraws
  ) -> [Float] {
    var normal = normal
    switch kind {
    case .post:
      let scale = 1 / Double(inputs).squareRoot()
      return (0..<units * inputs).map { _ in Float(normal.next() * scale) }
    case .orthogonal(let outputGain):
      let gain = isOutput ? outputGain : 2.0.squareRoot()
      return orthonormalRows(units, inputs, &normal).map { Float($0 * gain) }
    }
  }

  /// Normal draws made orthonormal by modified Gram–Schmidt, twice for accuracy: rows where
  /// `units <= inputs`, otherwise columns.
  private static func orthonormalRows(
    _ units: Int, _ inputs: Int, _ normal: inout NormalDraws
  ) -> [Double] {
    let (count, length) = (min(units, inputs), max(units, inputs))
    var vectors: [[Double]] = []
    for _ in 0..<count {
      var vector = (0..<length).map { _ in normal.next() }
      for _ in 0..<2 {
        for earlier in vectors {
          var dot = 0.0
          for i in 0..<length { dot += vector[i] * earlier[i] }
          for i in 0..<length { vector[i] -= dot * earlier[i] }
        }
      }
      var squares = 0.0
      for x in vector { squares += x * x }
      let scale = 1 / squares.squareRoot()
      for i in 0..<length { vector[i] *= scale }
      vectors.append(vector)
    }
    return units <= inputs
      ? vectors.flatMap { $0 } : (0..<units).flatMap { u in (0..<inputs).map { vectors[$0][u] } }
  }
}
