// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies
import Randomness
import Testing

/// A convolutional network in Double, every window of every layer written out: the judge of forward
/// passes, gradients and tangents.
struct NaiveConvolution {
  let shape: ConvolutionShape
  /// By the names that people expect, convolutions and the layers behind them.
  var tensors: [String: (shape: [Int], values: [Double])]
  let depth: Int

  init(_ network: ConvolutionalNetwork, _ block: AlignedFloats? = nil) {
    shape = network.shape
    tensors = [:]
    for part in network.tensors(of: block ?? network.parameters, prefix: "") {
      tensors[part.name] = (part.shape, part.values.map(Double.init))
    }
    depth = tensors.keys.count { $0.first == "w" }
  }

  /// Outputs, and the smallest distance of a hidden unit from its kink, those aside that see
  /// nothing at all.
  func run(_ picture: [Double]) -> (outputs: [Double], margin: Double) {
    var (x, margin) = (picture, Double.infinity)
    for n in 1...depth {
      guard let w = tensors["w\(n)"] else { return ([], 0) }
      let b = tensors["b\(n)"]?.values ?? [Double](repeating: 0, count: w.shape[0])
      let sums =
        n <= shape.layers.count
        ? convolved(x, w.values, b, shape.layers[n - 1])
        : (0..<w.shape[0]).map { u in
          (0..<w.shape[1]).reduce(b[u]) { $0 + w.values[u * w.shape[1] + $1] * x[$1] }
        }
      if n == depth { return (sums, margin) }
      margin = sums.reduce(margin) { $1 == 0 ? $0 : min($0, abs($1)) }
      x = sums.map { max(0, $0) }
    }
    return (x, margin)
  }

  func outputs(_ picture: [Double]) -> [Double] { run(picture).outputs }

  private func convolved(
    _ x: [Double], _ w: [Double], _ b: [Double], _ layer: ConvolutionShape.Layer
  ) -> [Double] {
    var out: [Double] = []
    let k = layer.kernel
    for f in 0..<layer.filters {
      for top in stride(from: 0, through: layer.height - k, by: layer.stride) {
        for left in stride(from: 0, through: layer.width - k, by: layer.stride) {
          var sum = b[f]
          for c in 0..<layer.channels {
            for i in 0..<k {
              for j in 0..<k {
                sum +=
                  w[((f * layer.channels + c) * k + i) * k + j]
                  * x[(c * layer.height + top + i) * layer.width + left + j]
              }
            }
          }
          out.append(sum)
        }
      }
    }
    return out
  }

  /// Adds `step` to number `index` of the tensor `name`.
  mutating func add(_ step: Double, to name: String, _ index: Int) {
    tensors[name]?.values[index] += step
  }

  /// θ + step · direction.
  func moved(_ step: Double, along direction: NaiveConvolution) -> NaiveConvolution {
    var result = self
    for (name, part) in direction.tensors {
      for (i, x) in part.values.enumerated() { result.add(step * x, to: name, i) }
    }
    return result
  }
}

/// A small convolutional network and pictures for it, away from every kink.
struct ConvolutionCase: CustomTestStringConvertible {
  var entries = ObservationForm.Entries.signs
  var size = (channels: 1, height: 9, width: 11)
  var filters: [Int]
  var kernels: [Int]
  var strides: [Int]
  var hidden: [Int]
  var outputs = 1
  var bias: Bool

  var testDescription: String {
    "\(size.channels)×\(size.height)×\(size.width) \(entries.rawValue) → \(filters) by \(kernels)"
      + " every \(strides) → \(hidden) → \(outputs)\(bias ? ", biases" : "")"
  }

  static let all: [ConvolutionCase] = [false, true].flatMap { bias in
    [
      ConvolutionCase(filters: [5], kernels: [3], strides: [1], hidden: [], bias: bias),
      // Rows and columns that no window covers, gaps between windows, and two channels.
      ConvolutionCase(
        size: (2, 10, 12), filters: [3, 9], kernels: [4, 2], strides: [2, 1], hidden: [10],
        outputs: 4, bias: bias),
      ConvolutionCase(
        size: (1, 11, 12), filters: [4, 6], kernels: [2, 2], strides: [3, 1], hidden: [],
        outputs: 3,
        bias: bias),
      ConvolutionCase(
        size: (1, 12, 12), filters: [3, 4, 5], kernels: [4, 3, 2], strides: [1, 2, 1],
        hidden: [9, 6], bias: bias),
      // Lanes of filters and units that fill registers, and some that are left over.
      ConvolutionCase(
        size: (1, 7, 7), filters: [18, 35], kernels: [3, 3], strides: [2, 1], hidden: [68],
        bias: bias),
      ConvolutionCase(
        entries: .numbers, size: (3, 8, 6), filters: [7, 6], kernels: [3, 2], strides: [1, 2],
        hidden: [5], outputs: 4, bias: bias),
    ]
  }

  /// Weights of twice the post's draw, biases uniform in ±½.
  func network(
    seed: UInt64, kernels width: LaneKernels = LaneWidth.widest.kernels,
    tableBytes: Int = 1 << 20
  ) throws -> ConvolutionalNetwork {
    let network = try ConvolutionalNetwork(
      form: ObservationForm(
        entries, channels: size.channels, height: size.height, width: size.width),
      filters: filters, kernels: kernels, strides: strides, hidden: hidden,
      outputs: ModelOutputs(count: outputs),
      hasBias: bias, kernels: width, tableBytes: tableBytes)
    network.initialize(.post, streams: RandomStreams(root: 0, seed: seed))
    var draws = Xoshiro256(seed: seed + 1000)
    let parts = network.tensors(of: network.parameters, prefix: "").map { part in
      Tensor(
        name: part.name, shape: part.shape,
        values: part.values.map {
          part.name.first == "w" ? 2 * $0 : Float(draws.nextUnit() - 0.5)
        })
    }
    _ = network.load(
      { name in parts.first { $0.name == name } }, prefix: "", into: network.parameters)
    return network
  }

  /// A batch of `count` pictures, the first of them empty and the second full, and its dense rows;
  /// all others have few entries. Each is at least `margin` from every kink.
  func batch(
    _ count: Int, for network: ConvolutionalNetwork, seed: UInt64, margin: Double = 1e-4
  ) -> (ObservationBatch, [[Double]]) {
    var draws = Xoshiro256(seed: seed + 2000)
    let batch = ObservationBatch(form: network.form)
    let naive = NaiveConvolution(network)
    var rows: [[Double]] = []
    while rows.count < count {
      let density: Double = rows.isEmpty ? 0 : rows.count == 1 ? 0.9 : 0.06
      let x: [Float] = (0..<network.form.count).map { _ in
        guard draws.nextUnit() < density else { return 0 }
        return entries == .signs
          ? (draws.next(below: 2) == 0 ? -1 : 1) : Float(draws.nextUnit() * 2 - 1)
      }
      guard naive.run(x.map(Double.init)).margin > margin else { continue }
      batch.append(dense: x)
      rows.append(x.map(Double.init))
    }
    return (batch, rows)
  }
}
