// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import Kernels
import Policies
import Randomness
import Testing

/// A network in Double over dense inputs, made of the arrays that people expect: the judge of
/// forward passes, gradients and tangents.
struct NaiveNetwork {
  /// Weights `[units][inputs]` and biases `[units]` of each layer, outputs last.
  var layers: [(weights: [[Double]], biases: [Double])]
  var deviations: [Double]
  private let activation: Activation

  init(_ network: Network, _ block: AlignedFloats? = nil, _ activation: Activation = .relu) {
    self.activation = activation
    let parts = Dictionary(
      uniqueKeysWithValues: network.tensors(of: block ?? network.parameters, prefix: "")
        .map { ($0.name, $0) })
    layers = []
    deviations = parts["logDeviation"]?.values.map(Double.init) ?? []
    while let w = parts["w\(layers.count + 1)"] {
      let (units, inputs) = (w.shape[0], w.shape[1])
      let rows = (0..<units).map { u in (0..<inputs).map { Double(w.values[u * inputs + $0]) } }
      let biases = parts["b\(layers.count + 1)"]?.values.map(Double.init)
      layers.append((rows, biases ?? [Double](repeating: 0, count: units)))
    }
  }

  /// Outputs, and the smallest distance of a hidden unit from its kink.
  func run(_ x: [Double]) -> (outputs: [Double], margin: Double) {
    var (values, margin) = (x, Double.infinity)
    for (l, layer) in layers.enumerated() {
      let before = values
      values = zip(layer.weights, layer.biases).map { row, bias in
        zip(row, before).reduce(bias) { $0 + $1.0 * $1.1 }
      }
      if l < layers.count - 1 {
        if activation == .relu { margin = min(margin, values.map(abs).min() ?? .infinity) }
        values = values.map { activation == .relu ? max(0, $0) : tanh($0) }
      }
    }
    return (values + deviations, margin)
  }

  func outputs(_ x: [Double]) -> [Double] { run(x).outputs }

  /// Adds `step` to number `index` of the tensor `name`, row by row.
  mutating func add(_ step: Double, to name: String, _ index: Int) {
    if name == "logDeviation" {
      deviations[index] += step
      return
    }
    guard let layer = name.last?.wholeNumberValue.map({ $0 - 1 }) else { return }
    if name.first == "w" {
      let inputs = layers[layer].weights[0].count
      layers[layer].weights[index / inputs][index % inputs] += step
    } else {
      layers[layer].biases[index] += step
    }
  }

  /// θ + step · direction.
  func moved(_ step: Double, along direction: NaiveNetwork) -> NaiveNetwork {
    var result = self
    for l in layers.indices {
      for u in layers[l].biases.indices {
        result.layers[l].biases[u] += step * direction.layers[l].biases[u]
        for d in layers[l].weights[u].indices {
          result.layers[l].weights[u][d] += step * direction.layers[l].weights[u][d]
        }
      }
    }
    for i in deviations.indices { result.deviations[i] += step * direction.deviations[i] }
    return result
  }
}

/// A small network and observations of its form, away from every kink.
struct NetworkCase: CustomTestStringConvertible {
  var entries: ObservationForm.Entries
  var hidden: [Int]
  /// Those computed.
  var outputs: Int
  var bias: Bool
  var activation = Activation.relu
  /// Outputs that are parameters.
  var deviations = 0

  var outputCount: Int { outputs + deviations }

  var testDescription: String {
    "\(entries.rawValue) → \(hidden) → \(outputs)\(bias ? ", biases" : "")"
      + (activation == .tanh ? ", tanh" : "") + (deviations > 0 ? ", deviations" : "")
  }

  static let all: [NetworkCase] = [ObservationForm.Entries.signs, .numbers].flatMap { entries in
    [[], [10], [9, 6], [8, 17, 5]].flatMap { hidden in
      [1, 4].flatMap { outputs in
        [false, true].map {
          NetworkCase(entries: entries, hidden: hidden, outputs: outputs, bias: $0)
        }
      }
    }
      + [[], [10], [9, 6]].flatMap { hidden in
        [1, 3].flatMap { outputs in
          [0, outputs].map {
            NetworkCase(
              entries: entries, hidden: hidden, outputs: outputs, bias: outputs == 3,
              activation: hidden == [] ? .relu : .tanh, deviations: $0)
          }
        }
      }
  }

  /// Weights from the post's draw, biases uniform in ±½.
  func network(seed: UInt64, kernels: LaneKernels = LaneWidth.widest.kernels) -> Network {
    let network = Network(
      form: ObservationForm(entries, width: 12), hidden: hidden,
      outputs: ModelOutputs(count: outputs, deviations: deviations), hasBias: bias,
      activation: activation, kernels: kernels)
    network.initialize(.post, streams: RandomStreams(root: 0, seed: seed))
    var draws = Xoshiro256(seed: seed + 1000)
    let parts = network.tensors(of: network.parameters, prefix: "").map { part in
      part.name.first == "w"
        ? part
        : Tensor(
          name: part.name, shape: part.shape,
          values: part.values.map { _ in Float(draws.nextUnit() - 0.5) })
    }
    _ = network.load(
      { name in parts.first { $0.name == name } }, prefix: "", into: network.parameters)
    return network
  }

  /// A batch of `count` observations, each at least `margin` from every kink, and its dense rows.
  func batch(
    _ count: Int, for network: Network, seed: UInt64, margin: Double = 2e-4
  ) -> (ObservationBatch, [[Double]]) {
    var draws = Xoshiro256(seed: seed + 2000)
    let batch = ObservationBatch(form: network.form)
    let naive = NaiveNetwork(network, nil, activation)
    var rows: [[Double]] = []
    while rows.count < count {
      let x: [Float] = (0..<12).map { _ in
        entries == .signs ? Float(draws.next(below: 3)) - 1 : Float(draws.nextUnit() * 2 - 1)
      }
      guard naive.run(x.map(Double.init)).margin > margin else { continue }
      batch.append(dense: x)
      rows.append(x.map(Double.init))
    }
    return (batch, rows)
  }
}

extension ObservationBatch {
  /// Appends a row given with all its zeros.
  func append(dense x: [Float]) {
    switch form.entries {
    case .numbers: numbers += x
    case .signs:
      signs.append { writer in
        for (i, v) in x.enumerated() where v == 1 { writer.put(i) }
        writer.beginMinus()
        for (i, v) in x.enumerated() where v == -1 { writer.put(i) }
      }
    }
  }
}
