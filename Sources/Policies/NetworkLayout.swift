// SPDX-License-Identifier: MIT

/// Where a fully connected network's layers stand in its block of parameters, in lanes of eight.
///
/// First the first layer's biases, V₁ lanes; then each further hidden layer, a row per unit of the
/// layer before, and its biases; then a row per output and the output biases; at the end the input
/// weights, a row of V₁ lanes per input, so that the sums of patterns may stand behind them as
/// further rows, numbered alike in every network of a form. Rows are padded to whole lanes and the
/// padding stays 0, as do the biases of a network without them. Without hidden layers the input
/// weights lead to the outputs. Log deviations, where there are any, stand before the input weights.
package struct NetworkLayout: Hashable, Sendable {
  /// One stage whose weights stand input by input.
  package struct Layer: Hashable, Sendable {
    let inputs: Int
    let units: Int
    /// Lanes of a row.
    let lanes: Int
    /// Where weights `[inputs, lanes]` and biases `[lanes]` begin.
    let weights: Int
    let biases: Int
  }

  /// The hidden layers, or the only one.
  let layers: [Layer]
  let outputCount: Int
  /// Whether there are hidden layers.
  let isDeep: Bool
  /// Where the output weights `[O, lanes of the last layer]` and biases begin, where deep.
  let outputs: Int
  let outputBiases: Int
  /// Outputs that are parameters themselves, and where they begin.
  let deviationCount: Int
  let deviations: Int
  /// Lanes in all.
  let total: Int

  init(inputs: Int, hidden: [Int], outputs: ModelOutputs) {
    let outputCount = outputs.count
    guard inputs > 0 && outputCount > 0 else {
      fatalError("a network of \(inputs) inputs and \(outputCount) outputs")
    }
    let units = hidden.isEmpty ? [outputCount] : hidden
    let lanes = units.map { ($0 + 7) / 8 }
    var further: [Layer] = []
    var at = lanes[0]
    for l in 1..<units.count {
      let (below, row) = (units[l - 1], lanes[l])
      further.append(
        Layer(inputs: below, units: units[l], lanes: row, weights: at, biases: at + below * row))
      at += (below + 1) * row
    }
    self.outputCount = outputCount
    isDeep = !hidden.isEmpty
    self.outputs = at
    outputBiases = at + (hidden.isEmpty ? 0 : outputCount * lanes[lanes.count - 1])
    deviationCount = outputs.deviations
    deviations = outputBiases + (hidden.isEmpty ? 0 : (outputCount + 7) / 8)
    let used = deviations + (deviationCount + 7) / 8
    // Whole cache lines before the rows that are read most.
    let start = (used + 1) / 2 * 2
    layers =
      [Layer(inputs: inputs, units: units[0], lanes: lanes[0], weights: start, biases: 0)]
      + further
    total = start + inputs * lanes[0]
  }

  var first: Layer { layers[0] }
  var last: Layer { layers[layers.count - 1] }
}
