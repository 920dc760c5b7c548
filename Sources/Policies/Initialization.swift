// SPDX-License-Identifier: MIT

import Kernels
package import ParameterSchema
package import Randomness

/// How weights are drawn.
package enum Initialization: Hashable, Sendable {
  /// The post's: N(0,1)/√(inputs of the unit).
  case post
  /// Rows orthonormal times √2 in hidden layers, times `outputGain` in the last (Saxe et al. 2014;
  /// gains as in Schulman et al. 2017's code: 0.01 for a policy, 1 for a value).
  case orthogonal(outputGain: Double)
}

extension Initialization {
  /// The choices of `policy.initialization`.
  enum Kind: String, CaseIterable { case post, orthogonal }

  /// The initialization of a validated configuration.
  ///
  /// - Parameter outputGain: of the last layer, where orthogonal.
  package init(configuration: ConfigValue, outputGain: Double = 0.01) {
    let kind: Kind = Settings(configuration, section: "policy").choice("initialization")
    switch kind {
    case .post: self = .post
    case .orthogonal: self = .orthogonal(outputGain: outputGain)
    }
  }
}

extension Network {
  /// Each layer is drawn unit by unit from a stream of its own, so networks that differ in the
  /// width of one layer share the units that both have. Biases start at 0.
  package func initialize(_ kind: Initialization, streams: RandomStreams) {
    parameters.clear()
    let floats = parameters.floats
    let weights = parts.filter { $0.shape.count == 2 }
    for (l, part) in weights.enumerated() {
      let drawn = Self.draw(
        kind, units: part.shape[0], inputs: part.shape[1], isOutput: l == weights.count - 1,
        NormalDraws(streams.generator(.initialWeights, index: UInt64(layersBefore + l))))
      part.put(drawn, into: floats)
    }
    for i in 0..<layout.deviationCount { floats[layout.deviations * 8 + i] = logDeviation }
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

extension ConvolutionalNetwork {
  /// Each layer is drawn from a stream of its own, filter by filter; biases start at 0.
  package func initialize(_ kind: Initialization, streams: RandomStreams) {
    head.initialize(kind, streams: streams)
    for (l, layer) in layers.enumerated() {
      let drawn = Network.draw(
        kind, units: layer.shape.filters, inputs: layer.shape.inputs, isOutput: false,
        NormalDraws(streams.generator(.initialWeights, index: UInt64(l))))
      for (i, value) in drawn.enumerated() {
        let (filter, weight) = (i / layer.shape.inputs, i % layer.shape.inputs)
        parameters.floats[layer.weightPlace(filter, weight)] = value
      }
    }
    parametersDidChange()
  }
}

/// Standard normal draws by Marsaglia's polar method (1964), from operations that round the same
/// on every machine.
package struct NormalDraws {
  package private(set) var generator: Xoshiro256
  private var spare: Double?

  package init(_ generator: Xoshiro256) { self.generator = generator }

  /// The next draw.
  package mutating func next() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let u = 2 * generator.nextUnit() - 1
      let v = 2 * generator.nextUnit() - 1
      let s = u * u + v * v
      if s > 0 && s < 1 {
        let factor = (-2 * logarithm(s) / s).squareRoot()
        spare = v * factor
        return u * factor
      }
    }
  }
}
